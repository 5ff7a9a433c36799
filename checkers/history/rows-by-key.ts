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
 * Linear: a counting sort over the columns.
 */
export function rowsByKey(history: History, roles: Int8Array, type: number = INVOKE): RowsByKey {
  const counts = new Int32Array(history.keys.length + 2);
  for (let row = 0; row < history.length; row++) {
    if (isChosen(history, roles, type, row)) counts[history.key[row]! + 2]!++;
  }
  const keys: number[] = [];
  const starts: number[] = [];
  for (let slot = 1; slot < counts.length; slot++) {
    if (counts[slot]! > 0) {
      keys.push(slot - 2);
      starts.push(counts[slot - 1]!);
    }
    counts[slot]! += counts[slot - 1]!;
  }
  const total = counts[counts.length - 1]!;
  const rows = new Int32Array(total);
  for (let row = 0; row < history.length; row++) {
    if (isChosen(history, roles, type, row)) rows[counts[history.key[row]! + 1]!++] = row;
  }
  return { rows, keys, starts: Int32Array.from([...starts, total]) };
}

function isChosen(history: History, roles: Int8Array, type: number, row: number): boolean {
  return history.type[row] === type && roles[history.f[row]!]! >= 0;
}
