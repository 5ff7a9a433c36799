import { FAIL, type History, INVOKE, OK } from "../../checkers/history/history.ts";
import type { Json } from "../../checkers/history/operation.ts";

/** A level of isolation, by the name of its checker. */
export type OracleLevel = "read-committed" | "read-atomic" | "causal";

type Micro = readonly [name: string, key: Json, value: Json];

interface Transaction {
  readonly session: number;
  readonly outcome: "ok" | "fail" | "unknown";
  readonly begin: number;
  readonly end: number;
  readonly operations: readonly Micro[];
}

/** A read of something that the reader did not write itself; source −1: what was there before any write. */
interface Read {
  readonly key: Json;
  readonly source: number;
}

/** Reads and writes of the transactions that happened, or null where a read is wrong in any order. */
export interface Shape {
  readonly transactions: readonly Transaction[];
  readonly reads: readonly (readonly Read[])[];
  readonly writes: readonly ReadonlySet<Json>[];
  readonly sessionBefore: readonly (readonly boolean[])[];
}

/**
 * Does a history of `txn` operations with unique values have a level of isolation? By the axioms of Biswas
 * and Enea (OOPSLA 2019), read word for word: some of the transactions of unknown outcome happened, and
 * some total order of all that happened satisfies the axiom. Every order is tried: for few transactions.
 */
export function hasLevelByOrders(history: History, level: OracleLevel): boolean {
  return someShape(history, (shape) => isSomeOrder(shape, level));
}

/**
 * The same by the closure of what the axiom demands, without trying orders: cubic, for some hundred
 * transactions.
 */
export function hasLevelByClosure(history: History, level: OracleLevel): boolean {
  return someShape(history, (shape) => {
    const count = shape.transactions.length;
    const edges = transitive(sessionAndReads(shape));
    const demanded = edges.map((row) => [...row]);
    for (const { before, after } of demands(shape, level)) {
      if (after < 0) return false;
      demanded[before]![after] = true;
    }
    const closed = transitive(demanded);
    return Array.from({ length: count }, (_, at) => at).every((at) => !closed[at]![at]);
  });
}

/** Is there a choice of the transactions of unknown outcome with which `accept` accepts what happened? */
export function someShape(history: History, accept: (shape: Shape) => boolean): boolean {
  const all = transactionsOf(history);
  const unknown = all.filter(({ outcome }) => outcome === "unknown");
  for (let subset = 0; subset < 2 ** unknown.length; subset++) {
    const isIn = (one: Transaction): boolean =>
      one.outcome === "ok" || (one.outcome === "unknown" && ((subset >> unknown.indexOf(one)) & 1) === 1);
    const shape = shapeOf(all.filter(isIn));
    if (shape !== null && accept(shape)) return true;
  }
  return false;
}

function transactionsOf(history: History): Transaction[] {
  const transactions: Transaction[] = [];
  for (let row = 0; row < history.length; row++) {
    if (history.type[row] !== INVOKE) continue;
    const mate = history.mate[row]!;
    const type = mate < 0 ? -1 : history.type[mate]!;
    const outcome = type === OK ? "ok" : type === FAIL ? "fail" : "unknown";
    const value = outcome === "ok" ? history.value[mate] : history.value[row];
    transactions.push({
      session: history.session[row]!,
      outcome,
      begin: row,
      end: outcome === "ok" ? mate : Number.POSITIVE_INFINITY,
      operations: value as unknown as Micro[],
    });
  }
  return transactions;
}

/** Null where a read is of no final write of another transaction that happened, nor of its own last write. */
function shapeOf(transactions: readonly Transaction[]): Shape | null {
  const finals = transactions.map(({ operations }) => {
    const last = new Map<Json, Json>();
    for (const [name, key, value] of operations) if (name === "w") last.set(key, value);
    return last;
  });
  const reads: Read[][] = [];
  for (const { operations, outcome } of transactions) {
    const own = new Map<Json, Json>();
    const found: Read[] = [];
    for (const [name, key, value] of operations) {
      if (name === "w") own.set(key, value);
      else if (outcome !== "ok") continue;
      else if (own.has(key)) {
        if (own.get(key) !== value) return null;
      } else if (value === null) found.push({ key, source: -1 });
      else {
        const source = finals.findIndex((final) => final.get(key) === value);
        if (source < 0 || source === reads.length) return null;
        found.push({ key, source });
      }
    }
    reads.push(found);
  }
  const sessionBefore = transactions.map((one) =>
    transactions.map((two) => one.session === two.session && one.end < two.begin),
  );
  return { transactions, reads, writes: finals.map((final) => new Set(final.keys())), sessionBefore };
}

/** One transaction before another: by session order or because it read from it. */
export function sessionAndReads({ transactions, reads, sessionBefore }: Shape): boolean[][] {
  const edges = transactions.map((_, one) => transactions.map((__, two) => sessionBefore[one]![two]!));
  for (const [reader, found] of reads.entries()) {
    for (const { source } of found) if (source >= 0) edges[source]![reader] = true;
  }
  return edges;
}

/** The transitive closure. Cubic. */
export function transitive(edges: readonly (readonly boolean[])[]): boolean[][] {
  const closed = edges.map((row) => [...row]);
  for (let middle = 0; middle < closed.length; middle++) {
    for (const row of closed) {
      if (!row[middle]) continue;
      for (let to = 0; to < closed.length; to++) if (closed[middle]![to]) row[to] = true;
    }
  }
  return closed;
}

/** What commits before what by the axiom: `after` −1 is the value before any write. */
function* demands(shape: Shape, level: OracleLevel): Generator<{ before: number; after: number }> {
  const direct = sessionAndReads(shape);
  const closed = transitive(direct);
  for (const [reader, found] of shape.reads.entries()) {
    for (const [at, { key, source }] of found.entries()) {
      for (const [before, written] of shape.writes.entries()) {
        if (before === source || before === reader || !written.has(key)) continue;
        const isSeen =
          level === "read-committed"
            ? found.slice(0, at).some((earlier) => earlier.source === before)
            : level === "read-atomic"
              ? direct[before]![reader]!
              : closed[before]![reader]!;
        if (isSeen) yield { before, after: source };
      }
    }
  }
}

function isSomeOrder(shape: Shape, level: OracleLevel): boolean {
  const count = shape.transactions.length;
  const mustPrecede = sessionAndReads(shape);
  const demanded = [...demands(shape, level)];
  const place: number[] = new Array<number>(count).fill(-1);
  const extend = (size: number): boolean => {
    if (size === count) {
      return demanded.every(({ before, after }) => after >= 0 && place[before]! < place[after]!);
    }
    for (let next = 0; next < count; next++) {
      if (place[next]! >= 0) continue;
      const isFree = mustPrecede.every((row, other) => !row[next] || place[other]! >= 0);
      if (!isFree) continue;
      place[next] = size;
      if (extend(size + 1)) return true;
      place[next] = -1;
    }
    return false;
  };
  return extend(0);
}
