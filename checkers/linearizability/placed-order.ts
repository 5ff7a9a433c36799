import type { CheckBudget } from "../check-budget.ts";
import { isSameJson } from "../history/json-value.ts";
import type { Json } from "../history/operation.ts";
import type { Unplaced } from "./first-unplaced.ts";
import type { JudgedObject } from "./judged-object.ts";
import type { LinearizabilityModel } from "./linearizability-model.ts";
import { type ObjectCalls, objectCalls } from "./object-calls.ts";
import { ObjectSearch } from "./object-search.ts";
import { OrderTrace } from "./order-trace.ts";

/** Questions to the budget, each some thousand choices, after which no order is written down. */
const questionsAtMost = 600;

/** Places that are tried, the last ones. */
const placesTried = 4;

/** A place in an order where the call that has none might be put, and why it cannot be. */
export interface TriedPlace {
  /** Row of the call that it would follow; −1 at the start. */
  readonly after: number;
  /** The state of the object there, in words. */
  readonly state: string;
  /** Row of the call that led to that state; −1 where it is that at the start. */
  readonly since: number;
  /** Row of the call that then could not answer what it did: often that which is to be placed. */
  readonly refused: number;
}

/** One order that explains all calls that had returned before the one that has no place. */
export interface PlacedOrder {
  /** What the object is. */
  readonly object: string;
  /** Rows of the invocations, in this order. Calls that had not returned by then may be among them. */
  readonly rows: readonly number[];
  /** The state of the object after it, in words. */
  readonly state: string;
  /** The last places behind every call that had returned before the one without a place was sent, first to last. */
  readonly tried: readonly TriedPlace[];
  /** How many such places there are before these. */
  readonly untried: number;
}

/**
 * Finds an order of everything that had returned before `found`, and tries that call in each place of it that real
 * time leaves. Null where none was found soon, or nothing is known exactly. It is asked for only where something is
 * reported, so that the search itself need not remember orders. Linear but for the
 * search.
 */
export function placedOrder<State>(
  { history, rows, roles, numbers }: JudgedObject,
  model: LinearizabilityModel<State>,
  found: Unplaced,
  budget: CheckBudget | undefined,
): PlacedOrder | null {
  if (!found.isExact) return null;
  const erased = model as LinearizabilityModel;
  const length = rows.findIndex((row) => row > found.row);
  const known = length < 0 ? rows : rows.subarray(0, length);
  // The call without a place is on its way: what it answered is not known.
  const before = objectCalls(history, known, roles, numbers, erased, found.row - 1);
  if ("malformed" in before) return null;
  const trace = new OrderTrace();
  if (new ObjectSearch(model, before, bounded(budget), trace).run().kind !== "linearizable") return null;
  const after = objectCalls(history, known, roles, numbers, erased, found.row);
  if ("malformed" in after) return null;
  // A read that had no answer yet is no call before its answer is known: the order has none, so numbers are changed.
  const goal = history.mate[found.row]!;
  const order = eachOnce(before, trace.calls).map((call) => numbers[before.row[call]!]!);
  return new Placing(
    model,
    { before: withUnanswered(after, numbers[goal]!), after },
    order,
    numbers[goal]!,
  ).result();
}

/** The same calls, of which one has not been answered yet. */
function withUnanswered(calls: ObjectCalls, call: number): ObjectCalls {
  const unanswered = { ...calls.calls[call]!, isAnswered: false, output: undefined };
  return { ...calls, calls: calls.calls.with(call, unanswered) };
}

function bounded(budget: CheckBudget | undefined): CheckBudget {
  let questions = 0;
  return {
    exceeded: (bytes, done) =>
      ++questions > questionsAtMost ? "no order was found soon" : (budget?.exceeded(bytes, done) ?? null),
  };
}

/** Of equal calls of unknown outcome the one that was sent first takes effect first. */
function eachOnce(calls: ObjectCalls, order: readonly number[]): number[] {
  const next = new Map<number, number>();
  return order.map((call) => {
    const code = calls.code[call]!;
    if (code < 0) return call;
    const one = calls.code.indexOf(code, next.get(code) ?? 0);
    next.set(code, one + 1);
    return one;
  });
}

class Placing<State> {
  readonly #model: LinearizabilityModel<State>;
  /** Calls as they were known before the one without a place returned, and with its answer: numbered alike. */
  readonly #before: ObjectCalls;
  readonly #after: ObjectCalls;
  readonly #order: readonly number[];
  readonly #goal: number;

  constructor(
    model: LinearizabilityModel<State>,
    calls: { readonly before: ObjectCalls; readonly after: ObjectCalls },
    order: readonly number[],
    goal: number,
  ) {
    this.#model = model;
    this.#before = calls.before;
    this.#after = calls.after;
    this.#order = order;
    this.#goal = goal;
  }

  result(): PlacedOrder {
    const { row } = this.#after;
    const rows = this.#order.map((call) => row[call]!);
    const state = this.#describe(this.#statesAfter(this.#model.init(), this.#order).at(-1)!);
    return { object: this.#model.name, rows, state, ...this.#places() };
  }

  #places(): Pick<PlacedOrder, "tried" | "untried"> {
    // It may have taken effect in the order already, while its answer was not known.
    const others = this.#order.filter((call) => call !== this.#goal);
    const states = this.#statesAfter(this.#model.init(), others);
    const rowAt = (call: number | undefined): number => (call === undefined ? -1 : this.#after.row[call]!);
    const tried: TriedPlace[] = [];
    const first = this.#firstPlace(others);
    const start = Math.max(first, others.length + 1 - placesTried);
    for (let at = start; at <= others.length; at++) {
      const reached = Math.min(at, states.length - 1);
      const state = states[reached]!;
      const refused = reached < at ? others[reached]! : this.#refused(state, others, at);
      const since = rowAt(others[this.#lastChange(states, reached) - 1]);
      const after = rowAt(others[at - 1]);
      tried.push({ after, state: this.#describe(state), since, refused: rowAt(refused) });
    }
    return { tried, untried: start - first };
  }

  /** The states from one on, after each of the calls in turn, up to the first that cannot be there. */
  #statesAfter(from: State, order: readonly number[]): State[] {
    const states = [from];
    for (const call of order) {
      const next = this.#model.step(states.at(-1)!, this.#before.calls[call]!);
      if (next === undefined) break;
      states.push(next);
    }
    return states;
  }

  /** The position from which on the object was in the state of this position. */
  #lastChange(states: readonly State[], position: number): number {
    const isSame = this.#model.equal ?? ((a: State, b: State) => isSameJson(a as Json, b as Json));
    let at = position;
    while (at > 0 && isSame(states[at - 1]!, states[position]!)) at--;
    return at;
  }

  /** The first call that cannot be where it is, if the one without a place comes at a position. */
  #refused(state: State, others: readonly number[], at: number): number | undefined {
    const next = this.#model.step(state, this.#after.calls[this.#goal]!);
    if (next === undefined) return this.#goal;
    return others[at + this.#statesAfter(next, others.slice(at)).length - 1];
  }

  /** Behind the last call that had returned before the one without a place was sent. */
  #firstPlace(others: readonly number[]): number {
    const { invoked, returned } = this.#after;
    return others.findLastIndex((call) => returned[call]! < invoked[this.#goal]!) + 1;
  }

  #describe(state: State): string {
    return this.#model.describe?.(state) ?? JSON.stringify(state);
  }
}
