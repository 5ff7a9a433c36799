import type { History } from "../history/history.ts";
import { JsonTable } from "../history/json-table.ts";
import { fieldOf } from "../history/json-value.ts";
import type { Json } from "../history/operation.ts";
import type { ProjectedLog } from "./projected-log.ts";

/**
 * Where each state of each entity stands on the log: which of an entity's events lead to it. Built once in linear
 * time; asked in the time that it takes to hash a state, and logarithmic in how often the entity was in it.
 */
export class StateIndex {
  readonly #table = new JsonTable();
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
    for (let key = 0; key + 1 < log.starts.length; key++) {
      const start = log.starts[key]!;
      for (let at = start; at < log.starts[key + 1]!; at++) {
        this.#numbers[next[states[log.events[at]!]!]!++] = at - start + 1;
      }
    }
  }

  /** The first event of the entity, numbered from 1, from `from` on that leads to the state; −1. */
  first(key: number, state: Json, from: number): number {
    const number = this.#table.find(key, state);
    if (number < 0) return -1;
    const end = this.#starts[number + 1]!;
    let low = this.#starts[number]!;
    let high = end;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#numbers[middle]! < from) low = middle + 1;
      else high = middle;
    }
    return low < end ? this.#numbers[low]! : -1;
  }

  /** The last event of the entity, numbered from 1, that leads to the state; −1. */
  last(key: number, state: Json): number {
    const number = this.#table.find(key, state);
    return number < 0 ? -1 : this.#numbers[this.#starts[number + 1]! - 1]!;
  }
}

/** The state that an event leads to; null: nothing is there. */
export function stateAfter(history: History, log: ProjectedLog, event: number): Json {
  return log.states === null ? (fieldOf(history.value[log.row[event]!], "put") ?? null) : log.states[event]!;
}
