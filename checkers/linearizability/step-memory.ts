import type { LinearizabilityModel } from "./linearizability-model.ts";
import type { ObjectCalls } from "./object-calls.ts";
import type { StateTable } from "./state-table.ts";

/** Where a call cannot have had its answer. */
export const REFUSED = -1;

const placesMin = 1 << 10;
const placesMax = 1 << 18;

/**
 * The steps of a model between numbers of states. Remembers some of those that were asked for last: a place each for
 * pairs of state and call, which the next pair with the same place takes over. Calls that do the same share theirs.
 */
export class StepMemory<State> {
  readonly #model: LinearizabilityModel<State>;
  readonly #calls: ObjectCalls;
  readonly #states: StateTable<State>;
  readonly #mask: number;
  /** By place: the state and the call of whom the step is remembered, and the next state. */
  readonly #from: Int32Array;
  readonly #by: Int32Array;
  readonly #to: Int32Array;

  constructor(model: LinearizabilityModel<State>, calls: ObjectCalls, states: StateTable<State>) {
    this.#model = model;
    this.#calls = calls;
    this.#states = states;
    let places = placesMin;
    while (places < placesMax && places < 8 * calls.count) places *= 2;
    this.#mask = places - 1;
    this.#from = new Int32Array(places).fill(-1);
    this.#by = new Int32Array(places);
    this.#to = new Int32Array(places);
  }

  /** Bytes taken. */
  get bytes(): number {
    return 12 * this.#from.length;
  }

  /** The number of the state after a call in a state; {@link REFUSED}. */
  next(state: number, call: number): number {
    const kind = this.#calls.kind[call]!;
    // What has an answer may be refused where the same without one does nothing.
    const by = kind < 0 || this.#calls.code[call]! >= 0 ? call : ~kind;
    const place = (Math.imul(state, 0x9e3779b1) ^ Math.imul(by, 0x85ebca6b)) & this.#mask;
    if (this.#from[place] === state && this.#by[place] === by) return this.#to[place]!;
    const next = this.#model.step(this.#states.at(state), this.#calls.calls[call]!);
    const number = next === undefined ? REFUSED : this.#states.numberOf(next);
    this.#from[place] = state;
    this.#by[place] = by;
    this.#to[place] = number;
    return number;
  }
}
