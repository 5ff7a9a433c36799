import { AnomalyList } from "../anomaly-list.ts";
import type { Checker, CheckResult } from "../checker.ts";
import { keyName, operationName } from "../history/describe-operation.ts";
import { UnreadableRecords } from "../history/final-records.ts";
import { type FunctionNames, functionRoles } from "../history/function-roles.ts";
import { FAIL, type History, INVOKE, OK } from "../history/history.ts";
import { resultOf } from "../result.ts";
import { type BudgetWatch, withinBudget } from "../within-budget.ts";
import { CounterBounds } from "./counter-bounds.ts";

/** How {@link counter} reads a history. */
export interface CounterOptions {
  /** Names of the functions; `read`, `add`, `increment` and `decrement` unless given. */
  readonly functions?: {
    readonly read?: FunctionNames;
    readonly add?: FunctionNames;
    readonly increment?: FunctionNames;
    readonly decrement?: FunctionNames;
  };
  /** What the counter shows before anything was added; 0 unless given. */
  readonly initial?: number;
  /** Anomalies reported per type; 10 unless given. */
  readonly maxAnomalies?: number;
}

const READ = 0;
const DECREMENT = 3;

/**
 * Claim: every read of a counter lies between what had certainly been added before it was sent and what
 * can have been added before it was answered.
 *
 * Reads `add` with a number, `increment` and `decrement` with a number or none (1), `read` → number.
 * Additions that failed do not count, those of unknown outcome may or may not. Decides exactly what it
 * claims, per key. Whether one order explains all reads is not asked; `linearizability` of a counter does.
 *
 * Cannot see: reads that go back within their bounds, reads between two amounts that no set of additions
 * gives. Where nobody reads, nothing can be wrong: the measure `reads` says how many reads there were.
 *
 * Linear. Source: Jepsen's counter checker, with negative amounts on either bound.
 *
 * @throws RangeError where `maxAnomalies` is not a whole number of at least 1.
 */
export function counter(options: CounterOptions = {}): Checker {
  new AnomalyList(options.maxAnomalies);
  return {
    name: "counter",
    claim: "every read of a counter lies between what was certainly added and what can have been added",
    blindSpots: [
      "reads that go back, as long as they stay within their bounds",
      "amounts within the bounds that no set of additions gives",
    ],
    check: (history, budget) => withinBudget(history, budget, (watch) => check(history, options, watch)),
  };
}

function check(history: History, options: CounterOptions, watch: BudgetWatch): CheckResult {
  const { functions = {} } = options;
  const names = [
    functions.read ?? "read",
    functions.add ?? "add",
    functions.increment ?? "increment",
    functions.decrement ?? "decrement",
  ];
  const roles = functionRoles(history, names);
  const anomalies = new AnomalyList(options.maxAnomalies);
  watch.keep(anomalies);
  const unreadable = new UnreadableRecords();
  const bounds = new CounterBounds(options.initial ?? 0);
  let reads = 0;
  let additions = 0;
  watch.begin(0, 1, history.length);
  for (let row = 0; row < history.length; row++) {
    watch.at(row);
    const role = roles[history.f[row]!]!;
    const type = history.type[row]!;
    if (role < 0 || (type !== INVOKE && type !== OK)) continue;
    const key = history.key[row]!;
    if (role !== READ) {
      const mate = history.mate[row]!;
      const amount = amountOf(history, type === INVOKE ? row : mate, role);
      if (amount === null) unreadable.add(row, "a number");
      else if (type === OK) {
        bounds.acknowledged(key, amount, row);
        additions++;
      } else if (mate < 0 || history.type[mate] !== FAIL) bounds.sent(key, amount, row);
    } else if (type === INVOKE) bounds.readSent(key, row);
    else if (typeof history.value[row] !== "number") unreadable.add(row, "a number");
    else {
      reads++;
      checkRead(history, row, bounds, anomalies);
    }
  }
  return resultOf({
    operations: reads + additions,
    reasons: unreadable.reasons(history),
    measures: [{ name: "reads", unit: "count", value: reads, worse: "low" }],
    ...anomalies.report(history),
  });
}

/** What a call adds; below zero for a decrement; null where it says no number. */
function amountOf(history: History, row: number, role: number): number | null {
  const value = history.value[row];
  const amount = value === undefined || value === null ? 1 : value;
  if (typeof amount !== "number") return null;
  return role === DECREMENT ? -amount : amount;
}

function checkRead(history: History, row: number, bounds: CounterBounds, anomalies: AnomalyList): void {
  const key = history.key[row]!;
  const shown = history.value[row] as number;
  const { lower, upper, lastAcknowledged, lastSent } = bounds.ofRead(key, history.mate[row]!);
  if (shown >= lower && shown <= upper) return;
  const isLow = shown < lower;
  const last = isLow ? lastAcknowledged : lastSent;
  const proof = () => {
    const told = isLow
      ? `what had been acknowledged before it was sent makes at least ${lower}`
      : `all that had been sent before it was answered makes ${upper} at most`;
    const until = last < 0 ? "" : ` (up to ${operationName(history, last)})`;
    return `${operationName(history, row)} shows ${shown} in ${keyName(history, key)}, but ${told}${until}`;
  };
  const rows: readonly [number, ...number[]] = last < 0 ? [row] : [row, last];
  anomalies.add({ type: isLow ? "read-too-low" : "read-too-high", key, rows, proof });
}
