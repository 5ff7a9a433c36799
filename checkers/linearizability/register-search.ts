import type { CheckBudget } from "../check-budget.ts";
import { BITS, ConfigurationSet, SETTER, STATE } from "./configuration-set.ts";
import { enterCall, forgetLanes, forgetNeeds, orderLanes } from "./configuration-updates.ts";
import { LaneOrder } from "./lane-order.ts";
import { CAS, DIFFERS, READ, type RegisterCalls, WRITE } from "./register-calls.ts";
import { RegisterMoves } from "./register-moves.ts";
import { RegisterOutlook } from "./register-outlook.ts";
import { RegisterWindow } from "./register-window.ts";
import { searchLimit } from "./search-limit.ts";
import type { SearchOutcome } from "./search-outcome.ts";
import { NEVER } from "./window-plan.ts";

/** Configurations looked at between two questions to the budget. */
const stepsPerQuestion = 4096;

/** One pass over the calls on a register that keeps every configuration that matters, or the best `width`. */
export class RegisterSearch {
  readonly #calls: RegisterCalls;
  readonly #budget: CheckBudget | undefined;
  readonly #window: RegisterWindow;
  readonly #outlook: RegisterOutlook;
  readonly #moves: RegisterMoves;
  readonly #k: number;
  readonly #order: LaneOrder;
  #now: ConfigurationSet;
  #after: ConfigurationSet;
  /** Configurations on the way to the return of a call. */
  readonly #way: ConfigurationSet;
  readonly #base: Int32Array;
  readonly #tried: Int32Array;
  #try = 0;
  #steps = 0;
  #nextQuestion = stepsPerQuestion;
  #stopped: string | null = null;
  #position = 0;
  readonly #width: number;
  readonly #givesUp: boolean;
  #isCut = false;

  /** Keeps at most `width` configurations, or gives up where there are more. */
  constructor(calls: RegisterCalls, budget: CheckBudget | undefined, width: number, givesUp: boolean) {
    this.#calls = calls;
    this.#budget = budget;
    this.#width = width;
    this.#givesUp = givesUp;
    this.#window = new RegisterWindow(calls);
    this.#outlook = new RegisterOutlook(calls);
    this.#moves = new RegisterMoves(this.#window, this.#outlook);
    this.#k = this.#window.bitWords;
    const { usedWords } = this.#window.plan;
    this.#order = new LaneOrder(BITS + 2 * this.#k);
    this.#now = new ConfigurationSet(this.#k, usedWords, this.#order);
    this.#after = new ConfigurationSet(this.#k, usedWords, this.#order);
    this.#way = new ConfigurationSet(this.#k, usedWords, this.#order);
    this.#base = new Int32Array(this.#now.stride);
    this.#tried = new Int32Array(this.#window.code.reduce((most, code) => Math.max(most, code), 0) + 1);
    this.#base[1] = -1;
    this.#now.insert(this.#base, 0);
  }

