import { type History, INVOKE } from "./history.ts";

/** The invocations (or other rows) of each key in history order, without copying them apart: key `k` owns a slice. */
export interface RowsByKey {
  /** The chosen rows, key by key. */
  readonly rows: Int32Array;
  /** Keys in the order of their number, −1 (no key) first; only those that own a row. */
  readonly keys: readonly number[];
  /** `rows` of `keys[i]` are those from `starts[i]` up to `starts[i + 1]`. */
  readonly starts: Int32Array;
}

/**
 * Groups by key the rows of a type, invocations unless another is given, whose function has a role.
 * Linear.
 */
export function rowsByKey(history: History, roles: Int8Array, type: number = INVOKE): RowsByKey {
  const { length, f } = history;
  const chosen = new Int32Array(length);
  let count = 0;
  for (let row = 0; row < length; row++) {
    if (history.type[row] === type && roles[f[row]!]! >= 0) chosen[count++] = row;
  }
  return groupedByKey(history, chosen.subarray(0, count));
}

/** Groups rows, which rise, by key. Linear: a counting sort. */
export function groupedByKey({ key, keys: names }: History, chosen: Int32Array): RowsByKey {
  const counts = new Int32Array(names.length + 2);
  for (let at = 0; at < chosen.length; at++) counts[key[chosen[at]!]! + 2]!++;
  const keys: number[] = [];
  const starts: number[] = [];
  for (let slot = 1; slot < counts.length; slot++) {
    if (counts[slot]! > 0) {
      keys.push(slot - 2);
      starts.push(counts[slot - 1]!);
    }
    counts[slot]! += counts[slot - 1]!;
  }
  starts.push(chosen.length);
  const rows = new Int32Array(chosen.length);
  for (let at = 0; at < chosen.length; at++) {
    const row = chosen[at]!;
    rows[counts[key[row]! + 1]!++] = row;
  }
  return { rows, keys, starts: Int32Array.from(starts) };
}
