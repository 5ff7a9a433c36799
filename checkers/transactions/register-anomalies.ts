import type { IsolationEvidence } from "./isolation-evidence.ts";
import { addLostUpdate, UpdateGroups } from "./lost-updates.ts";
import { ABORTED, COMMITTED, READ, type RegisterTransactions, WRITE } from "./register-transactions.ts";
import type { RegisterVersions } from "./register-versions.ts";
import { keyText, rowOf, seenText, transactionName } from "./transaction-words.ts";

/**
 * Adds everything that is wrong with single transactions and single values, without any cycle: aborted
 * (G1a), intermediate (G1b), garbage, internal and future reads, and lost updates. Linear.
 */
export function addRegisterAnomalies(
  txns: RegisterTransactions,
  facts: RegisterVersions,
  evidence: IsolationEvidence,
): void {
  const { count, starts, kind, version, owner, outcome, isAmbiguous } = txns;
  const groups = new UpdateGroups(txns.writer.length);
  const size = starts[count]!;
  let wrong = -1;
  for (let at = 0; at < size; at++) {
    const transaction = owner[at]!;
    if (outcome[transaction] !== COMMITTED) continue;
    const seen = version[at]!;
    const before = facts.previous[at]!;
    if (kind[at] === READ) {
      if (seen < 0 || isAmbiguous[seen] === 1) continue;
      addRead(txns, facts, evidence, at);
      if (before < 0 || wrong === transaction || version[before] === seen || version[before]! < 0) continue;
      addInternal(txns, evidence, before, at);
      wrong = transaction;
    } else if (before >= 0) {
      const first = firstRead(txns, facts, at);
      if (first >= 0) groups.add(version[first]!, transaction, first);
    }
  }
  for (const { transactions, example } of groups.crowded()) {
    addLostUpdate(txns, evidence, transactions, () => readText(txns, example));
  }
}

/** The first micro-operation on the key of a write, where it is a read and no other write came between; −1. */
function firstRead(
  { kind, version, isAmbiguous }: RegisterTransactions,
  facts: RegisterVersions,
  write: number,
): number {
  let at = facts.previous[write]!;
  while (facts.previous[at]! >= 0 && kind[at] === READ) at = facts.previous[at]!;
  return kind[at] === READ && version[at]! >= 0 && isAmbiguous[version[at]!] === 0 ? at : -1;
}

/** Checks who wrote what was read. */
function addRead(
  txns: RegisterTransactions,
  facts: RegisterVersions,
  evidence: IsolationEvidence,
  read: number,
): void {
  const seen = txns.version[read]!;
  const by = txns.writer[seen]!;
  const reader = txns.owner[read]!;
  const name = keyText(txns.keys[txns.key[read]!]!);
  if (by < 0) {
    if (facts.isGarbage[seen] === 0) return;
    const proof = (): string =>
      `${transactionName(txns, reader)} read ${readText(txns, read)}, but nobody wrote that to ${name}, and it cannot ` +
      "have been there before all writes, for another value was";
    evidence.add({ type: "garbage-read", key: -1, rows: [rowOf(txns, reader)], proof });
    return;
  }
  const writer = txns.owner[by]!;
  const rows = [rowOf(txns, writer), rowOf(txns, reader)] as const;
  if (txns.outcome[writer] === ABORTED) {
    const proof = (): string =>
      `${transactionName(txns, reader)} read ${readText(txns, read)}, which was written by ` +
      `${transactionName(txns, writer)}, which failed`;
    evidence.add({ type: "G1a", key: -1, rows: [...rows], proof });
  }
  if (writer !== reader) {
    if (facts.isIntermediate[by] === 0) return;
    const proof = (): string =>
      `${transactionName(txns, reader)} read ${readText(txns, read)}, but ${transactionName(txns, writer)} ` +
      `wrote to ${name} again after that: this was never the state after a transaction`;
    evidence.add({ type: "G1b", key: -1, rows: [...rows], proof });
  } else if (by > read) {
    const proof = (): string =>
      `${transactionName(txns, reader)} read ${readText(txns, read)}, and only then itself wrote that`;
    evidence.add({ type: "future-read", key: -1, rows: [rowOf(txns, reader)], proof });
  }
}

function addInternal(
  txns: RegisterTransactions,
  evidence: IsolationEvidence,
  before: number,
  read: number,
): void {
  const transaction = txns.owner[read]!;
  const did = txns.kind[before] === WRITE ? "written" : "read";
  const proof = (): string =>
    `${transactionName(txns, transaction)} read ${readText(txns, read)}, but in the same transaction it had ` +
    `${did} ${readText(txns, before)} right before`;
  evidence.add({ type: "internal", key: -1, rows: [rowOf(txns, transaction)], proof });
}

/** `x = 3`, of a micro-operation. */
export function readText(txns: RegisterTransactions, at: number): string {
  return seenText(txns.keys[txns.key[at]!]!, txns.versionValue[txns.version[at]!] ?? null);
}