  /** Null: nothing was decided, because configurations were left out. */
  run(): SearchOutcome | null {
    const { events, returned } = this.#calls;
    let placed = 0;
    for (let at = 0; at < events.length; at++) {
      this.#position = at;
      const event = events[at]!;
      if (event >= 0) {
        this.#outlook.pass(this.#calls, event);
        if (returned[event] === NEVER) {
          if (this.#window.arrive(event)) orderLanes(this.#calls, this.#window, this.#order);
        } else if (events[at + 1] === ~event && this.#takesEffectAlone(event)) {
          placed++;
          at++;
        } else enterCall(this.#calls, this.#window, this.#now, event, at);
        continue;
      }
      if (!this.#return(~event)) {
        if (this.#isCut) return null;
        return { kind: "stuck", call: ~event, placed };
      }
      if (this.#stopped !== null) {
        return { kind: "stopped", reason: this.#stopped, placed, returning: events.length >> 1 };
      }
      if (this.#now.size > this.#width) {
        if (this.#givesUp) return null;
        this.#isCut = true;
        this.#now.keepBest(this.#width);
      }
      this.#window.leave(~event);
      forgetNeeds(this.#calls, this.#window, this.#now, ~event, at);
      if (forgetLanes(this.#window, this.#now, at)) orderLanes(this.#calls, this.#window, this.#order);
      placed++;
    }
    return { kind: "linearizable" };
  }

  /** The usual case where few use a register: nothing else is open, and only one thing can have happened. */
  #takesEffectAlone(call: number): boolean {
    const now = this.#now;
    if (this.#window.openCount > 0 || now.end !== 1 || this.#window.lanes.length > 0) return false;
    const { kind, from, to } = this.#calls;
    const state = now.words[STATE]!;
    if (kind[call] === WRITE || (kind[call] === CAS && state === from[call])) {
      now.words[STATE] = to[call]!;
      now.words[SETTER] = call;
      return true;
    }
    return kind[call] === DIFFERS ? state !== from[call] : kind[call] === READ && state === from[call];
  }

  /** Every configuration in which the call took effect, so that it can return. False: there is none. */
  #return(call: number): boolean {
    const { kind } = this.#calls;
    const now = this.#now;
    const slot = this.#window.plan.slot[call]!;
    const obliged = BITS + (slot >> 5);
    const able = obliged + this.#k;
    const bit = 1 << (slot & 31);
    const { words, end, stride } = now;
    let touched = 0;
    for (let at = 0; at < end * stride; at += stride) touched |= words[at + obliged]! | words[at + able]!;
    if ((touched & bit) === 0) return true;
    this.#after.clear();
    this.#way.clear();
    const isWrite = kind[call] === WRITE;
    const canServe = isWrite && this.#canServe(call);
    for (let at = 0; at < end * stride; at += stride) {
      if (words[at + STATE]! < 0) continue;
      const mustNow = (words[at + obliged]! & bit) !== 0;
      const isAble = isWrite && (words[at + able]! & bit) !== 0;
      const isSame = words[at + STATE] === this.#calls.to[call];
      if (mustNow || (isAble && (canServe || isSame))) this.#way.insert(words, at);
      if (mustNow) continue;
      this.#base.set(words.subarray(at, at + stride));
      this.#base[able]! &= ~bit;
      this.#after.insert(this.#base, 0);
    }
    for (let i = 0; i < this.#way.end && this.#stopped === null; i++) this.#follow(i, call);
    if (this.#stopped === null && this.#after.size === 0) return false;
    this.#now = this.#after;
    this.#after = now;
    return true;
  }

  /** Can the value of a write that returns be of use from now on? */
  #canServe(call: number): boolean {
    const value = this.#calls.to[call]!;
    const until = this.#outlook.nextNeed(value);
    if (this.#calls.hasDiffers || (until !== NEVER && this.#outlook.leftBy(value) >= until)) return true;
    for (let i = 0; i < this.#window.openCount; i++) {
      if (this.#calls.from[this.#window.open[i]!] === value) return true;
    }
    return this.#window.lanes.some((lane) => this.#calls.from[this.#window.laneCall[lane]!] === value);
  }

  /** One step further from a configuration on the way to the return of a call, in every direction that makes sense. */
  #follow(index: number, goal: number): void {
    const calls = this.#calls;
    const window = this.#window;
    const base = this.#base;
    const from = index * this.#way.stride;
    const state = this.#way.words[from + STATE]!;
    if (state < 0) return;
    this.#countStep();
    for (let word = 0; word < base.length; word++) base[word] = this.#way.words[from + word]!;
    this.#try++;
    if (calls.kind[goal] === WRITE) this.#tried[window.code[goal]!] = this.#try;
    this.#finish(goal, state);
    const canStay = this.#moves.canFreeWrites(base, state);
    for (let i = 0; i < window.openCount; i++) {
      const call = window.open[i]!;
      if (call === goal || !this.#isOpen(call, state, canStay)) continue;
      const code = window.code[call]!;
      if (this.#tried[code] === this.#try) continue;
      this.#tried[code] = this.#try;
      this.#step(call, -1, goal);
    }
    for (let i = 0; i < window.lanes.length; i++) {
      const lane = window.lanes[i]!;
      const call = window.laneCall[lane]!;
      const isPossible =
        calls.kind[call] === CAS ? calls.from[call] === state : canStay || calls.to[call] !== state;
      if (!isPossible || this.#tried[window.code[call]!] === this.#try) continue;
      if (!this.#moves.hasUnused(base, 0, lane)) continue;
      this.#tried[window.code[call]!] = this.#try;
      this.#step(call, lane, goal);
    }
  }

  /** Can this open call take effect now, and make a difference? */
  #isOpen(call: number, state: number, canStay: boolean): boolean {
    const { kind, from, to } = this.#calls;
    const slot = this.#window.plan.slot[call]!;
    const bit = 1 << (slot & 31);
    if (kind[call] === WRITE) {
      return (canStay || to[call] !== state) && (this.#base[BITS + this.#k + (slot >> 5)]! & bit) !== 0;
    }
    return kind[call] === CAS && from[call] === state && (this.#base[BITS + (slot >> 5)]! & bit) !== 0;
  }

  /** The call that must return takes effect now, if it is one that changes the value and can. */
  #finish(goal: number, state: number): void {
    const { kind, from, to } = this.#calls;
    const slot = this.#window.plan.slot[goal]!;
    const word = BITS + (slot >> 5);
    const bit = 1 << (slot & 31);
    if (kind[goal] === CAS) {
      if (state === from[goal] && this.#moves.apply(this.#base, goal, -1)) {
        this.#after.insert(this.#moves.made, 0);
      }
      return;
    }
    if (kind[goal] !== WRITE) return;
    const { made } = this.#moves;
    const isForced = (this.#base[word]! & bit) !== 0;
    if (!this.#moves.apply(this.#base, goal, -1)) return;
    // Where the value was there already, the write still lets others go before it that left no trace.
    if (!isForced && state !== to[goal] && !this.#moves.isWorthStaying()) return;
    made[word]! &= ~bit;
    made[word + this.#k]! &= ~bit;
    this.#after.insert(made, 0);
  }

  /** A call takes effect on the way; kept where that serves somebody or brings the goal nearer. */
  #step(call: number, lane: number, goal: number): void {
    const calls = this.#calls;
    if (!this.#moves.apply(this.#base, call, lane)) return;
    const { made } = this.#moves;
    const slot = this.#window.plan.slot[goal]!;
    const isServed = (made[BITS + (slot >> 5)]! & (1 << (slot & 31))) === 0;
    if (isServed && calls.kind[goal] !== WRITE && calls.kind[goal] !== CAS) {
      this.#after.insert(made, 0);
      return;
    }
    const value = calls.to[call]!;
    const isNearer = calls.kind[goal] === CAS && calls.from[goal] === value;
    const isForced = lane < 0 && calls.kind[call] === CAS;
    if (isNearer || isForced || this.#moves.hasServed || this.#moves.hasCasFrom(made, 0, value)) {
      this.#way.insert(made, 0);
    }
  }

  #countStep(): void {
    if (++this.#steps < this.#nextQuestion) return;
    this.#nextQuestion = this.#steps + stepsPerQuestion;
    const parts = [this.#now, this.#after, this.#way];
    this.#stopped = searchLimit(this.#budget, parts, this.#position / this.#calls.events.length);
  }
}
