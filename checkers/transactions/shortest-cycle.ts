import type { DependencyCycle } from "./dependency-cycle.ts";
import { CLOCK, type DependencyGraph, LINK, RW } from "./dependency-graph.ts";
import { byteColumn, int32Column } from "./large-columns.ts";

/** Which cycles through a node are looked for. */
export interface CycleQuery {
  /** Kinds of the first step. */
  readonly first: number;
  /** Kinds of all other steps. */
  readonly rest: number;
  /** Must no two anti-dependencies follow each other? */
  readonly isSpaced: boolean;
  /**
   * A number for each node (spaced: for each node, then again for each node that an anti-dependency led
   * to) that never falls along an edge: what lies above the start cannot lead back to it.
   */
  readonly rank: Int32Array;
}

/**
 * Finds shortest cycles through a given transaction by breadth-first search. Helper nodes cost no step: a
 * relation into one is a relation to every transaction that it leads to. The tables are made once a graph.
 */
export class CycleSearch {
  /** Edges looked at so far. */
  work = 0;
  readonly #graph: DependencyGraph;
  /** Number of the search that saw a state last; states are nodes, then nodes after an anti-dependency. */
  readonly #seen: Int32Array;
  readonly #parent: Int32Array;
  readonly #kind: Uint8Array;
  readonly #queue: Int32Array;
  readonly #helpers: number[] = [];
  #search = 0;
  #queued = 0;

  constructor(graph: DependencyGraph) {
    this.#graph = graph;
    this.#seen = int32Column(2 * graph.nodes);
    this.#parent = int32Column(2 * graph.nodes);
    this.#kind = byteColumn(2 * graph.nodes);
    this.#queue = int32Column(2 * graph.nodes);
  }

  /** A shortest cycle through `start`; null where there is none, or none of at most `longest` steps. */
  through(
    start: number,
    query: CycleQuery,
    longest: number = Number.POSITIVE_INFINITY,
  ): DependencyCycle | null {
    this.#search++;
    this.#queued = 0;
    if (this.#expand(start, start, query, true) >= 0) return null;
    let levelEnd = this.#queued;
    let steps = 1;
    for (let at = 0; at < this.#queued; at++) {
      if (at === levelEnd) {
        levelEnd = this.#queued;
        steps++;
      }
      if (steps >= longest) return null;
      const back = this.#expand(this.#queue[at]!, start, query, false);
      if (back >= 0) return this.#cycle(start, this.#queue[at]!, back);
    }
    return null;
  }

  /** Queues what follows a state. Answers the kind of the relation back to the start, −1 where there is none. */
  #expand(state: number, start: number, query: CycleQuery, isFirst: boolean): number {
    const { nodes, heads, targets, kinds } = this.#graph;
    const isAfter = state >= nodes;
    const node = isAfter ? state - nodes : state;
    const mask = isFirst ? query.first : query.rest;
    for (let at = heads[node]!; at < heads[node + 1]!; at++) {
      const kind = kinds[at]!;
      this.work++;
      if ((kind & mask) === 0 || (query.isSpaced && isAfter && kind === RW)) continue;
      const shift = query.isSpaced && kind === RW ? nodes : 0;
      if (this.#visit(targets[at]!, shift, state, kind, start, query, isFirst)) return kind;
    }
    return -1;
  }

  /** Visits a target and, where that is a helper, all that it leads to. Is one of them the start? */
  #visit(
    target: number,
    shift: number,
    from: number,
    kind: number,
    start: number,
    query: CycleQuery,
    isFirst: boolean,
  ): boolean {
    const { transactions, heads, targets, kinds } = this.#graph;
    const helpers = this.#helpers;
    helpers.length = 0;
    helpers.push(target);
    // What the start leads to by itself is no cycle, so helpers may have to be passed once more for others.
    const passed = isFirst ? new Set<number>() : null;
    const itself = from % this.#graph.nodes;
    for (let node = helpers.pop(); node !== undefined; node = helpers.pop()) {
      if (node === start) {
        if (isFirst || shift > 0) continue;
        return true;
      }
      if (node === itself) continue;
      const state = node + shift;
      if (query.rank[state]! > query.rank[start]!) continue;
      if (node < transactions || passed === null) {
        if (this.#seen[state] === this.#search) continue;
        this.#seen[state] = this.#search;
      } else if (passed.has(state)) continue;
      else passed.add(state);
      if (node < transactions) {
        this.#parent[state] = from;
        this.#kind[state] = kind;
        this.#queue[this.#queued++] = state;
        continue;
      }
      for (let at = heads[node]!; at < heads[node + 1]!; at++) {
        this.work++;
        if ((kinds[at]! & (LINK | CLOCK)) !== 0) helpers.push(targets[at]!);
      }
    }
    return false;
  }

  #cycle(start: number, last: number, back: number): DependencyCycle {
    const { nodes } = this.#graph;
    const path: number[] = [];
    const kinds: number[] = [back];
    for (let state = last; ; state = this.#parent[state]!) {
      path.push(state >= nodes ? state - nodes : state);
      kinds.push(this.#kind[state]!);
      if (this.#parent[state] === start) break;
    }
    return { nodes: [start, ...path.reverse()], kinds: kinds.reverse() };
  }
}
