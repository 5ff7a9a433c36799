import { byteColumn, int32Column, longerBytes, longerInt32 } from "./large-columns.ts";
/** The target wrote the next version of something that the source wrote. */
export const WW = 1;
/** The target read what the source wrote. */
export const WR = 2;
/** The target wrote the next version of something that the source read. */
export const RW = 4;
/** The target came after the source in one session. */
export const SESSION = 8;
/** From a transaction to the moment at which it had ended. */
export const REALTIME = 16;
/** Out of a helper node: the relation that led into it goes on to the target. */
export const LINK = 32;
/** Out of a moment: to the next one, and to the transactions that began after it. */
export const CLOCK = 64;

/** Relations between transactions while they are collected. */
export class EdgeList {
  length = 0;
  from: Int32Array;
  to: Int32Array;
  kind: Uint8Array;

  constructor(room: number) {
    this.from = int32Column(room);
    this.to = int32Column(room);
    this.kind = byteColumn(room);
  }

  add(from: number, to: number, kind: number): void {
    if (this.length === this.from.length) this.#grow();
    const at = this.length++;
    this.from[at] = from;
    this.to[at] = to;
    this.kind[at] = kind;
  }

  #grow(): void {
    const room = 2 * this.length + 16;
    this.from = longerInt32(this.from, room);
    this.to = longerInt32(this.to, room);
    this.kind = longerBytes(this.kind, room);
  }
}

/**
 * Nodes with their outgoing edges side by side. Nodes below `transactions` are transactions; the others
 * are helpers that stand for many edges at once: "every version after this one", "a moment in time".
 */
export interface DependencyGraph {
  readonly transactions: number;
  readonly nodes: number;
  /** Length `nodes + 1`: edges of node `v` are `heads[v]` to `heads[v + 1] − 1`. */
  readonly heads: Int32Array;
  readonly targets: Int32Array;
  readonly kinds: Uint8Array;
}

/** The graph of these edges; of one node in the order in which they were added. Linear. */
export function dependencyGraph(edges: EdgeList, transactions: number, nodes: number): DependencyGraph {
  const { length, from, to, kind } = edges;
  const heads = int32Column(nodes + 1);
  for (let at = 0; at < length; at++) heads[from[at]! + 1]!++;
  for (let node = 0; node < nodes; node++) heads[node + 1]! += heads[node]!;
  const next = longerInt32(heads.subarray(0, nodes), nodes);
  const targets = int32Column(length);
  const kinds = byteColumn(length);
  for (let at = 0; at < length; at++) {
    const slot = next[from[at]!]!++;
    targets[slot] = to[at]!;
    kinds[slot] = kind[at]!;
  }
  return { transactions, nodes, heads, targets, kinds };
}
