import { valueText } from "../history/describe-operation.ts";
import type { Json } from "../history/operation.ts";
import type { IsolationEvidence } from "./isolation-evidence.ts";
import { elementAppended, listRead } from "./list-operation.ts";
import type { ListOrder } from "./list-order.ts";
import type { ListTransactions } from "./list-transactions.ts";
import { COMMITTED } from "./register-transactions.ts";
import { keyText, rowOf, seenText, transactionName } from "./transaction-words.ts";

/**
 * Adds transactions that contradict themselves: a read that is not what the transaction read and appended
 * before (`internal`), and a read of what it appended only afterwards (`future-read`); one of each a
 * transaction. Constant time for a micro-operation whose key the transaction did not touch before; else
 * linear in what the transaction did to the key, and in the list where that is not in order.
 */
export function checkListInternals(
  txns: ListTransactions,
  order: ListOrder,
  evidence: IsolationEvidence,
): void {
  const { starts, count, owner, previous, isAppend, outcome } = txns;
  const size = starts[count]!;
  let wrong = -1;
  let early = -1;
  for (let at = 0; at < size; at++) {
    if (previous[at]! < 0) continue;
    const transaction = owner[at]!;
    if (outcome[transaction] !== COMMITTED) continue;
    if (isAppend[at] === 1) {
      if (early !== transaction && addFuture(txns, order, evidence, at)) early = transaction;
    } else if (wrong !== transaction && !followsOrder(txns, order, at)) {
      if (addInternal(txns, evidence, at)) wrong = transaction;
    }
  }
}

/** Is a read, by the order of appends, just what its transaction had read and appended before? */
function followsOrder(
  { key, previous, isAppend }: ListTransactions,
  order: ListOrder,
  read: number,
): boolean {
  // Of a key with lists that contradict each other the elements themselves are compared.
  if (order.isAmbiguous[key[read]!] === 1 || order.oddSource.size > 0) return false;
  let place = order.end[read]! - 1;
  let at = previous[read]!;
  for (; at >= 0 && isAppend[at] === 1; at = previous[at]!) {
    if (order.place[at]! < 0 || order.place[at] !== place--) return false;
  }
  return at < 0 || order.end[at] === place + 1;
}

/** What the transaction must see at a read: the end of a list, or a whole list. */
function expected(
  txns: ListTransactions,
  read: number,
): { readonly list: readonly Json[]; readonly isWhole: boolean } {
  const { previous } = txns;
  const own: Json[] = [];
  let at = previous[read]!;
  for (; at >= 0 && txns.isAppend[at] === 1; at = previous[at]!) own.push(elementAppended(txns, at));
  own.reverse();
  return at < 0 ? { list: own, isWhole: false } : { list: [...listRead(txns, at), ...own], isWhole: true };
}

function addInternal(txns: ListTransactions, evidence: IsolationEvidence, read: number): boolean {
  const { list, isWhole } = expected(txns, read);
  const seen = listRead(txns, read);
  const offset = seen.length - list.length;
  const fits =
    (isWhole ? offset === 0 : offset >= 0) &&
    list.every((element, at) => txns.codeOf(element) === txns.codeOf(seen[offset + at]!));
  if (fits) return false;
  const transaction = txns.owner[read]!;
  const name = txns.keys[txns.key[read]!]!;
  const proof = (): string =>
    `${transactionName(txns, transaction)} read ${seenText(name, seen)}, but after what it had itself done before ` +
    `in the same transaction it must have seen ${isWhole ? "" : "a list that ends with "}${valueText([...list])}`;
  evidence.add({ type: "internal", key: -1, rows: [rowOf(txns, transaction)], proof });
  return true;
}

function addFuture(
  txns: ListTransactions,
  order: ListOrder,
  evidence: IsolationEvidence,
  append: number,
): boolean {
  const { previous } = txns;
  const place = order.place[append]!;
  for (let at = previous[append]!; at >= 0; at = previous[at]!) {
    if (txns.isAppend[at] === 1) continue;
    const isOdd = order.oddSource.has(at) || order.isAmbiguous[txns.key[at]!] === 1;
    const code = isOdd ? txns.codeOf(elementAppended(txns, append)) : 0;
    const hasSeen = isOdd
      ? listRead(txns, at).some((element) => txns.codeOf(element) === code)
      : place >= 0 && place < order.end[at]!;
    if (!hasSeen) continue;
    const transaction = txns.owner[append]!;
    const name = txns.keys[txns.key[append]!]!;
    const proof = (): string =>
      `${transactionName(txns, transaction)} read ${seenText(name, listRead(txns, at))} and only then itself appended ` +
      `${valueText(elementAppended(txns, append))} to ${keyText(name)}`;
    evidence.add({ type: "future-read", key: -1, rows: [rowOf(txns, transaction)], proof });
    return true;
  }
  return false;
}
