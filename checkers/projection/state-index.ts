import type { History } from "../history/history.ts";
import { JsonTable } from "../history/json-table.ts";
import { fieldOf } from "../history/json-value.ts";
import type { Json } from "../history/operation.ts";
import type { ProjectedLog } from "./projected-log.ts";

/** Instead of the number of a state: nothing is there, as before the first event; no event leads there. */
export const NOTHING = -2;

/**
 * Where each state of each entity stands on the log: which of an entity's events lead to it. Built once in linear
 * time; a state is numbered in the time that it takes to hash it, and found in logarithmic time of how often the
 * entity was in it.
 */
export class StateIndex {
  readonly #table = new JsonTable();
  /** Number of the state that each event leads to, in the order of `log.events`. */
  readonly #reached: Int32Array;
  /** By number of a state: its occurrences are those from `#starts[n]` up to `#starts[n + 1]`. */
  readonly #starts: Int32Array;
  /** Numbers of events of the entity, from 1, that lead to the state; rising. */
  readonly #numbers: Int32Array;

  constructor(history: History, log: ProjectedLog) {
    const states = new Int32Array(log.count);
    for (let event = 0; event < log.count; event++) {
      const row = log.row[event]!;
      states[event] = this.#table.intern(history.key[row]!, stateAfter(history, log, event));
    }
    const count = this.#table.values.length;
    this.#starts = new Int32Array(count + 1);
    for (let event = 0; event < log.count; event++) this.#starts[states[event]! + 1]!++;
    for (let state = 0; state < count; state++) this.#starts[state + 1]! += this.#starts[state]!;
    const next = this.#starts.slice();
    this.#numbers = new Int32Array(log.count);
    this.#reached = new Int32Array(log.count);
    for (let key = 0; key + 1 < log.starts.length; key++) {
      const start = log.starts[key]!;
      for (let at = start; at < log.starts[key + 1]!; at++) {
        const state = states[log.events[at]!]!;
        this.#reached[at] = state;
        this.#numbers[next[state]!++] = at - start + 1;
      }
    }
  }

  /** The number of a state of the entity; {@link NOTHING}; −1 where no event of the entity leads to it. */
  numberOf(key: number, state: Json): number {
    const number = this.#table.find(key, state);
    return number < 0 && state === null ? NOTHING : number;
  }

  /** The number of the state that an event leads to, which stands at the place `at` of `log.events`. */
  reachedAt(at: number): number {
    return this.#reached[at]!;
  }

  /** Does the number stand for nothing being there? */
  isNothing(state: number): boolean {
    return state === NOTHING || (state >= 0 && this.#table.values[state] === null);
  }

  /** The first event of the entity, numbered from 1, from `from` on that leads to the state; −1. */
  first(state: number, from: number): number {
    if (state < 0) return -1;
    const end = this.#starts[state + 1]!;
    let low = this.#starts[state]!;
    let high = end;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#numbers[middle]! < from) low = middle + 1;
      else high = middle;
    }
    return low < end ? this.#numbers[low]! : -1;
  }

  /** The last event of the entity, numbered from 1, that leads to the state; −1. */
  last(state: number): number {
    return state < 0 ? -1 : this.#numbers[this.#starts[state + 1]! - 1]!;
  }
}

/** The state that an event leads to; null: nothing is there. */
export function stateAfter(history: History, log: ProjectedLog, event: number): Json {
  return log.states === null ? (fieldOf(history.value[log.row[event]!], "put") ?? null) : log.states[event]!;
}
