import type { CheckBudget } from "../check-budget.ts";
import { CallWindow } from "./call-window.ts";
import { likelyOrder } from "./likely-order.ts";
import type { LinearizabilityModel } from "./linearizability-model.ts";
import type { ObjectCalls } from "./object-calls.ts";
import type { OrderTrace } from "./order-trace.ts";
import { searchLimit } from "./search-limit.ts";
import type { SearchOutcome } from "./search-outcome.ts";
import { StateTable } from "./state-table.ts";
import { REFUSED, StepMemory } from "./step-memory.ts";
import { BITS, POSITION, STATE, VisitedConfigurations } from "./visited-configurations.ts";
import { NEVER, planWindow, type WindowPlan } from "./window-plan.ts";

const choicesPerQuestion = 4096;

/**
 * Is there an order of the calls on an object that explains what they answered and agrees with real time?
 *
 * Goes through the events and lets calls take effect when one of them must, just before it returns (Lowe,
 * "Testing for linearizability", 2017: just-in-time linearization); where it cannot go on it goes back to the
 * last choice (Wing and Gong 1993) and remembers where it has been (Lowe), by the window of open calls.
 */
export class ObjectSearch<State> {
  readonly #model: LinearizabilityModel<State>;
  readonly #calls: ObjectCalls;
  readonly #budget: CheckBudget | undefined;
  readonly #plan: WindowPlan;
  readonly #states: StateTable<State>;
  readonly #steps: StepMemory<State>;
  readonly #visited: VisitedConfigurations;
  readonly #window: CallWindow;
  readonly #likely: Float64Array;
  readonly #usedAt: number;
  readonly #trace: OrderTrace | undefined;
  /** The configuration at hand. */
  readonly #now: Int32Array;
  /** Configurations that wait with a choice, one after the other, and what each tries next. */
  #waiting: Int32Array;
  #choices: Int32Array;
  #depth = 0;
  /** Position of the event that comes next. */
  #at = 0;
  #furthest = -1;
  #choicesTried = 0;
  #nextQuestion = choicesPerQuestion;
  #stopped: string | null = null;

  constructor(
    model: LinearizabilityModel<State>,
    calls: ObjectCalls,
    budget: CheckBudget | undefined,
    trace?: OrderTrace,
  ) {
    this.#trace = trace;
    this.#model = model;
    this.#calls = calls;
    this.#budget = budget;
    this.#likely = likelyOrder(model, calls);
    this.#plan = planWindow(calls, calls.code, () => NEVER);
    const { bitWords, usedWords } = this.#plan;
    this.#visited = new VisitedConfigurations(bitWords, usedWords);
    this.#window = new CallWindow(calls, this.#plan, this.#likely);
    this.#states = new StateTable(model);
    this.#steps = new StepMemory(model, calls, this.#states);
    this.#usedAt = BITS + bitWords;
    this.#now = new Int32Array(this.#visited.stride);
    this.#now[STATE] = this.#states.numberOf(model.init());
    this.#waiting = new Int32Array(this.#visited.stride * 64);
    this.#choices = new Int32Array(64);
  }

