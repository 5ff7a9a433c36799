import { CallWindow } from "./call-window.ts";
import { BITS, STATE } from "./configuration-words.ts";
import type { LinearizabilityModel } from "./linearizability-model.ts";
import type { ObjectCalls } from "./object-calls.ts";
import type { SearchedObject } from "./searched-object.ts";
import { StandIns } from "./stand-ins.ts";
import { REFUSED, type StepMemory } from "./step-memory.ts";
import type { WindowPlan } from "./window-plan.ts";

/** A configuration at hand, the calls that are open at its moment, and what can take effect next. */
export class ObjectMoves {
  readonly window: CallWindow;
  readonly standIns: StandIns;
  /** The configuration at hand. */
  readonly now: Int32Array;
  readonly #model: LinearizabilityModel;
  readonly #calls: ObjectCalls;
  readonly #plan: WindowPlan;
  readonly #steps: StepMemory<unknown>;
  readonly #usedAt: number;
  readonly #took: (call: number) => void;

  /** `took` is told of each call that takes effect. */
  constructor(object: SearchedObject, took: (call: number) => void) {
    const { model, calls, plan, likely, start, steps } = object;
    this.window = new CallWindow(calls, plan, likely);
    this.standIns = new StandIns(object, this.window);
    this.now = new Int32Array(this.standIns.stride);
    this.now[STATE] = start;
    this.#model = model;
    this.#calls = calls;
    this.#plan = plan;
    this.#steps = steps;
    this.#usedAt = BITS + plan.bitWords + 1;
    this.#took = took;
  }

  /** A call that returns is invoked. In the configuration at hand it must take effect now or later. */
  sent(call: number): void {
    if (this.#isSeen(call)) this.#took(call);
    else this.#setPending(call, true);
  }

  /** Is a call of the configuration at hand premature? */
  get isPremature(): boolean {
    return this.now[this.#usedAt - 1] === 1;
  }

  set isPremature(isPremature: boolean) {
    this.now[this.#usedAt - 1] = isPremature ? 1 : 0;
  }

  /** Must a call still take effect? */
  isPending(call: number): boolean {
    const slot = this.#plan.slot[call]!;
    return ((this.now[BITS + (slot >> 5)]! >>> (slot & 31)) & 1) === 1;
  }

  /** Lets what is open take effect in the configuration at hand. Could it? */
  takeEffect(open: number): boolean {
    const lane = this.window.laneOf(open);
    const call = this.window.callOf(open);
    if (lane < 0 ? !this.isPending(call) : this.#used(lane) >= this.window.arrived[lane]!) return false;
    if (this.#hasStandIn(call, lane >= 0)) return false;
    const before = this.now[STATE]!;
    const state = this.#steps.next(before, call);
    if (state === REFUSED) return false;
    // A call that nobody knows the outcome of, and that changes nothing, need not have happened.
    if (lane >= 0 && state === before) return false;
    if (lane < 0) this.#setPending(call, false);
    else {
      const byte = this.#plan.laneByte[lane]!;
      this.now[this.#usedAt + (byte >> 2)]! += 1 << ((byte & 3) * 8);
    }
    this.#took(call);
    if (state !== before) {
      this.now[STATE] = state;
      this.#takeReads();
    }
    return true;
  }

  /**
   * Could what just took effect, in a state, as well do so after a call that is due? Then nobody need go on with that call
   * from here: it comes to the same if it goes first.
   */
  canWait(open: number, before: number, due: number): boolean {
    const first = this.#steps.next(before, due);
    if (first === REFUSED) return false;
    const second = this.#steps.next(this.now[STATE]!, due);
    return second === REFUSED || this.#steps.next(first, this.window.callOf(open)) === second;
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
    const { window } = this;
    for (let open = window.first; open !== window.end; open = window.after(open)) {
      if (open === call || window.laneOf(open) >= 0 || kind[open] !== own) continue;
      if ((isUnknown || returned[open]! < returned[call]!) && this.isPending(open)) return true;
    }
    return false;
  }

  /** Lets all reads take effect that agree with the state: to do that now can never be worse than later. */
  #takeReads(): void {
    const { window } = this;
    for (let open = window.first; open !== window.end; open = window.after(open)) {
      if (window.laneOf(open) >= 0 || !this.isPending(open)) continue;
      if (!this.#isSeen(open)) continue;
      this.#setPending(open, false);
      this.#took(open);
    }
  }

  /** Is this a read that agrees with the state and leaves it as it is? */
  #isSeen(call: number): boolean {
    if (this.#calls.isRead[call] === 0) return false;
    const before = this.now[STATE]!;
    return this.#steps.next(before, call) === before;
  }

  #setPending(call: number, isPending: boolean): void {
    const slot = this.#plan.slot[call]!;
    const bit = 1 << (slot & 31);
    if (isPending) this.now[BITS + (slot >> 5)]! |= bit;
    else this.now[BITS + (slot >> 5)]! &= ~bit;
  }

  #used(lane: number): number {
    const byte = this.#plan.laneByte[lane]!;
    return (this.now[this.#usedAt + (byte >> 2)]! >>> ((byte & 3) * 8)) & 0xff;
  }
}
