import { FOUND_NOTHING, type QueueCalls } from "./queue-calls.ts";

/** Why the calls on a queue have no order. Values and dequeues are numbers of {@link QueueCalls}. */
export type QueueFlaw =
  /** It answered what nobody had sent by then, or what another dequeue had answered. */
  | { readonly kind: "stray"; readonly dequeue: number }
  /** One value was put in before the other and taken out after it. */
  | { readonly kind: "overtaken"; readonly first: number; readonly second: number }
  /** More values went in before this one than were taken out before it: as many as `left`, and `lost` may have been. */
  | { readonly kind: "in-front"; readonly value: number; readonly left: number; readonly lost: number }
  /** It found nothing, and something was there all the while. */
  | { readonly kind: "not-empty"; readonly dequeue: number };

/**
 * What is wrong with the calls on a queue of which no value is put in twice, if nothing is known of what comes
 * after the position `until`; null where they have an order. Linear.
 *
 * Source: the aspects of Henzinger, Sezgin and Vafeiadis ("Aspect-oriented linearizability proofs", CONCUR 2013),
 * extended to calls of unknown outcome, which here are also those that are still open:
 *
 * - An enqueue of unknown outcome happened if its value was taken out. Else an order with it is one without it.
 * - A dequeue of unknown outcome takes any value that nobody else took, or does nothing. In an order that needs such
 *   dequeues, the i-th value that they take may be taken by the i-th of them to be sent: only their number matters.
 * - A value that nobody took out, *left* for short, goes in just before its enqueue returns: where it went in
 *   sooner, moving it behind the next value delays its own removal and nothing else. It is removed, by a dequeue of
 *   unknown outcome, just before something that needs it gone, never sooner.
 * - What needs the left values gone that went in before: a value taken out whose enqueue was sent after these had
 *   returned, by the time its dequeue returns; and a dequeue that finds nothing. Each of these needs by itself that
 *   the left values before it are not more than the dequeues of unknown outcome sent by then. As both numbers only
 *   rise, that is enough for all together: every value can go in as soon and come out as late as real time and the
 *   other values allow, at once, in the order of the earliest moments at which they can have gone in.
 * - A dequeue finds nothing at a moment at which no value must be there, from the return of its enqueue until its
 *   dequeue is sent, and at which what is left can be gone. Such moments do not depend on each other: what must
 *   be over before one of them need not go on after another.
 * - Values that are taken out have an order if no two of them are put in one way round and taken out the other way.
 */
export function queueFlaw(queue: QueueCalls, until: number = queue.length - 1): QueueFlaw | null {
  const { strayDequeue } = queue;
  if (strayDequeue >= 0 && queue.returned[strayDequeue]! <= until)
    return { kind: "stray", dequeue: strayDequeue };
  const timeline = timelineOf(queue, until);
  return valueFlaw(queue, until, timeline) ?? emptyFlaw(queue, until, timeline);
}

/** By position: what is known of the queue right after the event there. */
interface Timeline {
  /** Of the values that certainly were in by then, the one whose dequeue was sent last; −1. */
  readonly latest: Int32Array;
  /** Values that must be there, and are taken out later. */
  readonly there: Int32Array;
  /** Values that certainly were in by then, and that nobody took out. */
  readonly left: Int32Array;
  /** Dequeues of unknown outcome that had been sent. */
  readonly lost: Int32Array;
}

function timelineOf(queue: QueueCalls, until: number): Timeline {
  const { putInFrom, putInBy, sent, returned } = queue;
  const latest = new Int32Array(until + 2).fill(-1);
  const [there, left, lost] = [0, 1, 2].map(() => new Int32Array(until + 2)) as [
    Int32Array,
    Int32Array,
    Int32Array,
  ];
  for (let value = 0; value < putInFrom.length && putInFrom[value]! <= until; value++) {
    const by = takenOutBy(queue, value, until);
    if (by < 0) {
      if (putInBy[value]! <= until) left[putInBy[value]!]!++;
      continue;
    }
    const isIn = Math.min(putInBy[value]!, by);
    latest[isIn] = value;
    const isSent = takenOutFrom(queue, value);
    if (isIn < isSent) {
      there[isIn]!++;
      there[isSent]!--;
    }
  }
  for (let at = 0; at < sent.length && sent[at]! <= until; at++)
    if (returned[at]! > until) lost[sent[at]!]!++;
  for (let at = 1; at <= until; at++) {
    there[at]! += there[at - 1]!;
    left[at]! += left[at - 1]!;
    lost[at]! += lost[at - 1]!;
    const before = latest[at - 1]!;
    if (before < 0) continue;
    const own = latest[at]!;
    if (own < 0 || takenOutFrom(queue, own) < takenOutFrom(queue, before)) latest[at] = before;
  }
  return { latest, there, left, lost };
}

function valueFlaw(queue: QueueCalls, until: number, { latest, left, lost }: Timeline): QueueFlaw | null {
  const { putInFrom } = queue;
  for (let value = 0; value < putInFrom.length && putInFrom[value]! <= until; value++) {
    const by = takenOutBy(queue, value, until);
    if (by < 0) continue;
    const from = putInFrom[value]!;
    const first = latest[from]!;
    if (first >= 0 && takenOutFrom(queue, first) > by) return { kind: "overtaken", first, second: value };
    if (left[from]! > lost[by]!) {
      return { kind: "in-front", value, left: left[from]!, lost: lost[by]! };
    }
  }
  return null;
}

function emptyFlaw(queue: QueueCalls, until: number, { there, left, lost }: Timeline): QueueFlaw | null {
  const { sent, returned, took } = queue;
  /** By position: moments up to this one at which the queue can have been empty. */
  const empty = new Int32Array(until + 2);
  for (let at = 0; at <= until; at++) {
    empty[at + 1] = empty[at]! + (there[at] === 0 && left[at]! <= lost[at]! ? 1 : 0);
  }
  for (let at = 0; at < sent.length && sent[at]! <= until; at++) {
    if (took[at] !== FOUND_NOTHING || returned[at]! > until) continue;
    if (empty[returned[at]!] === empty[sent[at]!]) return { kind: "not-empty", dequeue: at };
  }
  return null;
}

/** When the dequeue returned that took out a value; −1 where none had by then. */
function takenOutBy({ takenBy, returned }: QueueCalls, value: number, until: number): number {
  const dequeue = takenBy[value]!;
  return dequeue < 0 || returned[dequeue]! > until ? -1 : returned[dequeue]!;
}

/** The earliest moment at which a value that was taken out can have been: not before it was put in. */
function takenOutFrom({ takenBy, sent, putInFrom }: QueueCalls, value: number): number {
  return Math.max(sent[takenBy[value]!]!, putInFrom[value]!);
}
