/** A stretch of time in which nothing happens and that is drawn shorter than it is. */
export interface TimeBreak {
  readonly x: number;
  readonly lengthNs: number;
}

/** Where moments of a run stand on the timeline, in pixels from its left edge. */
export interface TimeScale {
  readonly width: number;
  readonly breaks: readonly TimeBreak[];
  /** Moments to write on the axis, far enough from each other. */
  readonly ticks: readonly { readonly x: number; readonly timeNs: number }[];
  /** A moment between two events of the scale stands between them. */
  at(timeNs: number): number;
}

const GAP_USUAL = 30;
const GAP_MIN = 14;
const GAP_MAX = 90;
const GAP_BREAK = 64;
const TICK_DISTANCE = 84;
const STRETCH_MAX = 5;

/**
 * Spreads the moments of events: gaps keep their order of size between bounds, so that busy stretches
 * can be read; longer ones are cut and reported as breaks. At least `widthMin` pixels wide where the
 * events allow it.
 */
export function timeScale(timesNs: readonly number[], widthMin: number): TimeScale {
  const times = [...new Set(timesNs)].sort((a, b) => a - b);
  const gaps = times.slice(1).map((time, at) => time - (times[at] ?? 0));
  const usual = median(gaps);
  const drawn = gaps.map((gap) => drawnGap(gap, usual));
  const natural = drawn.reduce((sum, { width }) => sum + width, 0);
  const stretch = Math.max(1, Math.min(STRETCH_MAX, natural === 0 ? 1 : widthMin / natural));
  const xs = [0];
  for (const { width } of drawn) xs.push((xs.at(-1) ?? 0) + width * stretch);
  const breaks = drawn.flatMap(({ cut }, at) => {
    const middle = ((xs[at] ?? 0) + (xs[at + 1] ?? 0)) / 2;
    return cut ? [{ x: middle, lengthNs: gaps[at] ?? 0 }] : [];
  });
  return {
    width: xs.at(-1) ?? 0,
    breaks,
    ticks: spacedTicks(times, xs, breaks),
    at: (timeNs) => interpolate(times, xs, timeNs),
  };
}

function drawnGap(gap: number, usual: number): { width: number; cut: boolean } {
  const wanted = (GAP_USUAL * gap) / usual;
  if (wanted > GAP_MAX * 2) return { width: GAP_BREAK, cut: true };
  return { width: Math.min(GAP_MAX, Math.max(GAP_MIN, wanted)), cut: false };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 1;
}

function spacedTicks(
  times: readonly number[],
  xs: readonly number[],
  breaks: readonly TimeBreak[],
): { x: number; timeNs: number }[] {
  const ticks: { x: number; timeNs: number }[] = [];
  for (const [at, timeNs] of times.entries()) {
    const x = xs[at] ?? 0;
    const afterLast = x - (ticks.at(-1)?.x ?? Number.NEGATIVE_INFINITY) >= TICK_DISTANCE;
    // The label stands to the right of its tick.
    const free = breaks.every((gap) => gap.x < x - 30 || gap.x > x + TICK_DISTANCE + 16);
    if (afterLast && free) ticks.push({ x, timeNs });
  }
  return ticks;
}

function interpolate(times: readonly number[], xs: readonly number[], timeNs: number): number {
  let low = 0;
  let high = times.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((times[middle] ?? 0) <= timeNs) low = middle;
    else high = middle - 1;
  }
  const fromTime = times[low] ?? 0;
  const fromX = xs[low] ?? 0;
  const toTime = times[low + 1];
  const toX = xs[low + 1];
  if (toTime === undefined || toX === undefined || timeNs <= fromTime) return fromX;
  return fromX + ((timeNs - fromTime) / (toTime - fromTime)) * (toX - fromX);
}
