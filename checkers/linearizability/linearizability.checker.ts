import { AnomalyList } from "../anomaly-list.ts";
import type { CheckBudget } from "../check-budget.ts";
import type { Checker, CheckResult } from "../checker.ts";
import { keyName } from "../history/describe-operation.ts";
import { functionRoles } from "../history/function-roles.ts";
import { type History, OK, RECORD } from "../history/history.ts";
import { groupedByKey, type RowsByKey } from "../history/rows-by-key.ts";
import { resultOf } from "../result.ts";
import { chooseJudge } from "./choose-judge.ts";
import type { LinearizabilityOptions } from "./linearizability-options.ts";
import type { ObjectJudge } from "./object-judge.ts";
import { orderText, orderTold } from "./order-words.ts";
import { stateText } from "./state-text.ts";

/**
 * Claim: each object is linearizable: every call takes effect at one moment between its invocation and its
 * return, so that all together do what the model says.
 *
 * Models: `register` (`read`, `write`), `cas-register` (and `cas` of `[old, new]`), `kv` (`get`, `put`, `append`
 * of texts), `counter`, `set`, `queue`, `mutex`, `versioned-entity`, `bank`, and any {@link LinearizabilityModel}.
 * Each key, and what has no key, is an object of its own (linearizability is a local property: Herlihy and
 * Wing, TOPLAS 1990) but for `bank`. What failed did not happen; what has an unknown outcome may take effect
 * at any moment after its invocation, or never. Real time is the order of the lines.
 *
 * Anomaly `not-linearizable`, one an object: the first call with which there is no order any more; all that
 * returned before it have one. Details `firstUnplaced`: key, `operation` and `placed`, the number of calls
 * that returned before; of what is reported also `prefix`, one order of these: its last `operations`, how many came
 * `before`, and the `state` after it, unless none was found soon. Cannot see: what a key had to do with another one; of two calls that do the same,
 * which of them it was.
 *
 * Decides exactly, but exponential in the calls that are open at once in the worst case (the problem is
 * NP-complete: Gibbons and Korach, SIAM J. Comput. 1997), nearly linear in the length of the history: what is
 * remembered of a moment is as large as the window of open calls. Unknown where the budget ends first. Where
 * an object is not linearizable, the search is repeated on logarithmically many prefixes. Sources: Wing and
 * Gong, "Testing and verifying concurrent objects", JPDC 1993; Lowe, "Testing for linearizability", CCPE 2017.
 *
 * @throws RangeError where the model, or a function of it, is not known, or `maxAnomalies` is not a whole
 * number of at least 1.
 */
export function linearizability(options: LinearizabilityOptions = {}): Checker {
  // Bad options are refused here, not in the midst of a run.
  const { judge, name } = chooseJudge(options);
  new AnomalyList(options.maxAnomalies);
  const together = "whether several keys fit together: each is judged by itself";
  return {
    name: "linearizability",
    claim: `each object is a ${name} of which every call takes effect at one moment between invocation and return`,
    blindSpots: [
      ...(judge.isKeyed ? [together] : []),
      "which of two calls that do the same, such as two writes of one value, it was",
    ],
    check: (history, budget) => check(history, judge, options.maxAnomalies, budget),
  };
}

/** An entry of the details. */
interface FirstUnplaced {
  readonly key: string | null;
  readonly operation: number;
  readonly placed: number;
  /** An order of what came before: its last calls, how many came before these, and the state after it. */
  prefix?: { readonly before: number; readonly operations: readonly number[]; readonly state: string };
}

/** Rows that are judged between two questions. */
const rowsBetween = 1 << 16;

function check(
  history: History,
  judge: ObjectJudge,
  maxAnomalies: number | undefined,
  budget: CheckBudget | undefined,
): CheckResult {
  const roles = functionRoles(history, judge.names);
  const { rows, keys, starts } = objects(history, callRows(history, roles), judge.isKeyed);
  const anomalies = new AnomalyList(maxAnomalies);
  const reasons: string[] = [];
  const unplaced: FirstUnplaced[] = [];
  const numbers = new Int32Array(history.length);
  let operations = 0;
  let asking = rowsBetween;
  for (let at = 0; at < keys.length; at++) {
    // Objects that are judged without a search ask nothing themselves.
    if (starts[at]! >= asking) {
      asking = starts[at]! + rowsBetween;
      const over = budget?.exceeded(0, starts[at]! / rows.length) ?? null;
      if (over !== null) reasons.push(`stopped: ${over}; ${at} of ${keys.length} objects were judged`);
      if (over !== null) break;
    }
    const own = rows.subarray(starts[at], starts[at + 1]);
    const verdict = judge.judge({ history, rows: own, roles, numbers }, budget);
    if (verdict.kind === "unreadable") {
      reasons.push(verdict.reason);
      continue;
    }
    operations += answered(history, own);
    const key = keys[at]!;
    if (verdict.kind === "stopped") {
      reasons.push(`${key < 0 ? "" : `${keyName(history, key)}: `}${verdict.reason}`);
    } else if (verdict.kind === "unplaced") {
      const row = history.mate[verdict.found.row]!;
      const name = key < 0 ? null : history.keys[key]!;
      const { found, proof, order } = verdict;
      const own: FirstUnplaced = { key: name, operation: history.index[row]!, placed: found.placed };
      unplaced.push(own);
      // Orders are looked for only where something is reported.
      const told = (): string => {
        const before = order();
        if (before === null) return proof();
        own.prefix = {
          before: Math.max(0, before.rows.length - orderTold),
          operations: before.rows.slice(-orderTold).map((at) => history.index[at]!),
          state: stateText(before.state),
        };
        return `${proof()}${orderText(history, before, found)}`;
      };
      anomalies.add({ type: "not-linearizable", key, rows: [row], proof: told });
    }
  }
  const report = anomalies.report(history);
  const details = { firstUnplaced: unplaced.map((one) => ({ ...one })) };
  return resultOf({ operations, reasons, details, ...report });
}

/** The calls of each object; all together are one where keys are not objects. */
function objects(history: History, rows: Int32Array, isKeyed: boolean): RowsByKey {
  if (isKeyed) return groupedByKey(history, rows);
  return { rows, keys: rows.length === 0 ? [] : [-1], starts: Int32Array.of(0, rows.length) };
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

function answered(history: History, rows: Int32Array): number {
  let count = 0;
  for (let at = 0; at < rows.length; at++) if (history.type[rows[at]!] === OK) count++;
  return count;
}
