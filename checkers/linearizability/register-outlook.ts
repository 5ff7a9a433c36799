import { CAS, DIFFERS, READ, type RegisterCalls, WRITE } from "./register-calls.ts";
import { NEVER } from "./window-plan.ts";

/**
 * What is still to come on a register, asked while going through its events in order: who will need a
 * value and by when, who will store it, and by when another value must be there. Answers that a value that
 * is left behind cannot come back in time, or that there is no sense in staying at one, cut the search.
 *
 * Linear to build; each question takes constant time.
 */
export class RegisterOutlook {
  /** Needs by value, then by invocation: where each is invoked, and the first return from it on. */
  readonly #needStarts: Int32Array;
  readonly #needInvoked: Int32Array;
  readonly #needReturned: Int32Array;
  /** By value: the first need that is still to be invoked. */
  readonly #need: Int32Array;
  readonly #makerStarts: Int32Array;
  readonly #makerInvoked: Int32Array;
  readonly #maker: Int32Array;
  /** By call: the first return from it on, the value that this return is about, and the first about another. */
  readonly #soonest: Int32Array;
  readonly #soonestValue: Int32Array;
  readonly #soonestOther: Int32Array;
  /** Calls invoked so far. */
  #invoked = 0;

  constructor(calls: RegisterCalls) {
    const values = calls.values.length;
    const needs = grouped(
      calls,
      values,
      (call) => calls.kind[call] === READ || calls.kind[call] === CAS,
      calls.from,
    );
    this.#needStarts = needs.starts;
    this.#needInvoked = Int32Array.from(needs.members, (call) => calls.invoked[call]!);
    this.#needReturned = Int32Array.from(needs.members, (call) => calls.returned[call]!);
    for (let value = 0; value < values; value++) {
      for (let at = needs.starts[value + 1]! - 2; at >= needs.starts[value]!; at--) {
        this.#needReturned[at] = Math.min(this.#needReturned[at]!, this.#needReturned[at + 1]!);
      }
    }
    this.#need = needs.starts.slice(0, values);
    const makers = grouped(
      calls,
      values,
      (call) => calls.kind[call] === WRITE || calls.kind[call] === CAS,
      calls.to,
    );
    this.#makerStarts = makers.starts;
    this.#makerInvoked = Int32Array.from(makers.members, (call) => calls.invoked[call]!);
    this.#maker = makers.starts.slice(0, values);
    this.#soonest = new Int32Array(calls.count + 1).fill(NEVER);
    this.#soonestValue = new Int32Array(calls.count + 1).fill(-1);
    this.#soonestOther = new Int32Array(calls.count + 1).fill(NEVER);
    for (let call = calls.count - 1; call >= 0; call--) this.#addSoonest(calls, call);
  }

  /** Goes past the invocation of a call; calls come in order. */
  pass(calls: RegisterCalls, call: number): void {
    this.#invoked = call + 1;
    const kind = calls.kind[call]!;
    if (kind === READ || kind === CAS) this.#need[calls.from[call]!]!++;
    if (kind === WRITE || kind === CAS) this.#maker[calls.to[call]!]!++;
  }

  /** When the first of the calls to come that need this value must have returned; {@link NEVER}. */
  neededBy(value: number): number {
    const at = this.#need[value]!;
    return at < this.#needStarts[value + 1]! ? this.#needReturned[at]! : NEVER;
  }

  /** When the next call that can need this value is invoked; {@link NEVER}. */
  nextNeed(value: number): number {
    const at = this.#need[value]!;
    return at < this.#needStarts[value + 1]! ? this.#needInvoked[at]! : NEVER;
  }

  /** When the next call that can store this value is invoked; {@link NEVER}. */
  nextMaker(value: number): number {
    const at = this.#maker[value]!;
    return at < this.#makerStarts[value + 1]! ? this.#makerInvoked[at]! : NEVER;
  }

  /** By when a call that is still to be invoked makes the register hold another value than this. */
  leftBy(value: number): number {
    const at = this.#invoked;
    return this.#soonestValue[at] === value ? this.#soonestOther[at]! : this.#soonest[at]!;
  }

  #addSoonest(calls: RegisterCalls, call: number): void {
    const kind = calls.kind[call]!;
    const value = kind === WRITE ? calls.to[call]! : calls.from[call]!;
    const returned = calls.returned[call]!;
    let soonest = this.#soonest[call + 1]!;
    let soonestValue = this.#soonestValue[call + 1]!;
    let other = this.#soonestOther[call + 1]!;
    if (kind !== DIFFERS && returned !== NEVER) {
      if (value === soonestValue) soonest = Math.min(soonest, returned);
      else if (returned < soonest) {
        other = soonest;
        soonest = returned;
        soonestValue = value;
      } else other = Math.min(other, returned);
    }
    this.#soonest[call] = soonest;
    this.#soonestValue[call] = soonestValue;
    this.#soonestOther[call] = other;
  }
}

/** Calls of a kind by value, in order. */
function grouped(
  calls: RegisterCalls,
  values: number,
  isChosen: (call: number) => boolean,
  valueByCall: Int32Array,
): { readonly starts: Int32Array; readonly members: Int32Array } {
  const starts = new Int32Array(values + 1);
  for (let call = 0; call < calls.count; call++) if (isChosen(call)) starts[valueByCall[call]! + 1]!++;
  for (let value = 0; value < values; value++) starts[value + 1]! += starts[value]!;
  const members = new Int32Array(starts[values]!);
  const next = starts.slice();
  for (let call = 0; call < calls.count; call++) {
    if (isChosen(call)) members[next[valueByCall[call]!]!++] = call;
  }
  return { starts, members };
}
