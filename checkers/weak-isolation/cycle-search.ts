import { type CommitGraph, cyclicComponents } from "./commit-graph.ts";

/** One step of a cycle: `from` must commit before `to`. */
export interface CycleStep {
  readonly from: number;
  readonly to: number;
  /** Number of the inferred edge; −1: happens-before. */
  readonly inferred: number;
}

/** A cycle: each step begins where the one before it ends, the first one where the last one ends. */
export type FoundCycle = readonly CycleStep[];

/** Edges that are looked at to find a short cycle in one component, at most. */
const workMax = 4_000_000;
/** Inferred edges of one component that are compared, at most. */
const comparedMax = 100_000;
/** Inferred edges of one component from which a cycle is looked for, at most. */
const startsMax = 48;

/**
 * Short cycles of a graph of commits: of each strongly connected component the shortest found for each
 * value of `kindOf` (of an inferred edge) that has but this one inferred edge; where there is none, the
 * shortest found. Components come in the order of their first transaction, at most `componentsMax` of
 * them; `omitted` is the number of the others. Linear in the graph for each component that is searched,
 * up to a fixed amount of work.
 */
export function shortCycles(
  graph: CommitGraph,
  kindOf: (inferred: number) => string,
  componentsMax: number,
): { readonly cycles: readonly FoundCycle[]; readonly omitted: number } {
  const { component, components } = cyclicComponents(graph);
  if (components === 0) return { cycles: [], omitted: 0 };
  const search = new CycleSearch(graph, component);
  const cycles: FoundCycle[] = [];
  const members = membersOf(component, components);
  for (const member of members.slice(0, componentsMax)) cycles.push(...search.inComponent(member, kindOf));
  return { cycles, omitted: Math.max(0, components - componentsMax) };
}

/** Transactions of each component, components by their first transaction. */
function membersOf(component: Int32Array, components: number): number[][] {
  const members: number[][] = Array.from({ length: components }, () => []);
  const inOrder: number[][] = [];
  for (let t = 0; t < component.length; t++) {
    if (component[t]! < 0) continue;
    const own = members[component[t]!]!;
    if (own.length === 0) inOrder.push(own);
    own.push(t);
  }
  return inOrder;
}

class CycleSearch {
  readonly #graph: CommitGraph;
  readonly #component: Int32Array;
  readonly #visited: Int32Array;
  /** Edge by which each transaction was reached, and where that edge starts. */
  readonly #edge: Int32Array;
  readonly #source: Int32Array;
  readonly #queue: Int32Array;
  #round = 0;
  #work = 0;

  constructor(graph: CommitGraph, component: Int32Array) {
    this.#graph = graph;
    this.#component = component;
    this.#visited = new Int32Array(graph.count);
    this.#edge = new Int32Array(graph.count);
    this.#source = new Int32Array(graph.count);
    this.#queue = new Int32Array(graph.count);
  }

  inComponent(members: readonly number[], kindOf: (inferred: number) => string): FoundCycle[] {
    const starts = this.#startEdges(members);
    this.#work = 0;
    if (starts.length === 0) {
      const found = this.#shortest(
        members.slice(0, startsMax).map((t) => ({ from: t, edge: -1 })),
        true,
      );
      return found === null ? [] : [found];
    }
    const byKind = new Map<string, FoundCycle>();
    for (const start of starts) {
      if (this.#work > workMax) break;
      const steps = this.#cycleThrough(start, false);
      if (steps === null) continue;
      const kind = kindOf(this.#graph.inferred[start.edge]!);
      const known = byKind.get(kind);
      if (known === undefined || steps.length < known.length) byKind.set(kind, steps);
    }
    if (byKind.size > 0) return [...byKind.values()];
    this.#work = 0;
    const found = this.#shortest(starts, true);
    return found === null ? [] : [found];
  }

  /** Inferred edges inside of the component; those between transactions that are close in time first. */
  #startEdges(members: readonly number[]): { from: number; edge: number }[] {
    const { starts, to, inferred } = this.#graph;
    const found: { from: number; edge: number; far: number }[] = [];
    for (const from of members) {
      if (found.length > comparedMax) break;
      for (let edge = starts[from]!; edge < starts[from + 1]!; edge++) {
        if (inferred[edge]! < 0 || this.#component[to[edge]!] !== this.#component[from]) continue;
        found.push({ from, edge, far: Math.abs(from - to[edge]!) });
      }
    }
    found.sort((a, b) => a.far - b.far || a.from - b.from || a.edge - b.edge);
    return found.slice(0, startsMax);
  }

  #shortest(starts: readonly { from: number; edge: number }[], anyEdge: boolean): FoundCycle | null {
    let shortest: FoundCycle | null = null;
    for (const start of starts) {
      if (shortest !== null && this.#work > workMax) break;
      const steps = this.#cycleThrough(start, anyEdge);
      if (steps !== null && (shortest === null || steps.length < shortest.length)) shortest = steps;
    }
    return shortest;
  }

  /**
   * A shortest way back to where an edge starts, with that edge before it; without an edge, a shortest
   * cycle through `from`. Inferred edges are taken only if `anyEdge`.
   */
  #cycleThrough({ from, edge }: { from: number; edge: number }, anyEdge: boolean): CycleStep[] | null {
    const { starts, to, inferred } = this.#graph;
    const round = ++this.#round;
    const first = edge < 0 ? from : to[edge]!;
    this.#queue[0] = first;
    let tail = 1;
    if (edge >= 0) this.#visited[first] = round;
    for (let head = 0; head < tail; head++) {
      const t = this.#queue[head]!;
      this.#work += starts[t + 1]! - starts[t]!;
      for (let at = starts[t]!; at < starts[t + 1]!; at++) {
        const next = to[at]!;
        if (this.#component[next] !== this.#component[from] || this.#visited[next] === round) continue;
        if (!anyEdge && inferred[at]! >= 0) continue;
        this.#visited[next] = round;
        this.#edge[next] = at;
        this.#source[next] = t;
        if (next === from) return this.#stepsBack(from, edge, first);
        this.#queue[tail++] = next;
      }
    }
    return null;
  }

  #stepsBack(from: number, edge: number, first: number): CycleStep[] {
    const { to, inferred } = this.#graph;
    const steps: CycleStep[] = [];
    let t = from;
    do {
      const at = this.#edge[t]!;
      steps.push({ from: this.#source[t]!, to: t, inferred: inferred[at]! });
      t = this.#source[t]!;
    } while (t !== first);
    if (edge >= 0) steps.push({ from, to: to[edge]!, inferred: inferred[edge]! });
    return steps.reverse();
  }
}
