/**
 * A duration for a sentence, in milliseconds with one decimal at most: `20037.4 ms`. Rounded up, so that what exceeds a
 * limit never reads as if it were equal to it.
 */
export function durationText(ms: number): string {
  return `${Math.ceil(Math.round(ms * 1e6) / 1e5) / 10} ms`;
}
