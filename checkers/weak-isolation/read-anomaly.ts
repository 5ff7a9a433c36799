import type { AnomalyList } from "../anomaly-list.ts";
import type { RegisterTransactions } from "../transactions/register-transactions.ts";
import { introduced, keyText, named, transactionRow, versionText } from "./transaction-words.ts";

/** Ways in which a single read is wrong at every level of isolation, whatever the order of commits. */
export type ReadProblem =
  | "thin-air-read"
  | "aborted-read"
  | "intermediate-read"
  | "future-read"
  | "not-own-write"
  | "not-own-last-write";

/**
 * Adds a read that no level allows. `read` is the micro-operation, `own` the last write of the key by the
 * same transaction before it, −1 where there is none.
 */
export function addReadAnomaly(
  transactions: RegisterTransactions,
  anomalies: AnomalyList,
  type: ReadProblem,
  read: number,
  own: number,
): void {
  const { owner, version, writer } = transactions;
  const by = writer[version[read]!]!;
  const reader = transactionRow(transactions, owner[read]!);
  const isOther = by >= 0 && owner[by] !== owner[read];
  const rows: [number, ...number[]] = isOther ? [reader, transactionRow(transactions, owner[by]!)] : [reader];
  const proof = (): string => proofOf(transactions, type, read, own);
  anomalies.add({ type, key: -1, rows, proof });
}

function proofOf(transactions: RegisterTransactions, type: ReadProblem, read: number, own: number): string {
  const { key, version, owner, writer } = transactions;
  const t = owner[read]!;
  const by = writer[version[read]!]!;
  const what = `${versionText(transactions, version[read]!)} of ${keyText(transactions, key[read]!)}`;
  const start = `${introduced(transactions, t)} read ${what}`;
  const other = by < 0 ? "" : introduced(transactions, owner[by]!);
  switch (type) {
    case "thin-air-read":
      return `${start}, which no transaction wrote`;
    case "aborted-read":
      return `${start}, which only ${other} wrote: it did not happen`;
    case "intermediate-read":
      return `${start} from ${other}, which overwrote it with ${lastOf(transactions, by)} before it ended`;
    case "future-read":
      return `${start}, which ${named(transactions, t)} itself wrote only afterwards`;
    case "not-own-last-write":
      return `${start}, its own write, although it had overwritten it with ${ownText(transactions, own)}`;
    case "not-own-write": {
      const source = by < 0 ? "" : ` from ${other}`;
      return `${start}${source}, although it had itself written ${ownText(transactions, own)} before`;
    }
  }
}

function ownText(transactions: RegisterTransactions, own: number): string {
  return versionText(transactions, transactions.version[own]!);
}

/** The last value that the transaction of a write gave to its key. */
function lastOf(transactions: RegisterTransactions, write: number): string {
  const { starts, owner, key, kind, version } = transactions;
  let last = write;
  for (let at = write; at < starts[owner[write]! + 1]!; at++) {
    if (kind[at] === kind[write] && key[at] === key[write]) last = at;
  }
  return versionText(transactions, version[last]!);
}
