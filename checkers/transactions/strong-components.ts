import type { DependencyGraph } from "./dependency-graph.ts";
import { byteColumn, int32Column } from "./large-columns.ts";

/**
 * For each node the number of its strongly connected component, over the edges whose kind is in `mask`.
 * Numbers rise along edges: an edge that leaves a component leads to one with a higher number.
 *
 * Tarjan's algorithm in the form that needs one number a node (Pearce, "A space-efficient algorithm for
 * finding strongly connected components", 2016), without recursion. Linear.
 */
export function strongComponents(graph: DependencyGraph, mask: number): Int32Array {
  const { nodes, heads, targets, kinds } = graph;
  // 0: not seen. Up to `nodes`: number of the visit, lowered to that of the first node it can get back to.
  // Above: number of the finished component, plus `nodes`, so that it never looks like a way back.
  const number = int32Column(nodes);
  const isRoot = byteColumn(nodes).fill(1);
  const cursor = int32Column(nodes);
  const path = int32Column(nodes);
  // Finished nodes whose component is still open.
  const open = int32Column(nodes);
  let openSize = 0;
  let visits = 0;
  let component = 2 * nodes;
  for (let start = 0; start < nodes; start++) {
    if (number[start] !== 0) continue;
    let depth = 0;
    path[0] = start;
    number[start] = ++visits;
    cursor[start] = heads[start]!;
    while (depth >= 0) {
      const node = path[depth]!;
      const end = heads[node + 1]!;
      let lowest = number[node]!;
      let at = cursor[node]!;
      let child = -1;
      for (; at < end; at++) {
        if ((kinds[at]! & mask) === 0) continue;
        const seen = number[targets[at]!]!;
        if (seen === 0) {
          child = targets[at]!;
          break;
        }
        if (seen < lowest) {
          lowest = seen;
          isRoot[node] = 0;
        }
      }
      number[node] = lowest;
      // Not past the edge to the child: what it can get back to is read when it is done.
      cursor[node] = at;
      if (child >= 0) {
        path[++depth] = child;
        number[child] = ++visits;
        cursor[child] = heads[child]!;
        continue;
      }
      depth--;
      if (isRoot[node] === 0) {
        open[openSize++] = node;
        continue;
      }
      while (openSize > 0 && number[open[openSize - 1]!]! >= lowest) {
        number[open[--openSize]!] = component;
        visits--;
      }
      number[node] = component--;
      visits--;
    }
  }
  for (let node = 0; node < nodes; node++) number[node]! -= nodes;
  return number;
}

/**
 * The components that hold at least two transactions, each as a list of its nodes in rising order; in the
 * order of their first transactions. Linear.
 */
export function knots(graph: DependencyGraph, component: Int32Array): Int32Array[] {
  const { nodes, transactions } = graph;
  const members = int32Column(nodes + 1);
  for (let node = 0; node < transactions; node++) members[component[node]!]!++;
  const place = int32Column(nodes + 1);
  const sizes: number[] = [];
  for (let node = 0; node < nodes; node++) {
    const own = component[node]!;
    if (members[own]! < 2) continue;
    if (place[own] === 0) {
      sizes.push(0);
      place[own] = sizes.length;
    }
    sizes[place[own]! - 1]!++;
  }
  const lists = sizes.map((size) => int32Column(size));
  const filled = int32Column(lists.length);
  for (let node = 0; node < nodes; node++) {
    const at = place[component[node]!]! - 1;
    if (at >= 0) lists[at]![filled[at]!++] = node;
  }
  return lists;
}
