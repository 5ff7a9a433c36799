/** "`before` was written before `after`", and the row of the history that says so. */
export interface OrderEdge {
  readonly before: number;
  readonly after: number;
  readonly because: number;
}

/**
 * A shortest cycle through one of the values whose order contradicts itself, or null where an order of
 * all values exists. Values are numbered from 0 to `count` − 1; the answer depends on nothing but the
 * edges and their order. Linear (Kahn 1962: what cannot be sorted topologically leads to a cycle).
 */
export function contradiction(count: number, edges: readonly OrderEdge[]): OrderEdge[] | null {
  const left = unsorted(count, edges);
  const inside = edges.filter(({ before, after }) => left[before] === 1 && left[after] === 1);
  const [first] = inside;
  if (first === undefined) return null;
  const reached = onCycle(count, inside, first.before);
  return shortestCycle(count, inside, reached);
}

/** 1 for every value that has a predecessor which cannot be sorted. */
function unsorted(count: number, edges: readonly OrderEdge[]): Uint8Array {
  const outgoing = adjacency(count, edges);
  const pending = new Int32Array(count);
  for (const { after } of edges) pending[after]!++;
  const left = new Uint8Array(count).fill(1);
  const ready: number[] = [];
  for (let value = 0; value < count; value++) if (pending[value] === 0) ready.push(value);
  for (let value = ready.pop(); value !== undefined; value = ready.pop()) {
    left[value] = 0;
    for (let at = outgoing.starts[value]!; at < outgoing.starts[value + 1]!; at++) {
      const { after } = edges[outgoing.edges[at]!]!;
      if (--pending[after]! === 0) ready.push(after);
    }
  }
  return left;
}

/** Walks to predecessors until a value comes again: that one lies on a cycle. */
function onCycle(count: number, edges: readonly OrderEdge[], from: number): number {
  const predecessor = new Int32Array(count).fill(-1);
  for (const { before, after } of edges) if (predecessor[after]! < 0) predecessor[after] = before;
  const visited = new Uint8Array(count);
  let value = from;
  while (visited[value] === 0) {
    visited[value] = 1;
    value = predecessor[value]!;
  }
  return value;
}

/** Breadth first from `start` back to it. */
function shortestCycle(count: number, edges: readonly OrderEdge[], start: number): OrderEdge[] {
  const outgoing = adjacency(count, edges);
  const cameBy = new Int32Array(count).fill(-1);
  const queue = [start];
  for (let head = 0; head < queue.length; head++) {
    const value = queue[head]!;
    for (let at = outgoing.starts[value]!; at < outgoing.starts[value + 1]!; at++) {
      const edge = outgoing.edges[at]!;
      const { after } = edges[edge]!;
      if (cameBy[after]! >= 0) continue;
      cameBy[after] = edge;
      if (after === start) return pathTo(edges, cameBy, start);
      queue.push(after);
    }
  }
  return [];
}

function pathTo(edges: readonly OrderEdge[], cameBy: Int32Array, start: number): OrderEdge[] {
  const path: OrderEdge[] = [];
  let value = start;
  do {
    const edge = edges[cameBy[value]!]!;
    path.push(edge);
    value = edge.before;
  } while (value !== start);
  return path.reverse();
}

/** The edges that leave each value, as one list with a slice for each. */
function adjacency(
  count: number,
  edges: readonly OrderEdge[],
): { readonly starts: Int32Array; readonly edges: Int32Array } {
  const starts = new Int32Array(count + 1);
  for (const edge of edges) starts[edge.before + 1]!++;
  for (let value = 0; value < count; value++) starts[value + 1]! += starts[value]!;
  const filled = starts.slice();
  const list = new Int32Array(edges.length);
  for (const [at, edge] of edges.entries()) list[filled[edge.before]!++] = at;
  return { starts, edges: list };
}
