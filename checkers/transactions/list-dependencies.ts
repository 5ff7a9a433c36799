import { EdgeList, LINK, RW, WR, WW } from "./dependency-graph.ts";
import { int32Column } from "./large-columns.ts";
import { type ListOrder, NOWHERE } from "./list-order.ts";
import { type ListTransactions, UNREAD } from "./list-transactions.ts";
import { COMMITTED } from "./register-transactions.ts";

/** Relations between transactions, and how many nodes they are between. */
export interface Dependencies {
  readonly edges: EdgeList;
  /** Transactions and the helpers behind them. */
  readonly nodes: number;
}

/**
 * The relations that the order of appends shows: who appended next (ww), who read what (wr), who read the
 * state before an append (rw). What certainly happened and nobody read comes after everything that was
 * read; where several do, one helper node stands for "after everything", so that it stays linear.
 * Transactions that may not have happened have no relations.
 */
export function listDependencies(txns: ListTransactions, order: ListOrder): Dependencies {
  const { count, starts, owner, key, isAppend, token, outcome, keys } = txns;
  const edges = new EdgeList(2 * starts[count]! + 16);
  const tails = int32Column(keys.length).fill(-1);
  let nodes = count;
  for (let at = 0; at < keys.length; at++) {
    if (order.isAmbiguous[at] === 1) continue;
    const last = chainAppends(txns, order, at, edges);
    const tail = unreadOwners(txns, order, at);
    if (tail.length === 0) continue;
    const isOne = tail.length === 1;
    tails[at] = isOne ? tail[0]! : nodes++;
    const isSure = tail.every((transaction) => outcome[transaction] === COMMITTED);
    if (last >= 0 && last !== tails[at])
      edges.add(last, tails[at]!, isSure ? writeKind(txns, last, last) : WR);
    if (!isOne) for (const transaction of tail) edges.add(tails[at]!, transaction, LINK);
  }
  for (let transaction = 0; transaction < count; transaction++) {
    if (outcome[transaction] !== COMMITTED) continue;
    for (let at = starts[transaction]!; at < starts[transaction + 1]!; at++) {
      if (isAppend[at] === 1 || token[at] === UNREAD || order.isAmbiguous[key[at]!] === 1) continue;
      const end = order.end[at]!;
      const source = sourceOf(order, at, token[at]!);
      if (source >= 0) {
        const writer = owner[source]!;
        // What comes after the own append has been related to it above.
        if (writer === transaction && order.place[source] === end - 1) continue;
        if (writer !== transaction && order.happened[writer] === 1) edges.add(writer, transaction, WR);
      }
      if (end === NOWHERE) continue;
      const next = order.nextLive[end]!;
      const after = next < 0 ? tails[key[at]!]! : owner[order.append[next]!]!;
      if (after >= 0 && after !== transaction) edges.add(transaction, after, RW);
    }
  }
  return { edges, nodes };
}

/** The append of the last element of a read; −1 where it saw nothing, or what nobody appended. */
export function sourceOf(order: ListOrder, read: number, length: number): number {
  if (length === 0) return -1;
  const odd = order.oddSource.size === 0 ? undefined : order.oddSource.get(read);
  if (odd !== undefined) return odd;
  return order.append[order.end[read]! - 1]!;
}

/** Relates the appends of one key in their order. Answers the transaction of the last one; −1. */
function chainAppends(txns: ListTransactions, order: ListOrder, key: number, edges: EdgeList): number {
  const { base, nextLive, append } = order;
  let before = -1;
  for (let at = nextLive[base[key]!]!; at >= 0; at = nextLive[at + 1]!) {
    const owner = txns.owner[append[at]!]!;
    if (before >= 0 && before !== owner) edges.add(before, owner, writeKind(txns, before, owner));
    before = owner;
  }
  return before;
}

/**
 * The kind of the relation between two writes. What a transaction of unknown outcome wrote was read; but
 * only if reads are committed does that show that it happened. So its writes break no weaker level.
 */
export function writeKind({ outcome }: { readonly outcome: Uint8Array }, from: number, to: number): number {
  return outcome[from] === COMMITTED && outcome[to] === COMMITTED ? WW : WR;
}

/** The transactions that certainly appended to a key what nobody read, each once. */
function unreadOwners(txns: ListTransactions, order: ListOrder, key: number): number[] {
  const owners: number[] = [];
  for (let at = order.first[key]!; at < order.first[key + 1]!; at++) {
    const append = order.appends[at]!;
    const owner = txns.owner[append]!;
    if (order.place[append]! >= 0 || order.happened[owner] === 0) continue;
    // Appends come in the order of transactions.
    if (owners[owners.length - 1] !== owner) owners.push(owner);
  }
  return owners;
}
