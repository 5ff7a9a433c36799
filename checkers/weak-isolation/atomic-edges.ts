import type { CheckBudget } from "../check-budget.ts";
import { finalWriteOf } from "./final-writes.ts";
import type { InferredEdges } from "./inferred-edges.ts";
import type { VisibleHistory } from "./visible-history.ts";

/** Transactions between two questions to the budget. */
const asked = 4096;

/**
 * What read atomic demands of the order of commits: where a transaction reads a key from `source`, every
 * other writer of the key that it read from, or that goes before it in its session, commits before `source`.
 *
 * In its session only the last such writer matters, for the others precede it. The keys of each
 * transaction that was read from are intersected with the keys read, by way of the smaller set: O(n^1.5)
 * for n micro-operations, and linear where transactions are short (Møldrup & Pavlogiannis, AWDIT,
 * PLDI 2025, section 3). Reads that are not repeatable are left out: no order allows them. Answers why the
 * budget made it stop, or null.
 */
export function addAtomicEdges(
  history: VisibleHistory,
  edges: InferredEdges,
  budget?: CheckBudget,
): string | null {
  const { reads, writes, happened, transactions, chains } = history;
  const { starts, key, writer, isRepeat } = reads;
  const readOf = new Int32Array(transactions.keys.length).fill(-1);
  const distinct = new Int32Array(transactions.keys.length);
  const seenBy = new Int32Array(happened.length).fill(-1);
  const lastWriter = new Int32Array(transactions.keys.length).fill(-1);
  const bytes = 12 * readOf.length + 4 * seenBy.length;
  for (let at = 0; at < chains.order.length; at++) {
    if (at % asked === 0 && budget !== undefined) {
      const stop = budget.exceeded(bytes + edges.memoryBytes, at / chains.order.length);
      if (stop !== null) return stop;
    }
    const t = chains.order[at]!;
    const from = starts[t]!;
    const to = starts[t + 1]!;
    let size = 0;
    for (let read = from; read < to; read++) {
      const k = key[read]!;
      // Numbers of reads rise within a transaction, so a smaller one is another transaction's.
      if (isRepeat[read] === 1 || (readOf[k]! >= from && readOf[k]! < to)) continue;
      readOf[k] = read;
      distinct[size++] = k;
      const last = lastWriter[k]!;
      if (last >= 0 && last !== writer[read] && chains.chain[last] === chains.chain[t]) {
        edges.add(last, writer[read]!, read);
      }
    }
    for (let read = from; read < to; read++) {
      const seen = writer[read]!;
      if (seen < 0 || seenBy[seen] === t) continue;
      seenBy[seen] = t;
      const first = writes.starts[seen]!;
      const last = writes.starts[seen + 1]!;
      if (last - first <= size) {
        for (let write = first; write < last; write++) {
          const found = readOf[writes.key[write]!]!;
          if (found < from || found >= to || writer[found] === seen) continue;
          edges.add(seen, writer[found]!, found);
        }
      } else {
        for (let place = 0; place < size; place++) {
          const found = readOf[distinct[place]!]!;
          if (writer[found] === seen || finalWriteOf(writes, seen, distinct[place]!) < 0) continue;
          edges.add(seen, writer[found]!, found);
        }
      }
    }
    for (let write = writes.starts[t]!; write < writes.starts[t + 1]!; write++) {
      lastWriter[writes.key[write]!] = t;
    }
  }
  return null;
}
