import { identityOf } from "../history/json-value.ts";
import type { Json } from "../history/operation.ts";
import type { ObjectCalls } from "./object-calls.ts";
import { NEVER } from "./window-plan.ts";

/** A dequeue that answered that the queue was empty. */
export const FOUND_NOTHING = -1;
/** A dequeue of unknown outcome, or one that no enqueue explains. */
export const TOOK_ANYTHING = -2;

/**
 * The calls on a queue, each value with the two calls by which it passed. Times are positions among the events of
 * the queue; what it held at the start was put in by calls before all others, one after the other.
 */
export interface QueueCalls {
  /** How many events there are. */
  readonly length: number;
  /** Events that stand for what was there at the start. */
  readonly offset: number;
  /** By value, in the order in which enqueues were sent: what it is, and the call; −1 for what was there at the start. */
  readonly values: readonly Json[];
  readonly enqueue: readonly number[];
  /** By value: when the enqueue was sent and when it returned, {@link NEVER} for an unknown outcome. */
  readonly putInFrom: readonly number[];
  readonly putInBy: readonly number[];
  /** By value: the dequeue that answered it; −1. */
  readonly takenBy: readonly number[];
  /** By dequeue, in the order in which they were sent: the call, sent, returned, and which value it answered. */
  readonly dequeue: readonly number[];
  readonly sent: readonly number[];
  readonly returned: readonly number[];
  readonly took: readonly number[];
  /** Is no value put in twice? Else which enqueue a dequeue belongs to is a guess. */
  readonly isDistinct: boolean;
  /** The first dequeue that answered what nobody had sent, or what another one that returned before had answered; −1. */
  readonly strayDequeue: number;
}

/**
 * Reads the calls on a queue that held `initial` at the start. Of equal values the one that certainly went in
 * first is the one that came out first: a guess. Sorting apart linear, but for equal values.
 */
export function queueCalls(calls: ObjectCalls, initial: readonly Json[]): QueueCalls {
  const offset = 2 * initial.length;
  const values: Json[] = [...initial];
  const enqueue = initial.map(() => -1);
  const putInFrom = initial.map((_, at) => 2 * at);
  const putInBy = initial.map((_, at) => 2 * at + 1);
  const dequeue: number[] = [];
  const sent: number[] = [];
  const returned: number[] = [];
  for (const [call, { f, input }] of calls.calls.entries()) {
    const from = calls.invoked[call]! + offset;
    const by = calls.returned[call] === NEVER ? NEVER : calls.returned[call]! + offset;
    (f === "enqueue" ? enqueue : dequeue).push(call);
    (f === "enqueue" ? putInFrom : sent).push(from);
    (f === "enqueue" ? putInBy : returned).push(by);
    if (f === "enqueue") values.push(input ?? null);
  }
  const length = calls.events.length + offset;
  const passages = matched(calls, { values, putInFrom, putInBy, dequeue, returned });
  return { length, offset, values, enqueue, putInFrom, putInBy, dequeue, sent, returned, ...passages };
}

type Unmatched = Pick<QueueCalls, "values" | "putInFrom" | "putInBy" | "dequeue" | "returned">;

function matched(
  calls: ObjectCalls,
  { values, putInFrom, putInBy, dequeue, returned }: Unmatched,
): Pick<QueueCalls, "takenBy" | "took" | "isDistinct" | "strayDequeue"> {
  const waiting = new Map<unknown, number[]>();
  for (const [value, content] of values.entries()) {
    const identity = identityOf(content);
    const equal = waiting.get(identity);
    if (equal === undefined) waiting.set(identity, [value]);
    else equal.push(value);
  }
  const isDistinct = waiting.size === values.length;
  if (!isDistinct) for (const equal of waiting.values()) equal.sort((a, b) => putInBy[a]! - putInBy[b]!);
  const takenBy = values.map(() => -1);
  const took = dequeue.map(() => TOOK_ANYTHING);
  let strayDequeue = -1;
  const answered = [...dequeue.keys()].filter((at) => returned[at]! < NEVER);
  answered.sort((a, b) => returned[a]! - returned[b]!);
  for (const at of answered) {
    const output = calls.calls[dequeue[at]!]!.output ?? null;
    if (output === null) {
      took[at] = FOUND_NOTHING;
      continue;
    }
    const equal = waiting.get(identityOf(output)) ?? [];
    const place = equal.findIndex((value) => putInFrom[value]! < returned[at]!);
    if (place < 0) {
      if (strayDequeue < 0) strayDequeue = at;
      continue;
    }
    const [value] = equal.splice(place, 1);
    took[at] = value!;
    takenBy[value!] = at;
  }
  return { takenBy, took, isDistinct, strayDequeue };
}
