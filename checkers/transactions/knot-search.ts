import { type DependencyCycle, tidied } from "./dependency-cycle.ts";
import { CLOCK, type DependencyGraph, LINK, REALTIME, RW, SESSION, WR, WW } from "./dependency-graph.ts";
import { int32Column } from "./large-columns.ts";
import { type CycleQuery, CycleSearch } from "./shortest-cycle.ts";
import { spacedGraph } from "./spaced-graph.ts";
import { strongComponents } from "./strong-components.ts";

/** Classes of cycles from the worst on, by Adya's and Elle's names. */
export const cycleClasses = ["G0", "G1c", "G-single-item", "G-nonadjacent-item", "G2-item"] as const;

/** One class of cycles. */
export type CycleClass = (typeof cycleClasses)[number];

/** The order besides that of the data that a cycle may use. */
export type CycleOrder = "none" | "session" | "real-time";

/** Starts of cycles that are tried in search of a short one once one was found. */
const triesForShort = 24;

/** Edges that are looked at in search of a shorter cycle, besides all of the graph twice. */
const workForShort = 10_000;

/** What is left to be done, and whether anything had to be left undone. */
export interface SearchBudget {
  /** Edges that may still be looked at. */
  work: number;
  /** Was some search ended before it had found or excluded a cycle? */
  isCutShort: boolean;
  /** Why the check must end, or null. */
  readonly exceeded: () => string | null;
}

/**
 * Looks for a short cycle of each class in one strongly connected part of a dependency graph. Whether
 * there is one is decided exactly, unless the budget ends before; classes must be asked for from the worst
 * on, and none that is implied by one that was found: then any cycle that fits is one of the class.
 *
 * Linear for each class, but for G-single-item, which is only looked for where snapshot isolation is known
 * to be broken: there, linear for each transaction that overwrites in a cycle, until one is found.
 */
export class KnotSearch {
  readonly #graph: DependencyGraph;
  readonly #budget: SearchBudget;
  readonly #search: CycleSearch;
  readonly #ranks = new Map<number, Int32Array>();
  readonly #spaced = new Map<number, Int32Array>();

  constructor(graph: DependencyGraph, budget: SearchBudget) {
    this.#graph = graph;
    this.#budget = budget;
    this.#search = new CycleSearch(graph);
  }

  /** A short cycle of that class which may use that order, tidied; null where there is none. */
  find(kind: CycleClass, order: CycleOrder): DependencyCycle | null {
    const ordered = order === "session" ? SESSION : order === "real-time" ? REALTIME | CLOCK : 0;
    const writes = WW | LINK | ordered;
    const reads = writes | WR;
    if (kind === "G0") return this.#inner(writes);
    if (kind === "G1c") return this.#inner(reads);
    if (kind === "G2-item") {
      const rank = this.#rank(reads | RW);
      const starts = this.#overwriters(rank, rank);
      return this.#shortest(starts, { first: RW, rest: reads | RW, isSpaced: false, rank });
    }
    const spaced = this.#spacedRank(reads);
    const starts = this.#overwriters(spaced, spaced.subarray(this.#graph.nodes));
    if (kind === "G-nonadjacent-item") {
      return this.#shortest(starts, { first: RW, rest: reads | RW, isSpaced: true, rank: spaced });
    }
    return this.#shortest(starts, { first: RW, rest: reads, isSpaced: false, rank: this.#rank(reads) });
  }

  /** A cycle in the edges of `mask`. */
  #inner(mask: number): DependencyCycle | null {
    const { nodes, transactions } = this.#graph;
    const rank = this.#rank(mask);
    const members = int32Column(nodes + 1);
    for (let node = 0; node < transactions; node++) members[rank[node]!]!++;
    const starts: number[] = [];
    for (let node = 0; node < transactions; node++) if (members[rank[node]!]! > 1) starts.push(node);
    return this.#shortest(starts, { first: mask, rest: mask, isSpaced: false, rank });
  }

  /** Transactions with an anti-dependency from a part to the same part, as far as the ranks tell. */
  #overwriters(from: Int32Array, to: Int32Array): number[] {
    const { transactions, heads, targets, kinds } = this.#graph;
    const found: number[] = [];
    for (let node = 0; node < transactions; node++) {
      for (let at = heads[node]!; at < heads[node + 1]!; at++) {
        if (kinds[at] !== RW || from[node] !== to[targets[at]!]) continue;
        found.push(node);
        break;
      }
    }
    return found;
  }

  #shortest(starts: readonly number[], query: CycleQuery): DependencyCycle | null {
    let best: DependencyCycle | null = null;
    let tries = 0;
    let last = Number.POSITIVE_INFINITY;
    for (const start of starts) {
      if (best !== null && (best.nodes.length === 2 || ++tries > triesForShort || this.#search.work > last))
        break;
      const before = this.#search.work;
      const cycle = this.#search.through(start, query, best?.nodes.length);
      this.#budget.work -= this.#search.work - before;
      if (cycle !== null) {
        const tidy = tidied(cycle);
        if (best === null) last = this.#search.work + 2 * this.#graph.targets.length + workForShort;
        if (best === null || tidy.nodes.length < best.nodes.length) best = tidy;
      }
      if (this.#budget.work >= 0 && this.#budget.exceeded() === null) continue;
      if (best === null) this.#budget.isCutShort = true;
      break;
    }
    return best;
  }

  #rank(mask: number): Int32Array {
    let rank = this.#ranks.get(mask);
    if (rank === undefined) {
      rank = strongComponents(this.#graph, mask);
      this.#ranks.set(mask, rank);
    }
    return rank;
  }

  #spacedRank(mask: number): Int32Array {
    let rank = this.#spaced.get(mask);
    if (rank === undefined) {
      rank = strongComponents(spacedGraph(this.#graph, mask), mask | RW);
      this.#spaced.set(mask, rank);
    }
    return rank;
  }
}

/** The name of a class of cycles that use that order. */
export function cycleTypeName(kind: CycleClass, order: CycleOrder): string {
  return order === "none" ? kind : `${kind}${order === "session" ? "-process" : "-realtime"}`;
}
