import type { ToldProof } from "../anomaly-list.ts";
import { valueText } from "../history/describe-operation.ts";
import type { IsolationEvidence } from "./isolation-evidence.ts";
import { checkListInternals } from "./list-internals.ts";
import { elementAppended, listRead } from "./list-operation.ts";
import type { ListOrder } from "./list-order.ts";
import { ListReads } from "./list-reads.ts";
import { type ListTransactions, UNREAD } from "./list-transactions.ts";
import { addLostUpdate, UpdateGroups } from "./lost-updates.ts";
import { ABORTED, COMMITTED } from "./register-transactions.ts";
import { keyText, rowOf, seenText, transactionName } from "./transaction-words.ts";

/**
 * Adds everything that is wrong with single transactions and single keys, without any cycle: aborted (G1a),
 * intermediate (G1b), garbage, internal and future reads, dirty and lost updates, elements that are twice
 * in a list, and lists that contradict each other. Linear.
 */
export function addListAnomalies(
  txns: ListTransactions,
  order: ListOrder,
  evidence: IsolationEvidence,
): void {
  const size = txns.starts[txns.count]!;
  const firstAborted = abortedPlaces(txns, order, evidence);
  const hasOdd = order.oddSource.size > 0;
  for (let read = 0; read < size; read++) {
    if (txns.isAppend[read] === 1 || txns.token[read]! <= 0) continue;
    const key = txns.key[read]!;
    if (order.isAmbiguous[key] === 1) continue;
    if (hasOdd && order.oddSource.has(read)) addOdd(txns, order, evidence, read);
    else addFinished(txns, order, evidence, read, firstAborted);
  }
  for (const [read, element] of order.garbage) {
    const proof = (): string =>
      `${transactionName(txns, txns.owner[read]!)} read ${readText(txns, read)}, but nobody appended ` +
      `${valueText(element)} to ${keyText(txns.keys[txns.key[read]!]!)}`;
    evidence.add({ type: "garbage-read", key: -1, rows: [rowOf(txns, txns.owner[read]!)], proof });
  }
  for (const read of order.doubled) {
    const proof = (): string =>
      `${transactionName(txns, txns.owner[read]!)} read ${readText(txns, read)}, in which one element is more ` +
      "than once; each was appended once";
    evidence.add({ type: "duplicate-elements", key: -1, rows: [rowOf(txns, txns.owner[read]!)], proof });
  }
  addIncompatible(txns, order, evidence);
  checkListInternals(txns, order, evidence);
  addLostUpdates(txns, order, evidence);
}

/** By key: the first place that was appended by an aborted transaction. Adds dirty updates by the way. */
function abortedPlaces(
  txns: ListTransactions,
  order: ListOrder,
  evidence: IsolationEvidence,
): Map<number, number> {
  const found = new Map<number, number>();
  const { base, append } = order;
  const reads = new ListReads(txns, order);
  for (let key = 0; key < txns.keys.length; key++) {
    let dirty = -1;
    for (let at = base[key]!; at < base[key + 1]!; at++) {
      const by = append[at]!;
      if (by < 0) continue;
      const outcome = txns.outcome[txns.owner[by]!];
      if (outcome === ABORTED) {
        if (!found.has(key)) found.set(key, at);
        dirty = by;
      } else if (dirty >= 0 && txns.outcome[txns.owner[by]!] === COMMITTED) {
        addDirty(txns, reads, evidence, dirty, by);
        dirty = -1;
      }
    }
  }
  return found;
}

function addDirty(
  txns: ListTransactions,
  reads: ListReads,
  evidence: IsolationEvidence,
  dirty: number,
  by: number,
): void {
  const [first, second] = [txns.owner[dirty]!, txns.owner[by]!];
  const name = keyText(txns.keys[txns.key[by]!]!);
  const proof = (): ToldProof => {
    const read = reads.ofBeginning(by, new Set([second]));
    const reader = txns.owner[read]!;
    const text =
      `${transactionName(txns, second)} appended ${valueText(elementAppended(txns, by))} to ${name} behind ` +
      `${valueText(elementAppended(txns, dirty))}, as ${transactionName(txns, reader)} read ${readText(txns, read)}, and ` +
      `${transactionName(txns, first)}, which had appended that, failed: what did not happen is part of what was committed`;
    return { text, rows: [rowOf(txns, reader)] };
  };
  evidence.add({ type: "dirty-update", key: -1, rows: [rowOf(txns, first), rowOf(txns, second)], proof });
}

/** A read that is a beginning of the longest list. */
function addFinished(
  txns: ListTransactions,
  order: ListOrder,
  evidence: IsolationEvidence,
  read: number,
  firstAborted: ReadonlyMap<number, number>,
): void {
  const end = order.end[read]!;
  const aborted = firstAborted.size === 0 ? undefined : firstAborted.get(txns.key[read]!);
  if (aborted !== undefined && aborted < end) addAborted(txns, evidence, read, order.append[aborted]!);
  const last = order.append[end - 1]!;
  if (last >= 0 && order.isIntermediate[last] === 1) addIntermediate(txns, evidence, read, last);
}

