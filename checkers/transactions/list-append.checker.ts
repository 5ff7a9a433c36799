import type { CheckBudget } from "../check-budget.ts";
import type { Checker, CheckResult } from "../checker.ts";
import type { History } from "../history/history.ts";
import { addCycles } from "./isolation-cycles.ts";
import { demandText, type IsolationDemand, isolationDemand } from "./isolation-demand.ts";
import { IsolationEvidence } from "./isolation-evidence.ts";
import type { IsolationOptions } from "./isolation-options.ts";
import { isolationResult } from "./isolation-result.ts";
import { addListAnomalies } from "./list-anomalies.ts";
import { listDependencies } from "./list-dependencies.ts";
import { listOrder } from "./list-order.ts";
import { type ListTransactions, listTransactions } from "./list-transactions.ts";
import { listWords } from "./list-words.ts";
import { COMMITTED } from "./register-transactions.ts";
import { keyText } from "./transaction-words.ts";

/**
 * Claim: transactions that append to lists and read them have the demanded isolation level.
 *
 * Reads operations `txn` whose value is a list of `["append", key, element]` and `["r", key, list]`. Each
 * list tells the whole history of its key, so the order of versions is known, and all relations between
 * transactions but those to what nobody read; a level is broken exactly where there is a cycle that it
 * forbids, or one of the anomalies of single transactions: `G1a`, `G1b`, `garbage-read`, `internal`,
 * `future-read`, `dirty-update`, `lost-update`, `duplicate-elements`, `incompatible-order`. Cycles are
 * named `G0`, `G1c`, `G-single-item`, `G-nonadjacent-item` and `G2-item`, and end in `-process` or
 * `-realtime` where they need the order of a session or of time. A transaction of unknown outcome
 * happened if something that it appended was read; else nothing is concluded from it.
 *
 * Details of the answer: `anomalyTypes`, those that are forbidden; `violated`, the weakest levels that do
 * not hold, by everything that was seen; `strongest`, the strongest levels that hold, as far as the demanded
 * level asks to look (orders of sessions and of time are only looked at where it needs them).
 *
 * Linear in operations and in the elements of the lists read, but for the search for G-single-item
 * cycles where snapshot isolation is broken, which is bounded. Sources: Adya, "Weak Consistency" (1999);
 * Kingsbury and Alvaro, "Elle" (VLDB 2020); Cerone and Gotsman (2016) for snapshot isolation.
 *
 * @throws RangeError where a level or anomaly is not known, or `maxAnomalies` is no whole number of at least 1.
 */
export function listAppend(options: IsolationOptions = {}): Checker {
  const demand = isolationDemand(options);
  // Bad options are refused here, not in the midst of a run.
  new IsolationEvidence(demand.forbidden, options.maxAnomalies);
  return {
    name: "list-append",
    claim: `transactions that append to lists and read them have ${demandText(demand)} isolation`,
    blindSpots: [
      "reads that depend on a condition (predicates): only single keys are read",
      "appends that nobody read afterwards, but for their coming last",
      "transactions of unknown outcome of which nothing was read",
    ],
    check: (history, budget) => check(history, options, demand, budget),
  };
}

function check(
  history: History,
  options: IsolationOptions,
  demand: IsolationDemand,
  budget: CheckBudget | undefined,
): CheckResult {
  const txns = listTransactions(history, options.functions?.txn ?? "txn", budget);
  const evidence = new IsolationEvidence(demand.forbidden, options.maxAnomalies);
  const reasons: string[] = [];
  let operations = 0;
  for (let at = 0; at < txns.count; at++) if (txns.outcome[at] === COMMITTED) operations++;
  let isEmpty = false;
  const { unreadable, stopped } = txns;
  if (unreadable !== null) {
    reasons.push(`operation ${history.index[unreadable.row]} cannot be read: ${unreadable.problem}`);
  } else if (stopped !== null) reasons.push(`stopped: ${stopped}`);
  else {
    const order = listOrder(txns);
    if (order.ambiguous !== null) reasons.push(ambiguousText(txns, order.ambiguous));
    addListAnomalies(txns, order, evidence);
    const dependencies = listDependencies(txns, order);
    const words = listWords(txns, order);
    const { happened } = order;
    const cycles = addCycles({ txns, happened, dependencies, words, demand, evidence, budget });
    isEmpty = cycles.isEmpty && txns.count > 0;
    if (cycles.reason !== null) reasons.push(cycles.reason);
  }
  return isolationResult({ history, evidence, demand, operations, reasons, isEmpty });
}

function ambiguousText(txns: ListTransactions, [first, second]: readonly [number, number]): string {
  const [a, b] = [first, second].map((append) => txns.history.index[txns.invocation[txns.owner[append]!]!]!);
  const name = keyText(txns.keys[txns.key[first]!]!);
  return `operations ${a} and ${b} appended the same element to ${name}, so nobody can tell whose was read`;
}
