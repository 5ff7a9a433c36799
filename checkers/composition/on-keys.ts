import type { Checker } from "../checker.ts";
import type { History } from "../history/history.ts";
import { selectRows } from "../history/select-rows.ts";

/**
 * A checker on some keys, under a name of its own: it sees the lines of these keys, and all faults and phases. For
 * histories in which several systems are recorded together, each of which has promises of its own; an anomaly then tells
 * by the checker's name whose it is. `belongs` must be pure; lines without a key belong nowhere. Linear besides the
 * checker.
 */
export function onKeys(name: string, checker: Checker, belongs: (key: string) => boolean): Checker {
  return {
    ...checker,
    name,
    check: (history, budget) =>
      checker.check(selectRows(history, rowsOf(history, belongs), history.header), budget),
  };
}

function rowsOf(history: History, belongs: (key: string) => boolean): Int32Array {
  const isWanted = history.keys.map(belongs);
  const rows: number[] = [];
  for (let row = 0; row < history.length; row++) {
    if (isWanted[history.key[row]!] === true) rows.push(row);
  }
  return Int32Array.from(rows);
}
