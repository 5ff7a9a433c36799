import { CLOCK, type DependencyGraph, dependencyGraph, EdgeList, LINK, RW } from "./dependency-graph.ts";

/**
 * The graph whose walks are the walks of `graph` in which no two anti-dependencies follow each other: each
 * node is there twice, the second time (`nodes` further) for being reached by an anti-dependency. Snapshot
 * isolation forbids exactly the cycles in it (Cerone and Gotsman, "Analysing Snapshot Isolation", 2016).
 * Other kinds than those in `mask` and anti-dependencies are left out. Linear.
 */
export function spacedGraph(graph: DependencyGraph, mask: number): DependencyGraph {
  const { nodes, transactions, heads, targets, kinds } = graph;
  const edges = new EdgeList(2 * targets.length);
  for (let node = 0; node < nodes; node++) {
    for (let at = heads[node]!; at < heads[node + 1]!; at++) {
      const kind = kinds[at]!;
      const target = targets[at]!;
      if (kind === RW) edges.add(node, target + nodes, kind);
      else if ((kind & mask) === 0) continue;
      else {
        edges.add(node, target, kind);
        // Out of a helper the relation that led into it goes on.
        const isOn = (kind & (LINK | CLOCK)) !== 0;
        edges.add(node + nodes, isOn ? target + nodes : target, kind);
      }
    }
  }
  return dependencyGraph(edges, transactions, 2 * nodes);
}
