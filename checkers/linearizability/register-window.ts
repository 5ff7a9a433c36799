import { CAS, DIFFERS, READ, type RegisterCalls, WRITE } from "./register-calls.ts";
import { NEVER, planWindow, type WindowPlan } from "./window-plan.ts";

/**
 * The calls on a register that are open at a moment, as bits by what they do to which value, and in the
 * order in which they return. Each call costs as much as there are open calls.
 */
export class RegisterWindow {
  readonly calls: RegisterCalls;
  readonly plan: WindowPlan;
  /** By call: its class. Calls of a class have the same effect. */
  readonly code: Int32Array;
  /** Words of a set of bits. */
  readonly bitWords: number;
  /** Open calls that return, the one that returns first first. */
  readonly open: Int32Array;
  openCount = 0;
  /** Lanes of calls of unknown outcome that somebody can still need. */
  readonly lanes: number[] = [];
  /** By lane: calls invoked so far. */
  readonly arrived: Int32Array;
  /** By lane: the call that came first. */
  readonly laneCall: Int32Array;
  /** Bits of all writes, and of all calls that find another value than one. */
  readonly writes: Int32Array;
  readonly differs: Int32Array;
  /** By value, `bitWords` each: reads of it, writes of it, `cas` from it, `cas` to it, calls that find another one. */
  readonly readsOf: Int32Array;
  readonly writesOf: Int32Array;
  readonly casFrom: Int32Array;
  readonly casTo: Int32Array;
  readonly differsFrom: Int32Array;
  /** How many `cas` are open. */
  casCount = 0;
  #soonestLaneEnd: number = NEVER;

  constructor(calls: RegisterCalls) {
    this.calls = calls;
    const values = calls.values.length;
    this.code = codesOf(calls);
    const toOf = targetsOf(calls, this.code);
    this.plan = planWindow(calls, this.code, (code) => calls.neededUntil[toOf[code]!]!);
    this.bitWords = this.plan.bitWords;
    this.open = new Int32Array(this.bitWords * 32);
    this.arrived = new Int32Array(this.plan.laneCode.length);
    this.laneCall = new Int32Array(this.plan.laneCode.length).fill(-1);
    this.writes = new Int32Array(this.bitWords);
    this.differs = new Int32Array(this.bitWords);
    this.readsOf = new Int32Array(this.bitWords * values);
    this.writesOf = new Int32Array(this.bitWords * values);
    this.casFrom = new Int32Array(this.bitWords * values);
    this.casTo = new Int32Array(this.bitWords * values);
    this.differsFrom = new Int32Array(calls.hasDiffers ? this.bitWords * values : 0);
  }

  /** A call that returns is invoked. */
  enter(call: number): void {
    const returned = this.calls.returned[call]!;
    let at = this.openCount++;
    for (; at > 0 && this.calls.returned[this.open[at - 1]!]! > returned; at--) {
      this.open[at] = this.open[at - 1]!;
    }
    this.open[at] = call;
    this.#turn(call);
    if (this.calls.kind[call] === CAS) this.casCount++;
  }

  /** The call that returns first returns. */
  leave(call: number): void {
    this.open.copyWithin(0, 1, this.openCount--);
    this.#turn(call);
    if (this.calls.kind[call] === CAS) this.casCount--;
  }

  /** A call of unknown outcome is invoked. Is it the first of its lane? */
  arrive(call: number): boolean {
    const lane = this.plan.slot[call]!;
    if (this.arrived[lane]!++ > 0) return false;
    this.laneCall[lane] = call;
    this.lanes.push(lane);
    this.#soonestLaneEnd = Math.min(this.#soonestLaneEnd, this.plan.laneEnd[lane]!);
    return true;
  }

  /** The lanes that nobody needs from now on; they are no longer among the lanes. */
  outlived(position: number): readonly number[] {
    if (position < this.#soonestLaneEnd) return none;
    const ended = this.lanes.filter((lane) => this.plan.laneEnd[lane]! <= position);
    let kept = 0;
    this.#soonestLaneEnd = NEVER;
    for (const lane of this.lanes) {
      const end = this.plan.laneEnd[lane]!;
      if (end <= position) continue;
      this.lanes[kept++] = lane;
      this.#soonestLaneEnd = Math.min(this.#soonestLaneEnd, end);
    }
    this.lanes.length = kept;
    return ended;
  }

  /** Sets or clears the bit of a call wherever it belongs. */
  #turn(call: number): void {
    const { kind, from, to } = this.calls;
    const slot = this.plan.slot[call]!;
    const word = slot >> 5;
    const bit = 1 << (slot & 31);
    const k = this.bitWords;
    if (kind[call] === READ) this.readsOf[from[call]! * k + word]! ^= bit;
    else if (kind[call] === WRITE) {
      this.writes[word]! ^= bit;
      this.writesOf[to[call]! * k + word]! ^= bit;
    } else if (kind[call] === CAS) {
      this.casFrom[from[call]! * k + word]! ^= bit;
      this.casTo[to[call]! * k + word]! ^= bit;
    } else if (kind[call] === DIFFERS) {
      this.differs[word]! ^= bit;
      this.differsFrom[from[call]! * k + word]! ^= bit;
    }
  }
}

const none: readonly number[] = [];

/** Writes are of one class by value, `cas` by both values. Classes of reads are not asked for. */
function codesOf(calls: RegisterCalls): Int32Array {
  const codes = new Int32Array(calls.count).fill(-1);
  const values = calls.values.length;
  const pairs = new Map<number, number>();
  for (let call = 0; call < calls.count; call++) {
    if (calls.kind[call] === WRITE) codes[call] = calls.to[call]!;
    else if (calls.kind[call] === CAS) {
      const pair = calls.from[call]! * values + calls.to[call]!;
      let code = pairs.get(pair);
      if (code === undefined) {
        code = values + pairs.size;
        pairs.set(pair, code);
      }
      codes[call] = code;
    }
  }
  return codes;
}

/** The value that each class stores. */
function targetsOf(calls: RegisterCalls, codes: Int32Array): Int32Array {
  let highest = 0;
  for (let call = 0; call < calls.count; call++) highest = Math.max(highest, codes[call]!);
  const targets = new Int32Array(highest + 1);
  for (let call = 0; call < calls.count; call++) {
    if (codes[call]! >= 0) targets[codes[call]!] = calls.to[call]!;
  }
  return targets;
}
