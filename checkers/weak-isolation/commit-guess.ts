import { COMMITTED } from "../transactions/register-transactions.ts";
import type { HappensBefore } from "./happens-before.ts";
import type { VisibleHistory } from "./visible-history.ts";

/**
 * An order of the transactions that agrees with a happens-before without cycles and is likely to be that
 * of their commits: that of their completions, each transaction after all that happened before it. Where
 * sessions are listed one after the other, as in files without times, the order of completions tells
 * nothing, and the order in which happens-before was sorted is taken. Linear; nothing depends on the guess but speed.
 */
export function guessCommitOrder(history: VisibleHistory, before: HappensBefore): Int32Array {
  if (isListedBySession(history)) return before.order;
  const wanted = byCompletion(history);
  const { starts, predecessors } = before;
  const cursor = starts.slice();
  const isPlaced = new Uint8Array(history.happened.length);
  const path = new Int32Array(before.order.length);
  const order = new Int32Array(before.order.length);
  let size = 0;
  for (let at = 0; at < wanted.length; at++) {
    if (isPlaced[wanted[at]!] === 1) continue;
    path[0] = wanted[at]!;
    for (let depth = 0; depth >= 0; ) {
      const t = path[depth]!;
      if (cursor[t]! < starts[t + 1]!) {
        const p = predecessors[cursor[t]!++]!;
        if (isPlaced[p] === 0) path[++depth] = p;
        continue;
      }
      isPlaced[t] = 1;
      order[size++] = t;
      depth--;
    }
  }
  return order;
}

/** Is every session's list of transactions in one piece, or nearly? */
function isListedBySession({ happened, transactions }: VisibleHistory): boolean {
  const { session, history } = transactions;
  let switches = 0;
  let last = -1;
  let count = 0;
  for (let t = 0; t < happened.length; t++) {
    if (happened[t] === 0) continue;
    count++;
    if (session[t] !== last) switches++;
    last = session[t]!;
  }
  return switches < 2 * history.sessions.length && 2 * switches < count;
}

/** The transactions that happened by their completion; those without a known end by their invocation. */
function byCompletion({ happened, transactions }: VisibleHistory): Int32Array {
  const { history, completion, invocation, outcome } = transactions;
  const ends = new Int32Array(history.length).fill(-1);
  let count = 0;
  for (let t = 0; t < happened.length; t++) {
    if (happened[t] === 0) continue;
    count++;
    ends[outcome[t] === COMMITTED ? completion[t]! : invocation[t]!] = t;
  }
  const sorted = new Int32Array(count);
  let size = 0;
  for (let row = 0; row < ends.length; row++) if (ends[row]! >= 0) sorted[size++] = ends[row]!;
  return sorted;
}
