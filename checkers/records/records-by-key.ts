import { type FunctionNames, functionRoles } from "../history/function-roles.ts";
import { type History, RECORD } from "../history/history.ts";
import type { RowsByKey } from "../history/rows-by-key.ts";

/** Was a record taken from the stores at the very end, or written while the system ran? */
export type RecordTime = "final" | "live";

/** Does a row hold a record of the kind with the number `f`? */
export function isRecord(history: History, row: number, f: number, when: RecordTime): boolean {
  return (
    history.f[row] === f && history.type[row] === RECORD && history.final[row] === (when === "final" ? 1 : 0)
  );
}

/** The number of a function or of a kind of record in a history; −1, which no row has, where it has none. */
export function functionNumber(history: History, name: string): number {
  return history.functions.indexOf(name);
}

/** Groups the records of one kind by key, each in history order. Linear: a counting sort over the columns. */
export function recordsByKey(history: History, kind: FunctionNames, when: RecordTime): RowsByKey {
  const roles = functionRoles(history, [kind]);
  const isChosen = (row: number): boolean => {
    const f = history.f[row]!;
    return roles[f] === 0 && isRecord(history, row, f, when);
  };
  const counts = new Int32Array(history.keys.length + 2);
  for (let row = 0; row < history.length; row++) {
    if (isChosen(row)) counts[history.key[row]! + 2]!++;
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
    if (isChosen(row)) rows[counts[history.key[row]! + 1]!++] = row;
  }
  return { rows, keys, starts: Int32Array.from([...starts, total]) };
}
