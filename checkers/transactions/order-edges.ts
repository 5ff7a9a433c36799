import { CLOCK, type EdgeList, REALTIME, SESSION } from "./dependency-graph.ts";
import { int32Column } from "./large-columns.ts";
import { COMMITTED } from "./register-transactions.ts";

/** What is needed of transactions to order them by session and time. */
export interface Timed {
  readonly history: { readonly length: number };
  readonly count: number;
  readonly invocation: Int32Array;
  readonly completion: Int32Array;
  readonly session: Int32Array;
  readonly outcome: Uint8Array;
}

/**
 * Relates each transaction that committed to the next one of its session that happened. The order is the
 * chain of these. One that never committed has nothing after it: it may have taken effect at any time.
 */
export function addSessionOrder(edges: EdgeList, txns: Timed, happened: Uint8Array): void {
  let sessions = 0;
  for (let at = 0; at < txns.count; at++) sessions = Math.max(sessions, txns.session[at]! + 1);
  const last = int32Column(sessions).fill(-1);
  for (let at = 0; at < txns.count; at++) {
    if (happened[at] === 0) continue;
    const session = txns.session[at]!;
    const before = last[session]!;
    if (before >= 0 && txns.completion[before]! < txns.invocation[at]!) edges.add(before, at, SESSION);
    if (txns.outcome[at] === COMMITTED) last[session] = at;
  }
}

/**
 * Relates each transaction that committed to all that began after it had ended, in linear many edges: it
 * leads to the moment of its end, each moment leads to the next one, and each transaction comes after the
 * last moment before it began. Completions without a beginning between them share a moment. Helper nodes
 * are numbered from `nodes` on; answers how many nodes there are then.
 */
export function addRealTimeOrder(edges: EdgeList, txns: Timed, happened: Uint8Array, nodes: number): number {
  const { length } = txns.history;
  const ending = int32Column(length).fill(-1);
  for (let at = 0; at < txns.count; at++) {
    if (txns.outcome[at] === COMMITTED) ending[txns.completion[at]!] = at;
  }
  let moment = -1;
  let next = nodes;
  let isFresh = false;
  let begun = 0;
  for (let row = 0; row < length; row++) {
    const ended = ending[row]!;
    if (ended >= 0) {
      if (!isFresh) {
        if (moment >= 0) edges.add(moment, next, CLOCK);
        moment = next++;
        isFresh = true;
      }
      edges.add(ended, moment, REALTIME);
    } else if (begun < txns.count && txns.invocation[begun] === row) {
      if (moment >= 0 && happened[begun] === 1) {
        edges.add(moment, begun, CLOCK);
        isFresh = false;
      }
      begun++;
    }
  }
  return next;
}
