import { AnomalyList } from "../anomaly-list.ts";
import type { Checker, CheckResult } from "../checker.ts";
import { keyName } from "../history/describe-operation.ts";
import type { History } from "../history/history.ts";
import { resultOf } from "../result.ts";
import { type BudgetWatch, withinBudget } from "../within-budget.ts";
import { StockCheck } from "./stock-check.ts";
import { collectStocks, type StockOperations } from "./stock-facts.ts";
import { type StockModel, type StockModelOptions, stockModel } from "./stock-model.ts";
import { addNegative } from "./stock-wording.ts";

/** How {@link conservation} reads a history. */
export interface ConservationOptions extends StockModelOptions {
  /** Anomalies reported per type; 10 unless given. */
  readonly maxAnomalies?: number;
}

/**
 * Claim: amounts are neither made nor lost. No amount is ever below zero; the sum of a stock's amounts
 * changes by moves from or to outside only; at the end each acknowledged move took effect exactly once
 * and each refused one not at all; a move is refused for want of stock only where there can have been
 * too little.
 *
 * Reads `read` → `{stock, reserved, shipped}` and the moves `reserve` (stock → reserved), `release`
 * (reserved → stock), `ship` (reserved → shipped) and `restock` (outside → stock) with `{quantity}`;
 * `create` tells the amounts at the start, or else a read before the first move. All amounts are integers. Other amounts and moves by the option `moves`.
 *
 * Decides, per key: each read, also an outdated one, shows no negative amount and a sum that some of the
 * moves sent before explain; for each final read there is a choice of the moves of unknown outcome which
 * together with all moves acknowledged before it leads to exactly its amounts. Exact up to 4,096 sums and
 * 50,000 differences; beyond these an amount out of reach of all operations together is still an anomaly
 * (interval), anything else is undecided. A refusal is called false only by a lower bound.
 *
 * Cannot see: amounts between reads, moves that are not in the history, a move that was lost and another
 * one that was repeated if both have the same effect. Linear, apart from the search at final reads. Source: moves
 * between amounts as in O'Neil, "The escrow transactional method", 1986.
 *
 * @throws RangeError where `maxAnomalies` is not a whole number of at least 1.
 */
export function conservation(options: ConservationOptions = {}): Checker {
  // Bad options are refused here, not in the midst of a run.
  new AnomalyList(options.maxAnomalies);
  return {
    name: "conservation",
    claim:
      "amounts are never negative, their sum is kept, and at the end each acknowledged move took effect exactly once",
    blindSpots: [
      "amounts between two reads",
      "a lost move and a repeated one that make up for each other",
      "moves that are not in the history",
    ],
    check: (history, budget) => withinBudget(history, budget, (watch) => check(history, options, watch)),
  };
}

function check(history: History, options: ConservationOptions, watch: BudgetWatch): CheckResult {
  const model = stockModel(history, options);
  const anomalies = new AnomalyList(options.maxAnomalies);
  watch.keep(anomalies);
  const reasons: string[] = [];
  let operations = 0;
  watch.begin(0, 0.4, history.length);
  const stocks = collectStocks(history, model, watch);
  watch.begin(0.4, 1, stocks.rows.length);
  for (const [position, key] of stocks.keys.entries()) {
    watch.at(stocks.starts[position]!);
    const facts = stocks.facts[position]!;
    if (facts.unclear === null) {
      for (const read of facts.negative) addNegative({ history, model, key }, read, anomalies);
    }
    const { examined, reason } = judge(history, model, stocks, position, anomalies);
    operations += examined;
    if (reason !== null) reasons.push(`${keyName(history, key)}: ${reason}`);
  }
  return resultOf({ operations, reasons, ...anomalies.report(history) });
}

function judge(
  history: History,
  model: StockModel,
  operations: StockOperations,
  position: number,
  anomalies: AnomalyList,
): { readonly examined: number; readonly reason: string | null } {
  const { start, moves, acknowledged, reads, finalReads, unclear } = operations.facts[position]!;
  // What nothing is moved from or to may well be no stock at all.
  if (unclear !== null) return { examined: 0, reason: moves === 0 ? null : unclear };
  if (start === null) {
    if (moves === 0) return { examined: reads, reason: null };
    const reason = "the amounts before the first move are not known (no create, no earlier read)";
    return { examined: reads, reason };
  }
  const check = new StockCheck({
    history,
    model,
    operations,
    key: operations.keys[position]!,
    start,
    anomalies,
  });
  const undecided = check.run(operations.starts[position]!, operations.starts[position + 1]!);
  const examined = reads + (finalReads > 0 ? acknowledged : 0);
  if (undecided !== null) return { examined, reason: undecided };
  if (acknowledged === 0 || finalReads > 0) return { examined, reason: null };
  return { examined, reason: "no final read tells whether each acknowledged move took effect" };
}
