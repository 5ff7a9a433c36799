import { valueText } from "../history/describe-operation.ts";
import type { RelationWords } from "./cycle-proof.ts";
import { WR, WW } from "./dependency-graph.ts";
import { sourceOf } from "./list-dependencies.ts";
import { elementAppended, listRead } from "./list-operation.ts";
import { type ListOrder, NOWHERE } from "./list-order.ts";
import { type ListTransactions, UNREAD } from "./list-transactions.ts";
import { keyText, seenText } from "./transaction-words.ts";

/** Words the relations between transactions on lists. */
export function listWords(txns: ListTransactions, order: ListOrder): RelationWords {
  return (from, to, kind, a, b) => {
    if (kind === WR) {
      return wroteRead(txns, order, from, to, a, b) ?? wroteWrote(txns, order, from, to, a, b);
    }
    return kind === WW ? wroteWrote(txns, order, from, to, a, b) : readWrote(txns, order, from, to, a, b);
  };
}

function operations(txns: ListTransactions, transaction: number, isAppend: number): number[] {
  const found: number[] = [];
  for (let at = txns.starts[transaction]!; at < txns.starts[transaction + 1]!; at++) {
    if (txns.isAppend[at] === isAppend && txns.token[at] !== (isAppend === 1 ? Number.NaN : UNREAD))
      found.push(at);
  }
  return found;
}

function wroteRead(
  txns: ListTransactions,
  order: ListOrder,
  from: number,
  to: number,
  a: string,
  b: string,
): string | null {
  for (const read of operations(txns, to, 0)) {
    if (order.isAmbiguous[txns.key[read]!] === 1) continue;
    const source = sourceOf(order, read, txns.token[read]!);
    if (source < 0 || txns.owner[source] !== from) continue;
    const name = txns.keys[txns.key[read]!]!;
    const element = valueText(elementAppended(txns, source));
    return `${b} read ${seenText(name, listRead(txns, read))}, whose ${element} was appended by ${a}`;
  }
  return null;
}

/** Places rank appends; what nobody read comes after everything that was read. */
function rankOf(order: ListOrder, append: number): number {
  const place = order.place[append]!;
  return place < 0 ? Number.POSITIVE_INFINITY : place;
}

function wroteWrote(
  txns: ListTransactions,
  order: ListOrder,
  from: number,
  to: number,
  a: string,
  b: string,
): string {
  for (const later of operations(txns, to, 1)) {
    for (const earlier of operations(txns, from, 1)) {
      if (txns.key[later] !== txns.key[earlier] || rankOf(order, earlier) >= rankOf(order, later)) continue;
      const [first, second] = [elementAppended(txns, earlier), elementAppended(txns, later)];
      const name = keyText(txns.keys[txns.key[later]!]!);
      const unread = order.place[later]! < 0 ? ` (${unreadText(second)})` : "";
      return `${b} appended ${valueText(second)} to ${name} after ${a} had appended ${valueText(first)}${unread}`;
    }
  }
  return `${b} appended after ${a}`;
}

function readWrote(
  txns: ListTransactions,
  order: ListOrder,
  from: number,
  to: number,
  a: string,
  b: string,
): string {
  for (const append of operations(txns, to, 1)) {
    for (const read of operations(txns, from, 0)) {
      const end = order.end[read]!;
      if (txns.key[append] !== txns.key[read] || end === NOWHERE || rankOf(order, append) < end) continue;
      const element = elementAppended(txns, append);
      const seen = seenText(txns.keys[txns.key[read]!]!, listRead(txns, read));
      const unread = order.place[append]! < 0 ? ` (${unreadText(element)})` : "";
      return `${a} read ${seen}, and ${b} appended ${valueText(element)} only after that state${unread}`;
    }
  }
  return `${a} did not see what ${b} appended`;
}

function unreadText(element: Parameters<typeof valueText>[0]): string {
  return `no read shows ${valueText(element)}, so it came after all that was read`;
}
