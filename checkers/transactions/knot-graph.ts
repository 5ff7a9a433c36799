import { type DependencyGraph, dependencyGraph, EdgeList, RW, WR, WW } from "./dependency-graph.ts";
import { byteColumn, int32Column } from "./large-columns.ts";

/** One strongly connected part of a graph, numbered anew. */
export interface KnotGraph {
  readonly graph: DependencyGraph;
  /** Number in the whole graph of each node. */
  readonly nodes: Int32Array;
}

/** Cuts parts out of a graph; the tables are made once. */
export class KnotCutter {
  readonly #local: Int32Array;
  /** By node: the worst relation from the node that is looked at, and which node that was. */
  readonly #worst: Uint8Array;
  readonly #from: Int32Array;

  constructor(nodes: number) {
    this.#local = int32Column(nodes);
    this.#worst = byteColumn(nodes);
    this.#from = int32Column(nodes).fill(-1);
  }

  /**
   * The part of these nodes, in rising order, with the edges among them of all the graphs given, which
   * have the same nodes. Of several relations of the data between two nodes only the worst is left, by
   * which a cycle is to be named: ww before wr before rw. Linear in the edges.
   */
  cut(members: Int32Array, graphs: readonly DependencyGraph[]): KnotGraph {
    const local = this.#local;
    for (let at = 0; at < members.length; at++) local[members[at]!] = at + 1;
    const edges = new EdgeList(4 * members.length);
    let transactions = 0;
    for (let at = 0; at < members.length; at++) {
      const node = members[at]!;
      for (const graph of graphs) {
        if (node < graph.transactions) transactions = at + 1;
        this.#weigh(graph, node);
        for (let edge = graph.heads[node]!; edge < graph.heads[node + 1]!; edge++) {
          const target = graph.targets[edge]!;
          const kind = graph.kinds[edge]!;
          if (local[target] === 0 || (kind <= RW && kind > this.#worst[target]!)) continue;
          edges.add(at, local[target]! - 1, kind);
        }
      }
    }
    for (let at = 0; at < members.length; at++) local[members[at]!] = 0;
    return { graph: dependencyGraph(edges, transactions, members.length), nodes: members };
  }
  /** Notes the worst relation of the data from a node to each of its targets. */
  #weigh(graph: DependencyGraph, node: number): void {
    for (let edge = graph.heads[node]!; edge < graph.heads[node + 1]!; edge++) {
      const target = graph.targets[edge]!;
      const kind = graph.kinds[edge]!;
      if (kind !== WW && kind !== WR && kind !== RW) continue;
      if (this.#from[target] === node && this.#worst[target]! <= kind) continue;
      this.#from[target] = node;
      this.#worst[target] = kind;
    }
  }
}
