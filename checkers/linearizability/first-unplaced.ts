import type { CheckBudget } from "../check-budget.ts";
import { type History, OK } from "../history/history.ts";
import { type RegisterReading, registerCalls } from "./register-calls.ts";
import { searchRegister } from "./search-register.ts";

/** What {@link firstUnplaced} looks at: the calls on one register, for which there is no order. */
export interface UnplacedSearch {
  readonly history: History;
  /** Invocations and their ends, in history order. */
  readonly rows: Int32Array;
  readonly roles: Int8Array;
  /** Room for a number per row of the history. */
  readonly numbers: Int32Array;
  readonly reading: RegisterReading;
  /** Row of a return before which there certainly is an order. */
  readonly from: number;
  readonly budget: CheckBudget | undefined;
}

/** Where the longest prefix ends for which there is an order. */
export interface Unplaced {
  /** Row of the first return with which there is none. */
  readonly row: number;
  /** Calls that returned before it. */
  readonly placed: number;
  /** Was the prefix found exactly? Else there may be a shorter one without an order. */
  readonly isExact: boolean;
}

/**
 * The first return with which there is no order, if nothing of what comes after it is known. A search
 * that looks ahead gets stuck earlier, on what only a later call shows to be wrong. Repeats the search on
 * logarithmically many prefixes: what has an order has one for each of its prefixes.
 */
export function firstUnplaced(search: UnplacedSearch): Unplaced {
  const { history, rows, from } = search;
  const returns = rows.filter((row) => history.type[row] === OK);
  let low = Math.max(0, returns.indexOf(from));
  let high = returns.length - 1;
  let isExact = true;
  while (low < high && isExact) {
    const middle = (low + high) >> 1;
    const kind = searchPrefix(search, returns[middle]!);
    if (kind === "stuck") high = middle;
    else if (kind === "linearizable") low = middle + 1;
    else isExact = false;
  }
  return { row: returns[high]!, placed: high, isExact };
}

function searchPrefix(search: UnplacedSearch, until: number): string {
  const { history, rows, roles, numbers, reading, budget } = search;
  let length = 0;
  while (length < rows.length && rows[length]! <= until) length++;
  const calls = registerCalls(history, rows.subarray(0, length), roles, numbers, { ...reading, until });
  return "malformed" in calls ? "stopped" : searchRegister(calls, budget).kind;
}
