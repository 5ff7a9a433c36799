import type { History } from "../history/history.ts";
import { fieldOf, identityOf, isSameJson } from "../history/json-value.ts";
import type { Json } from "../history/operation.ts";
import type { ProjectedLog } from "./projected-log.ts";

/** States that are compared one by one before all of an entity's states are put into a table; once they are, fewer. */
const nearby = { withoutTable: 32, withTable: 4 } as const;

/** The states that an entity had: number 0 is "nothing is there", number `k` the state after its `k`-th event. */
export class EntityStates {
  readonly #history: History;
  readonly #log: ProjectedLog;
  readonly #start: number;
  /** Number of the last state. */
  readonly last: number;
  /** Numbers of each state, rising. Built when first needed. */
  #numbers: Map<ReturnType<typeof identityOf>, number[]> | null = null;

  /** `key` is a position in `history.keys`. */
  constructor(history: History, log: ProjectedLog, key: number) {
    this.#history = history;
    this.#log = log;
    this.#start = log.starts[key]!;
    this.last = log.starts[key + 1]! - this.#start;
  }

  /** The event that led to state `number`, which is at least 1. */
  eventOf(number: number): number {
    return this.#log.events[this.#start + number - 1]!;
  }

  /** The state with a number; null: nothing is there. */
  at(number: number): Json {
    if (number === 0) return null;
    return fieldOf(this.#history.value[this.#log.row[this.eventOf(number)]!], "put") ?? null;
  }

  /** The first number from `from` on with this state; −1. Constant time nearby, else logarithmic. */
  first(state: Json, from: number): number {
    const near = Math.min(this.last, from + this.#nearby());
    for (let number = from; number <= near; number++) if (isSameJson(this.at(number), state)) return number;
    const numbers = near < this.last ? this.#numbersOf(state) : none;
    let low = 0;
    let high = numbers.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (numbers[middle]! < from) low = middle + 1;
      else high = middle;
    }
    return numbers[low] ?? -1;
  }

  /** The last number with this state; −1. */
  lastOf(state: Json): number {
    const near = Math.max(0, this.last - this.#nearby());
    for (let number = this.last; number >= near; number--) {
      if (isSameJson(this.at(number), state)) return number;
    }
    return near === 0 ? -1 : (this.#numbersOf(state).at(-1) ?? -1);
  }

  #nearby(): number {
    return this.#numbers === null ? nearby.withoutTable : nearby.withTable;
  }

  #numbersOf(state: Json): readonly number[] {
    if (this.#numbers === null) {
      this.#numbers = new Map();
      for (let number = 0; number <= this.last; number++) {
        const identity = identityOf(this.at(number));
        const known = this.#numbers.get(identity);
        if (known === undefined) this.#numbers.set(identity, [number]);
        else known.push(number);
      }
    }
    return this.#numbers.get(identityOf(state)) ?? none;
  }
}

/** Shared; never added to. */
const none: readonly number[] = [];
