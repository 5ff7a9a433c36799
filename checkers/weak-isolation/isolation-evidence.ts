import { AnomalyList } from "../anomaly-list.ts";
import type { CheckResult } from "../checker.ts";
import { operationName } from "../history/describe-operation.ts";
import type { History } from "../history/history.ts";
import { resultOf } from "../result.ts";
import { registerTransactions, type TransactionFunctions } from "../transactions/register-transactions.ts";
import { type HappensBefore, happensBefore } from "./happens-before.ts";
import { LevelAnomalies } from "./level-anomalies.ts";
import { keyText, transactionRow, versionText } from "./transaction-words.ts";
import { type VisibleHistory, visibleHistory } from "./visible-history.ts";

/** How a checker of weak isolation reads a history. */
export interface WeakIsolationOptions {
  /** Names of the functions; `txn`, `read`, `write` and `cas` unless given. */
  readonly functions?: TransactionFunctions;
  /** Anomalies reported per type; 10 unless given. */
  readonly maxAnomalies?: number;
}

/** A history as it is judged, whatever is asked of it. */
export interface IsolationEvidence {
  readonly visible: VisibleHistory;
  readonly before: HappensBefore;
  /** Those of single reads so far. */
  readonly anomalies: AnomalyList;
  readonly found: LevelAnomalies;
  /** Is there a read that no level allows? */
  readonly isReadBroken: boolean;
}

/** Reads a history; `unreadable` is the answer where it cannot be read. Linear. */
export function isolationEvidence(
  history: History,
  options: WeakIsolationOptions,
): IsolationEvidence | { readonly unreadable: CheckResult } {
  const transactions = registerTransactions(history, options.functions);
  const { unreadable } = transactions;
  if (unreadable !== null) {
    const reason = `${operationName(history, unreadable.row)} is no transaction of reads and writes: ${unreadable.problem}`;
    return { unreadable: resultOf({ operations: 0, anomalies: [], reasons: [reason] }) };
  }
  const anomalies = new AnomalyList(options.maxAnomalies);
  const visible = visibleHistory(transactions, anomalies);
  const isReadBroken = anomalies.count > 0;
  const before = happensBefore(visible);
  const found = new LevelAnomalies(visible, before, anomalies, options.maxAnomalies ?? 10);
  return { visible, before, anomalies, found, isReadBroken };
}

/** Why a read of a value with several possible writers was left out. */
export function ambiguity({ transactions, ambiguousRead: read }: VisibleHistory): string {
  const { history, owner, version, key, writer } = transactions;
  const row = (at: number): string => operationName(history, transactionRow(transactions, owner[at]!));
  const what = `${versionText(transactions, version[read]!)} of ${keyText(transactions, key[read]!)}`;
  return (
    `${row(read)} read ${what}, which is written more than once, first by ${row(writer[version[read]!]!)}: ` +
    "from whom cannot be told"
  );
}
