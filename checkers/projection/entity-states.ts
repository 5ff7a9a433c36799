import type { History } from "../history/history.ts";
import { isSameJson } from "../history/json-value.ts";
import type { Json } from "../history/operation.ts";
import type { ProjectedLog } from "./projected-log.ts";
import { type StateIndex, stateAfter } from "./state-index.ts";

/** The states that an entity had: number 0 is "nothing is there", number `k` the state after its `k`-th event. */
export class EntityStates {
  readonly #history: History;
  readonly #log: ProjectedLog;
  readonly #index: StateIndex;
  readonly #key: number;
  readonly #start: number;
  /** Number of the last state. */
  readonly last: number;

  /** `key` is a position in `history.keys`. */
  constructor(history: History, log: ProjectedLog, index: StateIndex, key: number) {
    this.#history = history;
    this.#log = log;
    this.#index = index;
    this.#key = key;
    this.#start = log.starts[key]!;
    this.last = log.starts[key + 1]! - this.#start;
  }

  /** The event that led to state `number`, which is at least 1. */
  eventOf(number: number): number {
    return this.#log.events[this.#start + number - 1]!;
  }

  /** The state with a number; null: nothing is there. */
  at(number: number): Json {
    return number === 0 ? null : stateAfter(this.#history, this.#log, this.eventOf(number));
  }

  /** The first number from `from` on with this state; −1. Constant time where it is `from`, else logarithmic. */
  first(state: Json, from: number): number {
    return isSameJson(this.at(from), state) ? from : this.#index.first(this.#key, state, from);
  }

  /** The last number with this state; −1. */
  lastOf(state: Json): number {
    if (isSameJson(this.at(this.last), state)) return this.last;
    const found = this.#index.last(this.#key, state);
    return found < 0 && state === null ? 0 : found;
  }
}
