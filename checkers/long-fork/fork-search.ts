import { JsonTable } from "../history/json-table.ts";
import type { BudgetWatch } from "../within-budget.ts";
import type { SnapshotRead } from "./snapshot-reads.ts";

/** Two reads that saw two writes in contrary orders: `first` saw `x` without `y`, `second` `y` without `x`. */
export interface Fork {
  readonly first: SnapshotRead;
  readonly second: SnapshotRead;
  readonly x: number;
  readonly y: number;
}

/**
 * Pairs of reads that saw two writes in contrary orders; at least one where there is any. Reads of the same keys
 * saw states of one order exactly if these, sorted by the number of writes in them, each contain the one
 * before; reads of different keys are compared by the pairs of keys that they share.
 *
 * n log n in what is read, besides for keys that reads of different groups share: quadratic in the keys
 * of one group.
 */
export function findForks(
  reads: readonly SnapshotRead[],
  onFork: (fork: Fork) => void,
  watch: BudgetWatch,
): void {
  const names = new JsonTable();
  const groups: SnapshotRead[][] = [];
  for (const [at, read] of reads.entries()) {
    watch.at(at);
    const group = names.intern(0, read.keys);
    if (group === groups.length) groups.push([read]);
    else groups[group]!.push(read);
  }
  const chains = groups.map((group) => chainOf(group, onFork));
  if (chains.length > 1) compareGroups(chains, onFork);
}

/** The different states that reads of the same keys saw, the smallest first; forks among them are told. */
function chainOf(group: readonly SnapshotRead[], onFork: (fork: Fork) => void): readonly SnapshotRead[] {
  if (group.length === 1) return group;
  const states = new Map<string, SnapshotRead>();
  for (const read of group) {
    let name = "";
    for (const isSeen of read.seen) name += isSeen ? "1" : "0";
    if (!states.has(name)) states.set(name, read);
  }
  const chain = [...states.values()].sort((a, b) => count(a) - count(b) || a.row - b.row);
  for (let at = 1; at < chain.length; at++) {
    const smaller = chain[at - 1]!;
    const larger = chain[at]!;
    const x = keyOnlyIn(smaller, larger);
    if (x >= 0) onFork({ first: smaller, second: larger, x, y: keyOnlyIn(larger, smaller) });
  }
  return chain;
}

function count(read: SnapshotRead): number {
  let seen = 0;
  for (const isSeen of read.seen) if (isSeen) seen++;
  return seen;
}

/** A key that `a` saw written and `b`, which read the same keys, did not; −1 where there is none. */
function keyOnlyIn(a: SnapshotRead, b: SnapshotRead): number {
  for (let at = 0; at < a.keys.length; at++)
    if (a.seen[at] === true && b.seen[at] !== true) return a.keys[at]!;
  return -1;
}

/** For each pair of keys that groups share, whether one group saw them in the one order and another in the other. */
function compareGroups(chains: readonly (readonly SnapshotRead[])[], onFork: (fork: Fork) => void): void {
  const shared = sharedKeys(chains);
  const orders = new Map<string, SnapshotRead>();
  for (const chain of chains) {
    if (!chain[0]!.keys.some((key) => shared.has(key))) continue;
    const known = new Set<string>();
    for (const read of chain) {
      const { keys, seen } = read;
      for (let i = 0; i < keys.length; i++) {
        if (seen[i] !== true || !shared.has(keys[i]!)) continue;
        for (let j = 0; j < keys.length; j++) {
          if (seen[j] === true || !shared.has(keys[j]!)) continue;
          noteOrder(read, keys[i]!, keys[j]!, orders, known, onFork);
        }
      }
    }
  }
}

/** Somebody saw `x` without `y`. Contrary orders within one group are told already. */
function noteOrder(
  read: SnapshotRead,
  x: number,
  y: number,
  orders: Map<string, SnapshotRead>,
  known: Set<string>,
  onFork: (fork: Fork) => void,
): void {
  const order = `${x},${y}`;
  if (known.has(order)) return;
  known.add(order);
  if (!orders.has(order)) orders.set(order, read);
  const contrary = orders.get(`${y},${x}`);
  if (contrary === undefined || contrary.keys.join() === read.keys.join()) return;
  onFork({ first: contrary, second: read, x: y, y: x });
}

/** Keys that reads of different groups have in common. */
function sharedKeys(chains: readonly (readonly SnapshotRead[])[]): ReadonlySet<number> {
  const once = new Set<number>();
  const shared = new Set<number>();
  for (const [first] of chains) {
    for (const key of first?.keys ?? []) {
      if (once.has(key)) shared.add(key);
      once.add(key);
    }
  }
  return shared;
}
