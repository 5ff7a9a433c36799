import type { History } from "../../checkers/history/history.ts";
import { type Shape, sessionAndReads, someShape, transitive } from "./weak-isolation.oracle.ts";

/** Weak causal consistency, or causal memory. */
export type SessionVariant = "causal-consistency" | "causal-memory";

/**
 * Does a history of `txn` operations with unique values have causal consistency, or causal memory? By the
 * definitions of Bouajjani et al. (POPL 2017), word for word: for each transaction some sequence of all
 * that happened before it, the transaction itself at the end, agrees with happened-before and gives it its reads;
 * for causal memory also those that its session did before. Happened-before is the smallest relation that
 * counts: a larger one only adds transactions to the sequences, and without them the reads are the same.
 * Every sequence is tried: for few transactions.
 */
export function hasVariantByOrders(history: History, variant: SessionVariant): boolean {
  return someShape(history, (shape) => {
    const before = transitive(sessionAndReads(shape));
    return shape.transactions.every(
      (_, last) => !before[last]![last]! && isExplained(shape, before, last, variant),
    );
  });
}

function isExplained(
  { reads, writes, transactions, sessionBefore }: Shape,
  before: readonly (readonly boolean[])[],
  last: number,
  variant: SessionVariant,
): boolean {
  const past = transactions.flatMap((_, t) => (t === last || before[t]![last]! ? [t] : []));
  const isShown = (t: number): boolean =>
    t === last || (variant === "causal-memory" && sessionBefore[t]![last]!);
  const placed: number[] = [];
  const extend = (): boolean => {
    if (placed.length === past.length) return true;
    return past.some((t) => {
      const isNext =
        !placed.includes(t) && past.every((other) => !before[other]![t]! || placed.includes(other));
      if (!isNext) return false;
      const isRight = reads[t]!.every(
        ({ key, source }) => (placed.findLast((w) => writes[w]!.has(key)) ?? -1) === source,
      );
      if (isShown(t) && !isRight) return false;
      placed.push(t);
      if (extend()) return true;
      placed.pop();
      return false;
    });
  };
  return extend();
}

/**
 * The same by the bad patterns of the paper, read word for word for each transaction: what its reads, for causal memory
 * also those before it in its session, demand of what happened before it is added until nothing changes. For some
 * dozens of transactions.
 */
export function hasVariantByPatterns(history: History, variant: SessionVariant): boolean {
  return someShape(history, (shape) => {
    const before = transitive(sessionAndReads(shape));
    return shape.transactions.every((_, last) => hasNoBadPattern(shape, before, last, variant));
  });
}

function hasNoBadPattern(
  { reads, writes, transactions, sessionBefore }: Shape,
  before: readonly (readonly boolean[])[],
  last: number,
  variant: SessionVariant,
): boolean {
  const isIn = transactions.map((_, t) => t === last || before[t]![last]!);
  const readers = transactions.flatMap((_, t) =>
    t === last || (variant === "causal-memory" && sessionBefore[t]![last]!) ? [t] : [],
  );
  let order = before.map((row, from) => row.map((is, to) => is && isIn[from]! && isIn[to]!));
  for (;;) {
    let isChanged = false;
    for (const reader of readers) {
      for (const { key, source } of reads[reader]!) {
        for (const [w, written] of writes.entries()) {
          if (w === source || !written.has(key) || !order[w]![reader]!) continue;
          if (source < 0) return false;
          if (!order[w]![source]!) isChanged = true;
          order[w]![source] = true;
        }
      }
    }
    if (!isChanged) return order.every((row, t) => !row[t]);
    order = transitive(order);
  }
}
