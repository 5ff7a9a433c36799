import { AnomalyList } from "../anomaly-list.ts";
import type { CheckBudget } from "../check-budget.ts";
import type { Checker, CheckResult } from "../checker.ts";
import { keyName } from "../history/describe-operation.ts";
import { type FunctionNames, functionRoles } from "../history/function-roles.ts";
import { type History, OK, RECORD } from "../history/history.ts";
import type { Json } from "../history/operation.ts";
import { groupedByKey } from "../history/rows-by-key.ts";
import { resultOf } from "../result.ts";
import { firstUnplaced } from "./first-unplaced.ts";
import { type RegisterReading, registerCalls, registerRoles } from "./register-calls.ts";
import { searchRegister } from "./search-register.ts";
import { unplacedProof } from "./unplaced-proof.ts";

/** What {@link linearizability} can be told. */
export interface LinearizabilityOptions {
  /** `cas-register` unless given; `register` has no `cas`. */
  readonly model?: string;
  /** Names of the functions; `read`, `write` and `cas` unless given. */
  readonly functions?: {
    readonly read?: FunctionNames;
    readonly write?: FunctionNames;
    readonly cas?: FunctionNames;
  };
  /** What a register holds before any write; null unless given. */
  readonly initial?: Json;
  /** Does a `cas` that failed, without an error, tell that another value was there? Not unless given. */
  readonly refusedCasTells?: boolean;
  /** Anomalies reported; 10 unless given. */
  readonly maxAnomalies?: number;
}

/** Models that {@link linearizability} has. */
export const linearizabilityModels: readonly string[] = ["register", "cas-register"];

/**
 * Claim: each key is a linearizable register: every call takes effect at one moment between its invocation
 * and its return.
 *
 * Reads `read` → value, `write` of a value and `cas` of `[old, new]`; each key, and what has no key, is an
 * object of its own (linearizability is a local property: Herlihy and Wing, TOPLAS 1990). What failed did
 * not happen; what has an unknown outcome may take effect at any moment after its invocation, or never.
 * Real time is the order of the lines.
 *
 * Anomaly `not-linearizable`, one a key: the first call with which there is no order any more; all that
 * returned before it have one. Details `firstUnplaced`: key, `operation` and `placed`, the number of calls
 * that returned before. Cannot see: what a key had to do with another one; a value that two writes wrote is
 * accepted from either.
 *
 * Decides exactly, but exponential in the calls that are open at once in the worst case (the problem is
 * NP-complete: Gibbons and Korach, SIAM J. Comput. 1997), nearly linear in the length of the history: what is
 * remembered is as large as the window of open calls. Unknown where the budget ends first. Where a key is
 * not linearizable, the search is repeated on logarithmically many prefixes. Sources: Wing and Gong, "Testing
 * and verifying concurrent objects", JPDC 1993; Lowe, "Testing for linearizability", CCPE 2017.
 *
 * @throws RangeError where the model is not known or `maxAnomalies` is not a whole number of at least 1.
 */
export function linearizability(options: LinearizabilityOptions = {}): Checker {
  const { model = "cas-register" } = options;
  if (!linearizabilityModels.includes(model)) {
    throw new RangeError(
      `checker linearizability has no model "${model}"; it has: ${linearizabilityModels.join(", ")}`,
    );
  }
  // Bad options are refused here, not in the midst of a run.
  new AnomalyList(options.maxAnomalies);
  return {
    name: "linearizability",
    claim:
      "each key is a register of which every call takes effect at one moment between invocation and return",
    blindSpots: [
      "whether several keys fit together: each is judged by itself",
      "which of two writes of the same value a read saw",
    ],
    check: (history, budget) => check(history, options, budget),
  };
}

function check(
  history: History,
  options: LinearizabilityOptions,
  budget: CheckBudget | undefined,
): CheckResult {
  const { functions = {} } = options;
  const names = [functions.read ?? "read", functions.write ?? "write", functions.cas ?? "cas"];
  const roles = functionRoles(history, names);
  const { rows, keys, starts } = groupedByKey(history, callRows(history, roles));
  const anomalies = new AnomalyList(options.maxAnomalies);
  const reasons: string[] = [];
  const unplaced: { key: string | null; operation: number; placed: number }[] = [];
  const reading: RegisterReading = {
    initial: options.initial ?? null,
    refusedCasTells: options.refusedCasTells === true,
  };
  const numbers = new Int32Array(history.length);
  let operations = 0;
  for (let at = 0; at < keys.length; at++) {
    const own = rows.subarray(starts[at], starts[at + 1]);
    const problem = unfit(history, own, roles, options.model);
    const calls = registerCalls(history, own, roles, numbers, reading);
    if (problem !== null || "malformed" in calls) {
      reasons.push(problem ?? malformedText(history, "malformed" in calls ? calls.malformed : 0));
      continue;
    }
    const outcome = searchRegister(calls, budget);
    operations += answered(history, own);
    const key = keys[at]!;
    if (outcome.kind === "stopped") {
      const how = `${outcome.placed} of ${outcome.returning} calls were placed`;
      reasons.push(`${key < 0 ? "" : `${keyName(history, key)}: `}stopped: ${outcome.reason}; ${how}`);
    } else if (outcome.kind === "stuck") {
      const from = history.mate[calls.row[outcome.call]!]!;
      const found = firstUnplaced({ history, rows: own, roles, numbers, reading, from, budget });
      const row = history.mate[found.row]!;
      const name = key < 0 ? null : history.keys[key]!;
      unplaced.push({ key: name, operation: history.index[row]!, placed: found.placed });
      const proof = (): string => unplacedProof(history, own, roles, reading.initial, found);
      anomalies.add({ type: "not-linearizable", key, rows: [row], proof });
    }
  }
  const details = { firstUnplaced: unplaced };
  return resultOf({ operations, reasons, details, ...anomalies.report(history) });
}

/** The rows of all calls and their ends. */
function callRows(history: History, roles: Int8Array): Int32Array {
  const chosen = new Int32Array(history.length);
  let count = 0;
  for (let row = 0; row < history.length; row++) {
    if (history.type[row] !== RECORD && roles[history.f[row]!]! >= 0) chosen[count++] = row;
  }
  return chosen.subarray(0, count);
}

/** Why the model does not fit, or null. */
function unfit(
  history: History,
  rows: Int32Array,
  roles: Int8Array,
  model: string | undefined,
): string | null {
  if (model !== "register") return null;
  const row = rows.find((at) => roles[history.f[at]!] === registerRoles.cas);
  if (row === undefined) return null;
  return `operation ${history.index[row]} is a cas, which the model register does not have`;
}

function malformedText(history: History, row: number): string {
  return `operation ${history.index[row]} cannot be read: the value of a cas is a pair of the old and the new value`;
}

function answered(history: History, rows: Int32Array): number {
  let count = 0;
  for (let at = 0; at < rows.length; at++) if (history.type[rows[at]!] === OK) count++;
  return count;
}
