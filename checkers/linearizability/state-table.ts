import { identityOf } from "../history/json-value.ts";
import type { Json } from "../history/operation.ts";
import type { LinearizabilityModel } from "./linearizability-model.ts";

/** The states of an object that were met, each with a number: so that configurations are compared by numbers. */
export class StateTable<State> {
  readonly #model: LinearizabilityModel<State>;
  readonly #states: State[] = [];
  /** By identity, or by hash: the number of the state that was added last. */
  readonly #last = new Map<unknown, number>();
  /** By number: the state before with the same hash; −1. */
  readonly #before: number[] = [];
  #bytes = 0;

  constructor(model: LinearizabilityModel<State>) {
    this.#model = model;
  }

  /** Bytes taken, roughly: what states have in common is counted with each of them. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The state with a number. */
  at(number: number): State {
    return this.#states[number]!;
  }

  /** The number of a state. */
  numberOf(state: State): number {
    const { hash, equal } = this.#model;
    const isJson = hash === undefined || equal === undefined;
    const bucket = isJson ? identityOf(state as Json) : this.#model.hash!(state);
    const last = this.#last.get(bucket) ?? -1;
    if (isJson && last >= 0) return last;
    for (let at = last; at >= 0; at = this.#before[at]!) {
      if (this.#model.equal!(this.#states[at]!, state)) return at;
    }
    const number = this.#states.length;
    this.#states.push(state);
    this.#before.push(last);
    this.#last.set(bucket, number);
    this.#bytes += 64 + (typeof bucket === "string" ? 2 * bucket.length : 0) + bytesOf(state);
    return number;
  }
}

/** Bytes of a state and of the lists in it, but not of what these hold. */
function bytesOf(state: unknown): number {
  if (typeof state !== "object" || state === null) return 0;
  if (Array.isArray(state)) return 40 + 8 * state.length;
  let bytes = 40;
  for (const part of Object.values(state)) bytes += 8 + (Array.isArray(part) ? 40 + 8 * part.length : 0);
  return bytes;
}
