const NS_PER_MS = 1e6;

/** `1234567` as `1,234,567`, whatever the machine's language. */
export function countText(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}

/** `1 seed`, `12 seeds`, `2 entries`. */
export function plural(count: number, one: string, many: string = `${one}s`): string {
  return `${countText(count)} ${count === 1 ? one : many}`;
}

/** A length of time: `0.42 ms`, `85 ms`, `12.4 s`, `3 min 20 s`, `2 h 5 min`. */
export function durationText(ms: number): string {
  if (ms < 10) return `${trimZeros(ms.toFixed(2))} ms`;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A moment of a run, from nanoseconds since its start: `3.400 ms`, `12.345 s`. */
export function momentText(timeNs: number): string {
  const ms = timeNs / NS_PER_MS;
  return ms < 10_000 ? `${ms.toFixed(2)} ms` : `${(ms / 1000).toFixed(3)} s`;
}

/** How many a second: `812`, `12.5`, `0.4`. `-` where no time was measured. */
export function rateText(count: number, elapsedMs: number): string {
  if (elapsedMs <= 0 || count === 0) return "-";
  const rate = (count * 1000) / elapsedMs;
  return rate >= 100 ? countText(Math.round(rate)) : rate.toFixed(1);
}

function trimZeros(text: string): string {
  return text.replace(/\.?0+$/, "");
}
