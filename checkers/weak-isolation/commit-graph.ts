import type { HappensBefore } from "./happens-before.ts";
import type { InferredEdges } from "./inferred-edges.ts";

/** What must commit before what: the edges of happens-before, and inferred ones, by their source. */
export interface CommitGraph {
  /** Number of transactions. */
  readonly count: number;
  /** Edges of transaction `t`: `starts[t]` up to `starts[t + 1]`. */
  readonly starts: Int32Array;
  readonly to: Int32Array;
  /** Number of the inferred edge, −1 for one of happens-before. */
  readonly inferred: Int32Array;
}

/** The graph, with room for each edge once. Linear. */
export function commitGraph(before: HappensBefore, edges: InferredEdges): CommitGraph {
  const count = before.starts.length - 1;
  const { predecessors } = before;
  const starts = new Int32Array(count + 1);
  for (let at = 0; at < predecessors.length; at++) starts[predecessors[at]! + 1]!++;
  for (let at = 0; at < edges.count; at++) starts[edges.before[at]! + 1]!++;
  for (let t = 0; t < count; t++) starts[t + 1]! += starts[t]!;
  const filled = starts.slice(0, count);
  const to = new Int32Array(predecessors.length + edges.count);
  const inferred = new Int32Array(to.length).fill(-1);
  for (let t = 0; t < count; t++) {
    for (let at = before.starts[t]!; at < before.starts[t + 1]!; at++) to[filled[predecessors[at]!]!++] = t;
  }
  for (let at = 0; at < edges.count; at++) {
    const place = filled[edges.before[at]!]!++;
    to[place] = edges.after[at]!;
    inferred[place] = at;
  }
  return { count, starts, to, inferred };
}

/**
 * Which transactions lie on cycles: by transaction the number of its strongly connected component, −1 where
 * that is the transaction alone. Linear; no recursion, so that a cycle may be as long as the history
 * (Tarjan 1972, with the path on a stack of its own).
 */
export function cyclicComponents({ count, starts, to }: CommitGraph): {
  readonly component: Int32Array;
  readonly components: number;
} {
  const component = new Int32Array(count).fill(-1);
  const isLeft = peeled(count, starts, to);
  if (isLeft === null) return { component, components: 0 };
  const number = new Int32Array(count);
  const low = new Int32Array(count);
  const cursor = starts.slice(0, count);
  const path = new Int32Array(count);
  const open = new Int32Array(count);
  let components = 0;
  let visited = 0;
  for (let root = 0; root < count; root++) {
    if (isLeft[root] === 0 || number[root] !== 0) continue;
    let depth = 0;
    let opened = 0;
    path[0] = root;
    open[opened++] = root;
    number[root] = low[root] = ++visited;
    while (depth >= 0) {
      const t = path[depth]!;
      if (cursor[t]! < starts[t + 1]!) {
        const next = to[cursor[t]!++]!;
        if (isLeft[next] === 0) continue;
        if (number[next] === 0) {
          number[next] = low[next] = ++visited;
          open[opened++] = next;
          path[++depth] = next;
        } else if (low[t]! > number[next]!) low[t] = number[next]!;
        continue;
      }
      depth--;
      if (depth >= 0 && low[path[depth]!]! > low[t]!) low[path[depth]!] = low[t]!;
      if (low[t] !== number[t]) continue;
      const isAlone = open[opened - 1] === t;
      for (;;) {
        const member = open[--opened]!;
        if (!isAlone) component[member] = components;
        // Taken off the graph: nothing that comes later belongs to it.
        isLeft[member] = 0;
        if (member === t) break;
      }
      if (!isAlone) components++;
    }
  }
  return { component, components };
}

/** 1 for each transaction that some cycle leads to; null where there is no cycle. */
function peeled(count: number, starts: Int32Array, to: Int32Array): Uint8Array | null {
  const pending = new Int32Array(count);
  for (let at = 0; at < to.length; at++) pending[to[at]!]!++;
  const ready = new Int32Array(count);
  let tail = 0;
  for (let t = 0; t < count; t++) if (pending[t] === 0) ready[tail++] = t;
  for (let head = 0; head < tail; head++) {
    const t = ready[head]!;
    for (let at = starts[t]!; at < starts[t + 1]!; at++)
      if (--pending[to[at]!]! === 0) ready[tail++] = to[at]!;
  }
  if (tail === count) return null;
  const isLeft = new Uint8Array(count).fill(1);
  for (let at = 0; at < tail; at++) isLeft[ready[at]!] = 0;
  return isLeft;
}
