import { ChoiceOrder } from "./choice-order.ts";
import { COMMITTED } from "./register-transactions.ts";

/** What is needed of transactions to place their beginnings and ends in time. */
interface Placed {
  readonly history: { readonly length: number };
  readonly count: number;
  readonly invocation: Int32Array;
  readonly completion: Int32Array;
  readonly outcome: Uint8Array;
}

/**
 * Events of transactions, and moments between them, with the relations that are known. A transaction that
 * reads from a snapshot has two events, its begin and its commit; else it is one.
 */
export class EventGraph {
  readonly #txns: Placed;
  readonly #nodes: number;
  readonly #isSplit: boolean;
  readonly #from: number[] = [];
  readonly #to: number[] = [];

  /** `nodes`: transactions, and moments behind them. */
  constructor(txns: Placed, nodes: number, isSplit: boolean) {
    this.#txns = txns;
    this.#nodes = nodes;
    this.#isSplit = isSplit;
    if (isSplit) for (let at = 0; at < txns.count; at++) this.relate(this.begin(at), this.end(at));
  }

  /** The event at which a transaction began to see what others did. */
  begin(transaction: number): number {
    return transaction;
  }

  /** The event from which on others may see what a transaction did. */
  end(transaction: number): number {
    return this.#isSplit ? this.#nodes + transaction : transaction;
  }

  /** A moment of time, by its number among the nodes. */
  moment(node: number): number {
    return node;
  }

  relate(from: number, to: number): void {
    this.#from.push(from);
    this.#to.push(to);
  }

  /**
   * An order that agrees with all relations, and else with the times at which transactions ended (their
   * beginnings: began); null where they contradict each other. n log n.
   */
  ordered(): ChoiceOrder | null {
    const size = this.#nodes + (this.#isSplit ? this.#txns.count : 0);
    const heads = new Int32Array(size + 1);
    const missing = new Int32Array(size);
    for (const from of this.#from) heads[from + 1]!++;
    for (const to of this.#to) missing[to]!++;
    for (let node = 0; node < size; node++) heads[node + 1]! += heads[node]!;
    const next = heads.slice(0, size);
    const targets = new Int32Array(this.#from.length);
    for (let at = 0; at < this.#from.length; at++) targets[next[this.#from[at]!]!++] = this.#to[at]!;
    const queue = new TimeQueue(this.#times(size));
    for (let node = 0; node < size; node++) if (missing[node] === 0) queue.push(node);
    const place = new Int32Array(size);
    let placed = 0;
    for (let node = queue.pop(); node >= 0; node = queue.pop()) {
      place[node] = placed++;
      for (let at = heads[node]!; at < heads[node + 1]!; at++) {
        const target = targets[at]!;
        missing[target]!--;
        if (missing[target] === 0) queue.push(target);
      }
    }
    if (placed < size) return null;
    const order = new ChoiceOrder(place);
    for (let at = 0; at < this.#from.length; at++) order.add(this.#from[at]!, this.#to[at]!, 0);
    return order;
  }

  #times(size: number): Float64Array {
    const { count, invocation, completion, outcome, history } = this.#txns;
    // Moments come as soon as they can.
    const times = new Float64Array(size).fill(-1);
    for (let at = 0; at < count; at++) {
      const ended = outcome[at] === COMMITTED ? completion[at]! : history.length;
      times[this.end(at)] = ended;
      if (this.#isSplit) times[this.begin(at)] = invocation[at]!;
    }
    return times;
  }
}

/** A binary heap of nodes by time, then by number. */
class TimeQueue {
  readonly #times: Float64Array;
  readonly #heap: number[] = [];

  constructor(times: Float64Array) {
    this.#times = times;
  }

  push(node: number): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(node);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#isBefore(node, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = node;
  }

  /** The earliest node; −1 where there is none. */
  pop(): number {
    const heap = this.#heap;
    const first = heap[0] ?? -1;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && this.#isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (!this.#isBefore(heap[child]!, last)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
    return first;
  }

  #isBefore(a: number, b: number): boolean {
    return this.#times[a]! < this.#times[b]! || (this.#times[a] === this.#times[b] && a < b);
  }
}