  /** Searches until there is an answer or the budget ends. */
  run(): SearchOutcome {
    let isOpen = this.#proceed();
    while (!isOpen && this.#depth > 0 && this.#stopped === null) {
      this.#countChoice();
      isOpen = this.#choose();
    }
    const placed = this.#returnsBefore(this.#furthest);
    if (isOpen) return { kind: "linearizable" };
    if (this.#stopped === null) {
      return { kind: "stuck", call: ~this.#calls.events[this.#furthest]!, placed };
    }
    return { kind: "stopped", reason: this.#stopped, placed, returning: this.#returnsBefore(Infinity) };
  }

  /** The states in which the object can have been when the search got stuck, in words: some of them, and how many. */
  statesBefore(most: number): { readonly states: readonly string[]; readonly count: number } {
    const { words, stride, size } = this.#visited;
    const numbers = new Set<number>();
    for (let at = 0; at < size; at++) {
      if (words[at * stride + POSITION] === this.#furthest) numbers.add(words[at * stride + STATE]!);
    }
    const describe = (state: State): string => this.#model.describe?.(state) ?? JSON.stringify(state);
    const states = [...numbers].slice(0, most).map((number) => describe(this.#states.at(number)));
    return { states, count: numbers.size };
  }

  /** Goes on to a return of a call that has not taken effect, and waits there. Is it the end of all events? */
  #proceed(): boolean {
    const { events } = this.#calls;
    for (; this.#at < events.length; this.#at++) {
      const event = events[this.#at]!;
      if (event >= 0) {
        this.#window.enter(event);
        if (this.#calls.code[event]! >= 0) continue;
        if (!this.#isSeen(event)) this.#setPending(event, true);
        else this.#trace?.took(event);
        continue;
      }
      if (this.#isPending(~event)) {
        this.#wait();
        return false;
      }
      this.#window.leave(~event);
    }
    return true;
  }

  #wait(): void {
    this.#now[POSITION] = this.#at;
    if (this.#at > this.#furthest) this.#furthest = this.#at;
    if (!this.#visited.insert(this.#now, 0)) return;
    const { stride } = this.#visited;
    if (this.#depth === this.#choices.length) this.#growWaiting();
    this.#trace?.comesTo(this.#depth);
    this.#waiting.set(this.#now, this.#depth * stride);
    this.#choices[this.#depth++] = this.#window.first;
  }

  /** Tries the next choice of the configuration that waited last. Did that lead to the end of all events? */
  #choose(): boolean {
    const { stride } = this.#visited;
    const top = this.#depth - 1;
    this.#goBackTo(this.#waiting[top * stride + POSITION]!);
    this.#trace?.goesBackTo(top);
    const open = this.#choices[top]!;
    if (open === this.#window.end) {
      this.#depth = top;
      return false;
    }
    this.#choices[top] = this.#window.after(open);
    for (let word = 0; word < stride; word++) this.#now[word] = this.#waiting[top * stride + word]!;
    return this.#takeEffect(open) && this.#proceed();
  }

  /** Lets a call take effect in the configuration at hand. Could it? */
  #takeEffect(open: number): boolean {
    const lane = this.#window.laneOf(open);
    const call = this.#window.callOf(open);
    if (lane < 0 ? !this.#isPending(call) : this.#used(lane) >= this.#window.arrived[lane]!) return false;
    if (this.#hasStandIn(call, lane >= 0)) return false;
    const before = this.#now[STATE]!;
    const state = this.#steps.next(before, call);
    if (state === REFUSED) return false;
    // A call that nobody knows the outcome of, and that changes nothing, need not have happened.
    if (lane >= 0 && state === before) return false;
    if (lane < 0) this.#setPending(call, false);
    else
      this.#now[this.#usedAt + (this.#plan.laneByte[lane]! >> 2)]! +=
        1 << ((this.#plan.laneByte[lane]! & 3) * 8);
    this.#trace?.took(call);
    if (state !== before) {
      this.#now[STATE] = state;
      this.#takeReads();
    }
    return true;
  }

  /**
   * Is there an open call that does the same and must take effect sooner? Then it can as well do so now, and the other
   * one in its place: that is an order, too, since both are open from now until it returns, and a call of unknown
   * outcome for ever. So of calls that do the same only the one that returns first need be tried. Where a model guesses
   * the order of calls, that guess is worth more.
   */
  #hasStandIn(call: number, isUnknown: boolean): boolean {
    const { kind, returned } = this.#calls;
    const own = kind[call]!;
    if (own < 0 || this.#model.likelyOrder !== undefined) return false;
    for (let open = this.#window.first; open !== this.#window.end; open = this.#window.after(open)) {
      if (open === call || this.#window.laneOf(open) >= 0 || kind[open] !== own) continue;
      if ((isUnknown || returned[open]! < returned[call]!) && this.#isPending(open)) return true;
    }
    return false;
  }

  /** Lets all reads take effect that agree with the state: to do that now can never be worse than later. */
  #takeReads(): void {
    for (let open = this.#window.first; open !== this.#window.end; open = this.#window.after(open)) {
      if (this.#window.laneOf(open) >= 0 || !this.#isPending(open)) continue;
      if (!this.#isSeen(open)) continue;
      this.#setPending(open, false);
      this.#trace?.took(open);
    }
  }

  /** Is this a read that agrees with the state and leaves it as it is? */
  #isSeen(call: number): boolean {
    if (this.#calls.isRead[call] === 0) return false;
    const before = this.#now[STATE]!;
    return this.#steps.next(before, call) === before;
  }

  #goBackTo(position: number): void {
    const { events } = this.#calls;
    while (this.#at > position) {
      const event = events[--this.#at]!;
      if (event < 0) this.#window.comeBack(~event);
      else this.#window.takeBack(event);
    }
  }

  #isPending(call: number): boolean {
    const slot = this.#plan.slot[call]!;
    return ((this.#now[BITS + (slot >> 5)]! >>> (slot & 31)) & 1) === 1;
  }

  #setPending(call: number, isPending: boolean): void {
    const slot = this.#plan.slot[call]!;
    const bit = 1 << (slot & 31);
    if (isPending) this.#now[BITS + (slot >> 5)]! |= bit;
    else this.#now[BITS + (slot >> 5)]! &= ~bit;
  }

  #used(lane: number): number {
    const byte = this.#plan.laneByte[lane]!;
    return (this.#now[this.#usedAt + (byte >> 2)]! >>> ((byte & 3) * 8)) & 0xff;
  }

  #returnsBefore(position: number): number {
    return this.#calls.events.subarray(0, Math.max(0, position)).filter((event) => event < 0).length;
  }

  #growWaiting(): void {
    const waiting = new Int32Array(this.#waiting.length * 2);
    waiting.set(this.#waiting);
    this.#waiting = waiting;
    const choices = new Int32Array(this.#choices.length * 2);
    choices.set(this.#choices);
    this.#choices = choices;
  }

  #countChoice(): void {
    if (++this.#choicesTried < this.#nextQuestion) return;
    this.#nextQuestion = this.#choicesTried + choicesPerQuestion;
    const waiting = { bytes: 4 * this.#waiting.length };
    const parts = [this.#visited, this.#states, this.#steps, this.#window, waiting];
    this.#stopped = searchLimit(this.#budget, parts, this.#furthest / this.#calls.events.length);
  }
}
