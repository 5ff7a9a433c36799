import type { History } from "../history/history.ts";

/** A stretch of the history in which a fault was active. Rows lie in it from `start` up to, not including, `end`. */
export interface FaultWindow {
  readonly id: number;
  /** Name of the fault. */
  readonly fault: string;
  /** What was hit, in words. */
  readonly target: string;
  readonly start: number;
  end: number;
  /** Nanoseconds at which it was healed; null where the history does not see that. */
  healed: number | null;
}

/** One window for each injection, in the order of injection. n log n. */
export function faultWindows(history: History): FaultWindow[] {
  const windows: FaultWindow[] = [];
  const open = new Map<number, FaultWindow>();
  for (const event of history.faults) {
    const row = firstRowAfter(history.index, event.index);
    if (event.event === "inject") {
      const { id, fault, target } = event;
      const window: FaultWindow = { id, fault, target, start: row, end: history.length, healed: null };
      windows.push(window);
      open.set(id, window);
    } else {
      const window = open.get(event.id);
      if (window === undefined) continue;
      window.end = row;
      window.healed = event.time;
      open.delete(event.id);
    }
  }
  return windows;
}

/** For each row the number of the stretch without faults that it lies in, −1 where a fault is active. Linear. */
export function quietStretches(length: number, windows: readonly FaultWindow[]): Int32Array {
  const changes = new Int32Array(length + 1);
  for (const { start, end } of windows) {
    changes[start]! += 1;
    changes[end]! -= 1;
  }
  // Where one fault ends and another begins at once there is a stretch of no rows between them.
  const borders = new Uint8Array(length + 1);
  for (const { start, end } of windows) {
    borders[start] = 1;
    borders[end] = 1;
  }
  const stretches = new Int32Array(length);
  let active = 0;
  let stretch = 0;
  for (let row = 0; row < length; row++) {
    active += changes[row]!;
    stretch += borders[row]!;
    stretches[row] = active > 0 ? -1 : stretch;
  }
  return stretches;
}

/** For each row the time of the last heal before it, in nanoseconds; without end far away where there is none. Linear. */
export function lastHeals(length: number, windows: readonly FaultWindow[]): Float64Array {
  const heals = new Float64Array(length + 1).fill(Number.NEGATIVE_INFINITY);
  for (const { end, healed } of windows) {
    if (healed !== null) heals[end] = Math.max(heals[end]!, healed);
  }
  for (let row = 1; row <= length; row++) heals[row] = Math.max(heals[row]!, heals[row - 1]!);
  return heals;
}

function firstRowAfter(index: Float64Array, event: number): number {
  let low = 0;
  let high = index.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (index[middle]! < event) low = middle + 1;
    else high = middle;
  }
  return low;
}
