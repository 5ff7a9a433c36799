import type { ObjectCalls } from "./object-calls.ts";
import type { WindowPlan } from "./window-plan.ts";

/**
 * The calls of an object that are open at a moment, those first that probably take effect first. Moves
 * forward and back through the events; back in constant time (after Knuth's dancing links), forward in time
 * that grows with the calls that are open.
 *
 * What is in the list is a call that returns, or a lane: all calls of unknown outcome that are equal.
 */
export class CallWindow {
  readonly #calls: ObjectCalls;
  readonly #plan: WindowPlan;
  readonly #likely: Float64Array;
  /** By call, and by lane after these: the neighbours in the list. The last place is the head. */
  readonly #next: Int32Array;
  readonly #previous: Int32Array;
  /** By lane: calls invoked so far. */
  readonly arrived: Int32Array;
  /** By lane: the call that came first. */
  readonly #laneCall: Int32Array;
  readonly #head: number;

  constructor(calls: ObjectCalls, plan: WindowPlan, likely: Float64Array) {
    this.#calls = calls;
    this.#plan = plan;
    this.#likely = likely;
    const lanes = plan.laneCode.length;
    this.#head = calls.count + lanes;
    this.#next = new Int32Array(this.#head + 1).fill(this.#head);
    this.#previous = new Int32Array(this.#head + 1).fill(this.#head);
    this.arrived = new Int32Array(lanes);
    this.#laneCall = new Int32Array(lanes).fill(-1);
  }

  /** Bytes taken. */
  get bytes(): number {
    return 8 * this.#next.length + 8 * this.arrived.length;
  }

  /** The first that is open; {@link end} where none is. */
  get first(): number {
    return this.#next[this.#head]!;
  }

  /** What comes after the last. */
  get end(): number {
    return this.#head;
  }

  /** The one after it. */
  after(open: number): number {
    return this.#next[open]!;
  }

  /** The lane, where it is one; below zero for a call that returns. */
  laneOf(open: number): number {
    return open - this.#calls.count;
  }

  /** The call, of a lane its first: they are equal. */
  callOf(open: number): number {
    return open < this.#calls.count ? open : this.#laneCall[open - this.#calls.count]!;
  }

  /** A call is invoked. */
  enter(call: number): void {
    if (this.#calls.code[call]! < 0) {
      this.#insert(call, this.#likely[call]!);
      return;
    }
    const lane = this.#plan.slot[call]!;
    if (this.arrived[lane]!++ > 0) return;
    this.#laneCall[lane] = call;
    this.#insert(this.#calls.count + lane, this.#likely[call]!);
  }

  /** The invocation of a call is taken back; what came after it was taken back before. */
  takeBack(call: number): void {
    if (this.#calls.code[call]! < 0) this.leave(call);
    else if (--this.arrived[this.#plan.slot[call]!]! === 0)
      this.leave(this.#calls.count + this.#plan.slot[call]!);
  }

  /** A call returns. */
  leave(open: number): void {
    const next = this.#next[open]!;
    const previous = this.#previous[open]!;
    this.#next[previous] = next;
    this.#previous[next] = previous;
  }

  /** The return of a call is taken back; what came after it was taken back before. */
  comeBack(call: number): void {
    this.#next[this.#previous[call]!] = call;
    this.#previous[this.#next[call]!] = call;
  }

  #insert(open: number, likely: number): void {
    let next = this.first;
    while (next !== this.#head && this.#likely[this.callOf(next)]! <= likely) next = this.#next[next]!;
    const previous = this.#previous[next]!;
    this.#next[open] = next;
    this.#previous[open] = previous;
    this.#next[previous] = open;
    this.#previous[next] = open;
  }
}