/** A read whose list contradicts the longest one: its elements are looked up one by one. */
function addOdd(txns: ListTransactions, order: ListOrder, evidence: IsolationEvidence, read: number): void {
  const key = txns.key[read]!;
  const inList = new Set(listRead(txns, read).map(txns.codeOf));
  for (let at = order.first[key]!; at < order.first[key + 1]!; at++) {
    const append = order.appends[at]!;
    if (txns.outcome[txns.owner[append]!] !== ABORTED) continue;
    if (!inList.has(txns.codeOf(elementAppended(txns, append)))) continue;
    addAborted(txns, evidence, read, append);
    break;
  }
  const source = order.oddSource.get(read)!;
  if (source >= 0 && order.isIntermediate[source] === 1) addIntermediate(txns, evidence, read, source);
}

function addAborted(txns: ListTransactions, evidence: IsolationEvidence, read: number, append: number): void {
  const [reader, writer] = [txns.owner[read]!, txns.owner[append]!];
  const proof = (): string =>
    `${transactionName(txns, reader)} read ${readText(txns, read)}, in which ` +
    `${valueText(elementAppended(txns, append))} was appended by ${transactionName(txns, writer)}, which failed`;
  evidence.add({ type: "G1a", key: -1, rows: [rowOf(txns, writer), rowOf(txns, reader)], proof });
}

function addIntermediate(
  txns: ListTransactions,
  evidence: IsolationEvidence,
  read: number,
  append: number,
): void {
  const [reader, writer] = [txns.owner[read]!, txns.owner[append]!];
  if (reader === writer) return;
  const proof = (): string =>
    `${transactionName(txns, reader)} read ${readText(txns, read)}, but ${transactionName(txns, writer)} ` +
    `appended more to ${keyText(txns.keys[txns.key[read]!]!)} after ` +
    `${valueText(elementAppended(txns, append))}: this was never the state after a transaction`;
  evidence.add({ type: "G1b", key: -1, rows: [rowOf(txns, writer), rowOf(txns, reader)], proof });
}

/** One anomaly for each key on which lists contradict each other. */
function addIncompatible(txns: ListTransactions, order: ListOrder, evidence: IsolationEvidence): void {
  const seen = new Set<number>();
  for (const read of order.oddSource.keys()) {
    const key = txns.key[read]!;
    if (seen.has(key)) continue;
    seen.add(key);
    const other = txns.longestRead[key]!;
    const proof = (): string =>
      `${transactionName(txns, txns.owner[read]!)} read ${readText(txns, read)}, and ` +
      `${transactionName(txns, txns.owner[other]!)} read ${readText(txns, other)}: neither is the beginning ` +
      "of the other, so no one order of the appends explains both";
    const rows = [rowOf(txns, txns.owner[read]!), rowOf(txns, txns.owner[other]!)] as const;
    evidence.add({ type: "incompatible-order", key: -1, rows: [...rows], proof });
  }
}

/** `x = [1,2]`, of a read. */
function readText(txns: ListTransactions, read: number): string {
  return seenText(txns.keys[txns.key[read]!]!, listRead(txns, read));
}

/** Transactions that each read one state of a key first, and then appended to it. */
function addLostUpdates(txns: ListTransactions, order: ListOrder, evidence: IsolationEvidence): void {
  const { count, starts, key, isAppend, token, outcome, owner, previous } = txns;
  const groups = new UpdateGroups(order.append.length);
  const odd = new Map<string, number>();
  const size = starts[count]!;
  for (let at = 0; at < size; at++) {
    if (previous[at]! < 0 || isAppend[at] === 0 || outcome[owner[at]!] !== COMMITTED) continue;
    let first = previous[at]!;
    while (previous[first]! >= 0 && isAppend[first] === 0) first = previous[first]!;
    // The first append of the transaction to the key counts, and only if it had read the key before.
    if (isAppend[first] === 1 || token[first] === UNREAD || order.isAmbiguous[key[at]!] === 1) continue;
    if (order.oddSource.size > 0 && order.oddSource.has(first)) {
      // States off the one order are told apart by their whole lists.
      const name = JSON.stringify([key[at], listRead(txns, first)]);
      if (!odd.has(name)) odd.set(name, order.append.length + odd.size);
      groups.add(odd.get(name)!, owner[at]!, first);
    } else groups.add(order.end[first]!, owner[at]!, first);
  }
  for (const { transactions, example } of groups.crowded()) {
    addLostUpdate(txns, evidence, transactions, () => readText(txns, example));
  }
}
