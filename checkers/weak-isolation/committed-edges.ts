import type { CheckBudget } from "../check-budget.ts";
import { finalWriteOf } from "./final-writes.ts";
import type { InferredEdges } from "./inferred-edges.ts";
import type { VisibleHistory } from "./visible-history.ts";

/** Transactions between two questions to the budget. */
const asked = 4096;

/**
 * What read committed demands of the order of commits: where a transaction read from `seen`, and later in
 * its own order read a key that `seen` writes from `source`, `seen` commits before `source`.
 *
 * Of the reads of the key that follow only the next one from another transaction matters: its source is
 * itself seen by then, so the demands of the reads after it follow. So each reader goes through its reads
 * backwards with the next read of each key at hand, and intersects the keys that a transaction writes with
 * the keys read later once, where it is first seen, by way of the smaller of the two sets. That is
 * O(n^1.5) for n micro-operations, and linear where transactions are short (Møldrup & Pavlogiannis, AWDIT,
 * PLDI 2025, section 3). Answers why the budget made it stop, or null.
 */
export function addCommittedEdges(
  history: VisibleHistory,
  edges: InferredEdges,
  budget?: CheckBudget,
): string | null {
  const { reads, writes, happened, transactions } = history;
  const { starts, key, writer } = reads;
  const next = new Int32Array(transactions.keys.length);
  const nextOf = new Int32Array(transactions.keys.length).fill(-1);
  const laterKeys = new Int32Array(transactions.keys.length);
  const seenBy = new Int32Array(happened.length).fill(-1);
  const isFirst = new Uint8Array(reads.count);
  const bytes = 12 * next.length + 4 * seenBy.length + isFirst.length;
  for (let t = 0; t < happened.length; t++) {
    if (t % asked === 0 && budget !== undefined) {
      const stop = budget.exceeded(bytes + edges.memoryBytes, t / happened.length);
      if (stop !== null) return stop;
    }
    const from = starts[t]!;
    const to = starts[t + 1]!;
    if (to - from < 2) continue;
    for (let read = from; read < to; read++) {
      const source = writer[read]!;
      if (source < 0 || seenBy[source] === t) continue;
      seenBy[source] = t;
      isFirst[read] = 1;
    }
    let later = 0;
    for (let read = to - 1; read >= from; read--) {
      const seen = writer[read]!;
      const own = key[read]!;
      if (seen >= 0) {
        // The next read of the same key: also where this is not the first read from `seen`.
        if (nextOf[own] === t) addUnlessSame(edges, seen, next[own]!, writer);
        if (isFirst[read] === 1) {
          const first = writes.starts[seen]!;
          const last = writes.starts[seen + 1]!;
          if (last - first <= later) {
            for (let write = first; write < last; write++) {
              const k = writes.key[write]!;
              if (k !== own && nextOf[k] === t) addUnlessSame(edges, seen, next[k]!, writer);
            }
          } else {
            for (let at = 0; at < later; at++) {
              const k = laterKeys[at]!;
              if (k === own || finalWriteOf(writes, seen, k) < 0) continue;
              addUnlessSame(edges, seen, next[k]!, writer);
            }
          }
        }
      }
      if (nextOf[own] !== t) {
        nextOf[own] = t;
        laterKeys[later++] = own;
      }
      next[own] = read;
    }
  }
  return null;
}

function addUnlessSame(edges: InferredEdges, seen: number, read: number, writer: Int32Array): void {
  if (writer[read] !== seen) edges.add(seen, writer[read]!, read);
}
