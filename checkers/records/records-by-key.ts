import { type FunctionNames, functionRoles } from "../history/function-roles.ts";
import { type History, RECORD } from "../history/history.ts";
import { groupedByKey, type RowsByKey } from "../history/rows-by-key.ts";

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

/** Groups the records of one kind by key, each in history order. Linear. */
export function recordsByKey(history: History, kind: FunctionNames, when: RecordTime): RowsByKey {
  const roles = functionRoles(history, [kind]);
  const chosen = new Int32Array(history.length);
  let count = 0;
  for (let row = 0; row < history.length; row++) {
    const f = history.f[row]!;
    if (roles[f] === 0 && isRecord(history, row, f, when)) chosen[count++] = row;
  }
  return groupedByKey(history, chosen.subarray(0, count));
}
