import type { History } from "../history/history.ts";
import type { Json } from "../history/operation.ts";
import type { ProjectedLog } from "./projected-log.ts";
import { NOTHING, type StateIndex, stateAfter } from "./state-index.ts";

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

  /** What {@link first} and {@link lastOf} call a state. */
  stateOf(state: Json): number {
    return this.#index.numberOf(this.#key, state);
  }

  /** The first number from `from` on with this state; −1. Constant time where it is `from`, else logarithmic. */
  first(state: number, from: number): number {
    return this.#is(from, state) ? from : this.#index.first(state, from);
  }

  /** The last number with this state; −1. Constant time. */
  lastOf(state: number): number {
    if (this.#is(this.last, state)) return this.last;
    return state === NOTHING ? 0 : this.#index.last(state);
  }

  #is(number: number, state: number): boolean {
    if (number === 0) return this.#index.isNothing(state);
    return this.#index.reachedAt(this.#start + number - 1) === state;
  }
}
