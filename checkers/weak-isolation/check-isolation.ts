import { AnomalyList } from "../anomaly-list.ts";
import type { CheckBudget } from "../check-budget.ts";
import type { CheckResult } from "../checker.ts";
import { operationName } from "../history/describe-operation.ts";
import type { History } from "../history/history.ts";
import type { Json } from "../history/operation.ts";
import { resultOf } from "../result.ts";
import {
  type RegisterTransactions,
  registerTransactions,
  type TransactionFunctions,
} from "../transactions/register-transactions.ts";
import { commitGraph, cyclicComponents } from "./commit-graph.ts";
import { type HappensBefore, happensBefore } from "./happens-before.ts";
import { InferredEdges } from "./inferred-edges.ts";
import { type WeakLevel, weakLevels } from "./isolation-level.ts";
import { LevelAnomalies } from "./level-anomalies.ts";
import { addLevelEdges } from "./level-edges.ts";
import { keyText, transactionRow, versionText } from "./transaction-words.ts";
import { type VisibleHistory, visibleHistory } from "./visible-history.ts";

/** How a checker of weak isolation reads a history. */
export interface WeakIsolationOptions {
  /** Names of the functions; `txn`, `read`, `write` and `cas` unless given. */
  readonly functions?: TransactionFunctions;
  /** Anomalies reported per type; 10 unless given. */
  readonly maxAnomalies?: number;
}

/**
 * Is there an order of commits that agrees with session order, with reads-from, and with the axiom of the
 * level? `details`: `strongest` is the strongest level up to this one that holds (null: not even the
 * weakest), `violated` the weakest that does not, `anomalyTypes` what was found. Both are left out where
 * values are not unique and nothing is broken.
 */
export function checkIsolation(
  history: History,
  level: WeakLevel,
  options: WeakIsolationOptions,
  budget?: CheckBudget,
): CheckResult {
  const transactions = registerTransactions(history, options.functions);
  const { unreadable } = transactions;
  if (unreadable !== null) {
    const reason = `${operationName(history, unreadable.row)} is no transaction of reads and writes: ${unreadable.problem}`;
    return resultOf({ operations: 0, anomalies: [], reasons: [reason] });
  }
  const anomalies = new AnomalyList(options.maxAnomalies);
  const visible = visibleHistory(transactions, anomalies);
  const isReadBroken = anomalies.count > 0;
  const before = happensBefore(visible);
  const found = new LevelAnomalies(visible, before, anomalies, options.maxAnomalies ?? 10);
  const reasons: string[] = [];
  let omitted = 0;
  if (before.isCyclic) omitted += found.addCausalityCycles();
  else {
    const edges = new InferredEdges(1000);
    const stop = addLevelEdges(level, visible, before, edges, budget);
    if (stop !== null) reasons.push(`stopped: ${stop}`);
    omitted += found.addLevel(level, edges);
  }
  if (visible.ambiguousRead >= 0) reasons.push(ambiguity(transactions, visible.ambiguousRead));
  const isBroken = anomalies.count > 0;
  const strongest = strongestOf(level, visible, before, isBroken, isReadBroken);
  const report = anomalies.report(history);
  const types = [...new Set(report.anomalies.map(({ type }) => type))].sort();
  const details = isBroken || reasons.length === 0 ? answer(strongest, level, types) : {};
  return resultOf({
    operations: visible.examined,
    reasons,
    anomalies: report.anomalies,
    anomaliesOmitted: report.anomaliesOmitted + omitted,
    details,
  });
}

/** The strongest level up to `level` that holds. */
function strongestOf(
  level: WeakLevel,
  visible: VisibleHistory,
  before: HappensBefore,
  isBroken: boolean,
  isReadBroken: boolean,
): WeakLevel | null {
  if (!isBroken) return level;
  if (isReadBroken || before.isCyclic) return null;
  const weaker = weakLevels.slice(0, weakLevels.indexOf(level)).reverse();
  for (const candidate of weaker) {
    const edges = new InferredEdges(1);
    addLevelEdges(candidate, visible, before, edges);
    if (edges.initialCount > 0 || edges.repeatCount > 0) continue;
    if (cyclicComponents(commitGraph(before, edges)).components === 0) return candidate;
  }
  return null;
}

function answer(
  strongest: WeakLevel | null,
  level: WeakLevel,
  anomalyTypes: readonly string[],
): Readonly<Record<string, Json>> {
  const next = weakLevels[strongest === null ? 0 : weakLevels.indexOf(strongest) + 1];
  const violated = strongest === level || next === undefined ? [] : [next];
  return { strongest, violated, anomalyTypes };
}

function ambiguity(transactions: RegisterTransactions, read: number): string {
  const { history, owner, version, key, writer } = transactions;
  const row = (at: number): string => operationName(history, transactionRow(transactions, owner[at]!));
  const what = `${versionText(transactions, version[read]!)} of ${keyText(transactions, key[read]!)}`;
  return (
    `${row(read)} read ${what}, which is written more than once, first by ${row(writer[version[read]!]!)}: ` +
    "from whom cannot be told"
  );
}
