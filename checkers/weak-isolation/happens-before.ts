import type { VisibleHistory } from "./visible-history.ts";

/** Session order and reads-from between the transactions that happened, as a graph. */
export interface HappensBefore {
  /** What comes right before transaction `t`: `predecessors` from `starts[t]` up to `starts[t + 1]`, each once. */
  readonly starts: Int32Array;
  readonly predecessors: Int32Array;
  /** The transactions in an order that agrees with it; shorter than there are transactions if there is none. */
  readonly order: Int32Array;
  /** Does it contradict itself? */
  readonly isCyclic: boolean;
}

/** Linear (Kahn 1962). */
export function happensBefore({ happened, chains, reads }: VisibleHistory): HappensBefore {
  const count = happened.length;
  const starts = new Int32Array(count + 1);
  const predecessors = new Int32Array(chains.order.length + reads.count);
  const seenBy = new Int32Array(count).fill(-1);
  let size = 0;
  for (let t = 0; t < count; t++) {
    starts[t] = size;
    const previous = chains.previous[t]!;
    if (previous >= 0) {
      predecessors[size++] = previous;
      seenBy[previous] = t;
    }
    for (let read = reads.starts[t]!; read < reads.starts[t + 1]!; read++) {
      const source = reads.writer[read]!;
      if (source < 0 || seenBy[source] === t) continue;
      seenBy[source] = t;
      predecessors[size++] = source;
    }
  }
  starts[count] = size;
  const order = sorted(happened, starts, predecessors);
  const isCyclic = order.length < chains.order.length;
  return { starts, predecessors: predecessors.subarray(0, size), order, isCyclic };
}

function sorted(happened: Uint8Array, starts: Int32Array, predecessors: Int32Array): Int32Array {
  const count = happened.length;
  const outgoing = new Int32Array(count + 1);
  const size = starts[count]!;
  for (let at = 0; at < size; at++) outgoing[predecessors[at]! + 1]!++;
  for (let t = 0; t < count; t++) outgoing[t + 1]! += outgoing[t]!;
  const filled = outgoing.slice(0, count);
  const successors = new Int32Array(size);
  const pending = new Int32Array(count);
  const order = new Int32Array(count);
  let tail = 0;
  for (let t = 0; t < count; t++) {
    for (let at = starts[t]!; at < starts[t + 1]!; at++) successors[filled[predecessors[at]!]!++] = t;
    pending[t] = starts[t + 1]! - starts[t]!;
    if (happened[t] === 1 && pending[t] === 0) order[tail++] = t;
  }
  for (let head = 0; head < tail; head++) {
    const t = order[head]!;
    for (let at = outgoing[t]!; at < outgoing[t + 1]!; at++) {
      const successor = successors[at]!;
      if (--pending[successor]! === 0) order[tail++] = successor;
    }
  }
  return order.subarray(0, tail);
}
