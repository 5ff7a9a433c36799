import { identityOf } from "../../history/json-value.ts";
import type { ModelCall } from "../linearizability-model.ts";

/** A value's way through the queue: the calls that put it in and took it out; −1 where nobody did. */
interface Passage {
  readonly enqueue: number;
  readonly dequeue: number;
}

/**
 * In which order values probably entered a queue: one that agrees with the real time of the calls that put them
 * in and of those that took them out, where there is one. Of equal values the one that was put in first is
 * taken out first. Sorting apart, linear.
 */
export function likelyQueueOrder(
  calls: readonly ModelCall[],
  invoked: Float64Array,
  returned: Float64Array,
): Float64Array {
  const order = Float64Array.from(returned);
  const passages = passagesOf(calls, returned);
  const leaves = (at: number): number => {
    const { dequeue } = passages[at]!;
    return dequeue < 0 ? Number.POSITIVE_INFINITY : returned[dequeue]!;
  };
  const lost = calls.some(({ f, isAnswered }) => f === "dequeue" && !isAnswered);
  const timesOf = (callOf: (passage: Passage) => number, times: Float64Array): Float64Array =>
    Float64Array.from(passages, (passage) => times[callOf(passage)] ?? Number.POSITIVE_INFINITY);
  const enqueueOf = ({ enqueue }: Passage): number => enqueue;
  const dequeueOf = ({ dequeue }: Passage): number => dequeue;
  // What nobody took out may have been taken out by a call of unknown outcome, at any moment.
  const leftFrom = ({ enqueue, dequeue }: Passage): number => (lost && dequeue < 0 ? enqueue : dequeue);
  const entering = new Turn(timesOf(enqueueOf, invoked), timesOf(enqueueOf, returned));
  const leaving = new Turn(timesOf(leftFrom, invoked), timesOf(dequeueOf, returned));
  const ready: number[] = [];
  let last = 0;
  for (let left = passages.length; left > 0; left--) {
    for (const at of entering.arrivals()) if (leaving.hasArrived(at)) ready.push(at);
    for (const at of leaving.arrivals()) if (entering.hasArrived(at) && !ready.includes(at)) ready.push(at);
    // Where none is ready there is no such order: any will do.
    const next = ready.length > 0 ? takeLeast(ready, leaves) : entering.firstLeft();
    entering.remove(next);
    leaving.remove(next);
    const time = Math.min(leaves(next), Number.MAX_SAFE_INTEGER);
    last = Math.max(last + 1e-6, time - 0.5);
    order[passages[next]!.enqueue] = last;
  }
  return order;
}

/** Which value passed by which calls: of equal values the first that went in is the first that came out. */
function passagesOf(calls: readonly ModelCall[], returned: Float64Array): Passage[] {
  const taken = new Map<unknown, number[]>();
  for (const [call, { f, output, isAnswered }] of calls.entries()) {
    if (f !== "dequeue" || !isAnswered || (output ?? null) === null) continue;
    const identity = identityOf(output ?? null);
    const dequeues = taken.get(identity) ?? [];
    taken.set(identity, dequeues);
    dequeues.push(call);
  }
  for (const dequeues of taken.values()) dequeues.sort((a, b) => returned[b]! - returned[a]!);
  return calls.flatMap(({ f, input }, enqueue) => {
    if (f !== "enqueue") return [];
    return [{ enqueue, dequeue: taken.get(identityOf(input ?? null))?.pop() ?? -1 }];
  });
}

/** Takes out the one that leaves first. */
function takeLeast(ready: number[], leaves: (at: number) => number): number {
  let least = 0;
  for (let at = 1; at < ready.length; at++) if (leaves(ready[at]!) < leaves(ready[least]!)) least = at;
  const found = ready[least]!;
  ready[least] = ready.at(-1)!;
  ready.pop();
  return found;
}

/** Goes through calls in an order that agrees with real time: which of those that are left may be the next? */
class Turn {
  readonly #byInvocation: readonly number[];
  readonly #byReturn: readonly number[];
  readonly #invoked: Float64Array;
  readonly #returned: Float64Array;
  readonly #isRemoved: Uint8Array;
  readonly #isThere: Uint8Array;
  #arrived = 0;
  #first = 0;

  constructor(invoked: Float64Array, returned: Float64Array) {
    this.#invoked = invoked;
    this.#returned = returned;
    const sortedBy = (times: Float64Array): readonly number[] =>
      [...times.keys()].sort((a, b) => (times[a]! < times[b]! ? -1 : times[a]! > times[b]! ? 1 : a - b));
    this.#byInvocation = sortedBy(this.#invoked);
    this.#byReturn = sortedBy(this.#returned);
    this.#isRemoved = new Uint8Array(invoked.length);
    this.#isThere = new Uint8Array(invoked.length);
  }

  /** Those that no other that is left must go before, and that were not told of yet. */
  arrivals(): readonly number[] {
    const until = this.#returned[this.firstLeft()]!;
    const from = this.#arrived;
    while (this.#arrived < this.#byInvocation.length) {
      const at = this.#byInvocation[this.#arrived]!;
      if (this.#invoked[at]! > until) break;
      this.#isThere[at] = 1;
      this.#arrived++;
    }
    return this.#byInvocation.slice(from, this.#arrived).filter((at) => this.#isRemoved[at] === 0);
  }

  hasArrived(at: number): boolean {
    return this.#isThere[at] === 1;
  }

  /** The one of those left that returns first. */
  firstLeft(): number {
    while (this.#isRemoved[this.#byReturn[this.#first]!] === 1) this.#first++;
    return this.#byReturn[this.#first]!;
  }

  remove(at: number): void {
    this.#isRemoved[at] = 1;
  }
}
