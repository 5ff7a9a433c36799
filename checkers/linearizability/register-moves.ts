import { BITS, SETTER, STATE } from "./configuration-set.ts";
import { CAS, READ, type RegisterCalls, WRITE } from "./register-calls.ts";
import type { RegisterOutlook } from "./register-outlook.ts";
import type { RegisterWindow } from "./register-window.ts";
import { NEVER } from "./window-plan.ts";

/** What one write or `cas` makes of a configuration, and whether it makes sense. Works on {@link made}. */
export class RegisterMoves {
  /** The configuration that the last move led to. */
  readonly made: Int32Array;
  readonly #calls: RegisterCalls;
  readonly #window: RegisterWindow;
  readonly #outlook: RegisterOutlook;
  readonly #k: number;
  readonly #usedAt: number;
  /** Did the last move serve a call that is no write? */
  hasServed = false;

  constructor(window: RegisterWindow, outlook: RegisterOutlook) {
    this.#window = window;
    this.#calls = window.calls;
    this.#outlook = outlook;
    this.#k = window.bitWords;
    this.#usedAt = BITS + 2 * this.#k;
    this.made = new Int32Array(this.#usedAt + window.plan.usedWords);
  }

  /**
   * Lets a call take effect in the configuration `base`. False: the value that is left behind will be
   * needed and cannot come back in time.
   *
   * Everything that the new value allows is done at once, since that never spoils anything: its reads are
   * served; a write of the same value changes nothing; after a write every other open write is free,
   * since it can have come just before and left no trace.
   */
  apply(base: Int32Array, call: number, lane: number): boolean {
    const { made } = this;
    const calls = this.#calls;
    const window = this.#window;
    made.set(base);
    const left = base[STATE]!;
    const value = calls.to[call]!;
    const isWrite = calls.kind[call] === WRITE;
    made[STATE] = value;
    made[SETTER] = call;
    if (lane >= 0) this.use(lane);
    else {
      const slot = window.plan.slot[call]!;
      const bit = 1 << (slot & 31);
      made[BITS + (slot >> 5)]! &= ~bit;
      made[BITS + this.#k + (slot >> 5)]! &= ~bit;
    }
    this.#serve(value, isWrite);
    if (value !== left && !this.#mayLeave(left)) return false;
    if (isWrite && !calls.hasDiffers) this.#passThrough(left, value);
    return true;
  }

  /** One more call of a lane took effect in {@link made}. */
  use(lane: number): void {
    const byte = this.#window.plan.laneByte[lane]!;
    this.made[this.#usedAt + (byte >> 2)]! += 1 << ((byte & 3) * 8);
  }

  /** Is there a call in the lane that did not take effect yet? */
  hasUnused(words: Int32Array, at: number, lane: number): boolean {
    const byte = this.#window.plan.laneByte[lane]!;
    const used = (words[at + this.#usedAt + (byte >> 2)]! >>> ((byte & 3) * 8)) & 127;
    return used < this.#window.arrived[lane]!;
  }

  /** Can a `cas` from this value follow in the configuration? */
  hasCasFrom(words: Int32Array, at: number, value: number): boolean {
    const window = this.#window;
    if (window.casCount > 0) {
      for (let word = 0; word < this.#k; word++) {
        if ((words[at + BITS + word]! & window.casFrom[value * this.#k + word]!) !== 0) return true;
      }
    }
    for (let i = 0; i < window.lanes.length; i++) {
      const lane = window.lanes[i]!;
      const call = window.laneCall[lane]!;
      if (this.#calls.kind[call] !== CAS || this.#calls.from[call] !== value) continue;
      if (this.hasUnused(words, at, lane)) return true;
    }
    return false;
  }

  /** Can it make a difference to write the value once more? Yes, if others go before and a `cas` follows. */
  canFreeWrites(base: Int32Array, state: number): boolean {
    let obliged = 0;
    for (let word = 0; word < this.#k; word++) obliged |= base[BITS + word]! & this.#window.writes[word]!;
    return obliged !== 0 && this.hasCasFrom(base, 0, state);
  }

  /**
   * Was there sense in storing the value that {@link made} has, where that was not forced? Either it served
   * somebody at once, or a `cas` can follow, or it can stay until somebody is invoked who needs it.
   */
  isWorthStaying(): boolean {
    const { made } = this;
    const calls = this.#calls;
    const value = made[STATE]!;
    if (this.hasServed || calls.hasDiffers || this.hasCasFrom(made, 0, value)) return true;
    const until = this.#outlook.nextNeed(value);
    if (until === NEVER || this.#outlook.leftBy(value) < until) return false;
    const window = this.#window;
    for (let i = 0; i < window.openCount; i++) {
      const call = window.open[i]!;
      if (calls.returned[call]! >= until) return true;
      if (calls.kind[call] === WRITE || calls.from[call] === value) continue;
      const slot = window.plan.slot[call]!;
      if ((made[BITS + (slot >> 5)]! & (1 << (slot & 31))) !== 0) return false;
    }
    return true;
  }

  #serve(value: number, isWrite: boolean): void {
    const { made } = this;
    const window = this.#window;
    const k = this.#k;
    this.hasServed = false;
    for (let word = 0; word < k; word++) {
      const obliged = made[BITS + word]!;
      let served = window.readsOf[value * k + word]!;
      if (this.#calls.hasDiffers) served |= window.differs[word]! & ~window.differsFrom[value * k + word]!;
      if ((obliged & served) !== 0) this.hasServed = true;
      const freed = isWrite ? window.writes[word]! : window.writesOf[value * k + word]!;
      made[BITS + word] = obliged & ~served & ~freed;
    }
  }

  /** Can the value come back before somebody needs it who does not have it yet? */
  #mayLeave(value: number): boolean {
    const calls = this.#calls;
    const window = this.#window;
    const { made } = this;
    const k = this.#k;
    let until = this.#outlook.neededBy(value);
    if (window.casCount > 0) {
      for (let i = 0; i < window.openCount; i++) {
        const call = window.open[i]!;
        if (calls.returned[call]! >= until) break;
        if (calls.kind[call] !== CAS || calls.from[call] !== value) continue;
        const slot = window.plan.slot[call]!;
        if ((made[BITS + (slot >> 5)]! & (1 << (slot & 31))) !== 0) until = calls.returned[call]!;
      }
    }
    if (until === NEVER || this.#outlook.nextMaker(value) < until) return true;
    for (let word = 0; word < k; word++) {
      if ((made[BITS + k + word]! & window.writesOf[value * k + word]!) !== 0) return true;
      if ((made[BITS + word]! & window.casTo[value * k + word]!) !== 0) return true;
    }
    for (let i = 0; i < window.lanes.length; i++) {
      const lane = window.lanes[i]!;
      if (calls.to[window.laneCall[lane]!] === value && this.hasUnused(made, 0, lane)) return true;
    }
    return false;
  }

  /**
   * Before a write, the register may pass through other values. Where a value has all its readers waiting,
   * will be needed by nobody else, and has an open write, passing through it serves them and costs nothing.
   */
  #passThrough(left: number, value: number): void {
    const calls = this.#calls;
    const window = this.#window;
    const { made } = this;
    const k = this.#k;
    for (let i = 0; i < window.openCount; i++) {
      const reader = window.open[i]!;
      if (calls.kind[reader] !== READ) continue;
      const slot = window.plan.slot[reader]!;
      if ((made[BITS + (slot >> 5)]! & (1 << (slot & 31))) === 0) continue;
      const passed = calls.from[reader]!;
      if (passed === value || passed === left || this.#outlook.nextNeed(passed) !== NEVER) continue;
      if (this.hasCasFrom(made, 0, passed) || !this.#useWrite(passed)) continue;
      for (let word = 0; word < k; word++) made[BITS + word]! &= ~window.readsOf[passed * k + word]!;
    }
  }

  /** Uses an open write of the value that returns; the first to return. */
  #useWrite(value: number): boolean {
    const calls = this.#calls;
    const window = this.#window;
    const { made } = this;
    for (let i = 0; i < window.openCount; i++) {
      const call = window.open[i]!;
      if (calls.kind[call] !== WRITE || calls.to[call] !== value) continue;
      const slot = window.plan.slot[call]!;
      const word = BITS + this.#k + (slot >> 5);
      const bit = 1 << (slot & 31);
      if ((made[word]! & bit) === 0) continue;
      made[word]! &= ~bit;
      return true;
    }
    return false;
  }
}
