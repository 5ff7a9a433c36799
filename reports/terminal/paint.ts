import type { Tone } from "../wording/judgement-words.ts";

/** Colours of a terminal. Without colour each returns its text as it is. */
export interface Paint {
  bold(text: string): string;
  dim(text: string): string;
  accent(text: string): string;
  tone(tone: Tone, text: string): string;
}

const ESCAPE = "\u001b[";

/** The colours, or none. Only the sixteen that every terminal theme adjusts to its background. */
export function paintFor(colour: boolean): Paint {
  const sgr =
    (on: number, off: number) =>
    (text: string): string =>
      colour && text !== "" ? `${ESCAPE}${on}m${text}${ESCAPE}${off}m` : text;
  const tones = { good: sgr(32, 39), bad: sgr(31, 39), open: sgr(33, 39) };
  return {
    bold: sgr(1, 22),
    dim: sgr(2, 22),
    accent: sgr(36, 39),
    tone: (tone, text) => tones[tone](text),
  };
}

/** The sign that goes with a tone, so that nothing depends on colour. */
export function toneSign(tone: Tone): string {
  return { good: "✓", bad: "✗", open: "?" }[tone];
}
