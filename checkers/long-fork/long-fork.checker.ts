import { AnomalyList } from "../anomaly-list.ts";
import type { Checker, CheckResult } from "../checker.ts";
import { operationName } from "../history/describe-operation.ts";
import { clippedText } from "../history/excerpt.ts";
import { type FunctionNames, functionRoles } from "../history/function-roles.ts";
import type { History } from "../history/history.ts";
import type { Json } from "../history/operation.ts";
import { resultOf } from "../result.ts";
import { type BudgetWatch, withinBudget } from "../within-budget.ts";
import { type Fork, findForks } from "./fork-search.ts";
import { keyText, snapshotReads } from "./snapshot-reads.ts";

/** How {@link longFork} reads a history. */
export interface LongForkOptions {
  /** Names of the functions; `txn`, `read` and `write` unless given. */
  readonly functions?: {
    readonly txn?: FunctionNames;
    readonly read?: FunctionNames;
    readonly write?: FunctionNames;
  };
  /** Anomalies reported per type; 10 unless given. */
  readonly maxAnomalies?: number;
}

/**
 * Claim: no two transactions see two writes in contrary orders, one the first without the second, the other
 * the second without the first.
 *
 * Reads `txn`, `read` and `write` whose value is a list of `["r", key, value]` and `["w", key, value]`.
 * Decides exactly what it claims for keys that are written once; null is the state before.
 *
 * Cannot see: keys with more than one value (then the verdict is unknown unless a fork is found elsewhere),
 * contradictions that need three transactions or more.
 *
 * n log n in what is read, see {@link findForks}. Source: Jepsen's long-fork test; Sovran et al.,
 * "Transactional storage for geo-replicated systems", SOSP 2011, for the anomaly.
 *
 * @throws RangeError where `maxAnomalies` is not a whole number of at least 1.
 */
export function longFork(options: LongForkOptions = {}): Checker {
  new AnomalyList(options.maxAnomalies);
  return {
    name: "long-fork",
    claim: "no two transactions see two writes in contrary orders",
    blindSpots: [
      "keys that are written more than once",
      "contradictions that only three transactions together show",
    ],
    check: (history, budget) => withinBudget(history, budget, (watch) => check(history, options, watch)),
  };
}

function check(
  history: History,
  { functions = {}, maxAnomalies }: LongForkOptions,
  watch: BudgetWatch,
): CheckResult {
  const names = [functions.txn ?? "txn", functions.read ?? "read", functions.write ?? "write"];
  const anomalies = new AnomalyList(maxAnomalies);
  watch.keep(anomalies);
  watch.begin(0, 0.5, history.length);
  const { reads, keyNames, ambiguous } = snapshotReads(history, functionRoles(history, names), watch);
  watch.begin(0.5, 1, reads.length);
  findForks(reads, (fork) => addFork(history, fork, keyNames, anomalies), watch);
  const reasons = ambiguous === 0 ? [] : [`${ambiguous} keys have several values, whose order is not known`];
  return resultOf({ operations: reads.length, reasons, ...anomalies.report(history) });
}

function addFork(history: History, fork: Fork, keyNames: readonly Json[], anomalies: AnomalyList): void {
  const { first, second, x, y } = fork;
  const proof = () =>
    `${operationName(history, first.row)} saw the write to ${clippedText(keyText(keyNames[x]!))} but not the one to ${clippedText(keyText(keyNames[y]!))}, ` +
    `${operationName(history, second.row)} saw the write to ${clippedText(keyText(keyNames[y]!))} but not the one to ${clippedText(keyText(keyNames[x]!))}: ` +
    "no order of the two writes explains both";
  anomalies.add({ type: "long-fork", key: -1, rows: [first.row, second.row], proof });
}
