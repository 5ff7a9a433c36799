import { type History, INFO, INVOKE, OK } from "../history/history.ts";
import { identityOf, isPair } from "../history/json-value.ts";
import type { Json } from "../history/operation.ts";
import { EventList } from "./event-list.ts";
import { NEVER } from "./window-plan.ts";

/** A call that finds the value `from`. */
export const READ = 0;
/** A call that stores the value `to` whatever was there. */
export const WRITE = 1;
/** A call that finds the value `from` and stores the value `to`, which is another one. */
export const CAS = 2;
/** A call that finds any value but `from`. */
export const DIFFERS = 3;

/** Roles of the functions on a register. */
export const registerRoles = { read: 0, write: 1, cas: 2 } as const;

/**
 * The calls on one register that say or can change something, numbered in the order of their invocations.
 * What certainly did not happen and reads of unknown outcome are left out, and so is a write or `cas` of
 * unknown outcome whose value nobody can need: in any order that explains the history it can be left away.
 */
export interface RegisterCalls {
  readonly count: number;
  /** {@link READ}, {@link WRITE}, {@link CAS} or {@link DIFFERS}. */
  readonly kind: Uint8Array;
  /** Number of the value found; −1. */
  readonly from: Int32Array;
  /** Number of the value stored; −1. */
  readonly to: Int32Array;
  /** Row of the invocation. */
  readonly row: Int32Array;
  /** Position in `events` of the invocation. */
  readonly invoked: Int32Array;
  /** Position in `events` of the return; {@link NEVER}. */
  readonly returned: Int32Array;
  /** In real-time order: the number of a call that is invoked, its complement where it returns. */
  readonly events: Int32Array;
  /** The values by number; 0 is the value at the start. */
  readonly values: readonly Json[];
  /** By value: position of the last return of a call that can need it; −1. */
  readonly neededUntil: Int32Array;
  /** Are there calls that found another value than one? Then any value may be needed. */
  readonly hasDiffers: boolean;
}

/** How the calls on a register are read. */
export interface RegisterReading {
  readonly initial: Json;
  /** Does a refused `cas` tell that another value was there? */
  readonly refusedCasTells: boolean;
  /** Row after which nothing is known: what completes later is on its way. The whole history unless given. */
  readonly until?: number;
}

/**
 * Reads the calls on one register. `rows` are its invocations and their completions in history order,
 * `numbers` is room for a number per row of the history. Linear. Answers the row that is no pair of old and
 * new value where there is one.
 */
export function registerCalls(
  history: History,
  rows: Int32Array,
  roles: Int8Array,
  numbers: Int32Array,
  reading: RegisterReading,
): RegisterCalls | { readonly malformed: number } {
  const raw = new RawCalls(rows.length, reading);
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at]!;
    if (history.type[row] === INVOKE) {
      const malformed = raw.add(history, row, roles[history.f[row]!]!, numbers);
      if (malformed) return { malformed: row };
    } else {
      const call = numbers[history.mate[row]!]!;
      if (call >= 0 && raw.isAnswered[call] === 1) raw.order.push(~call);
    }
  }
  return raw.needed();
}

class RawCalls {
  readonly kind: Uint8Array;
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly row: Int32Array;
  readonly isAnswered: Uint8Array;
  readonly order: EventList;
  #count = 0;
  #hasDiffers = false;
  readonly #values: Json[];
  readonly #numbers = new Map<string | number | boolean | null, number>();
  readonly #reading: RegisterReading;

  constructor(rows: number, reading: RegisterReading) {
    this.kind = new Uint8Array(rows);
    this.from = new Int32Array(rows).fill(-1);
    this.to = new Int32Array(rows).fill(-1);
    this.row = new Int32Array(rows);
    this.isAnswered = new Uint8Array(rows);
    this.order = new EventList(rows);
    this.#reading = reading;
    this.#values = [reading.initial];
    this.#numbers.set(identityOf(reading.initial), 0);
  }

  /** Is the value malformed? */
  add(history: History, row: number, role: number, numbers: Int32Array): boolean {
    numbers[row] = -1;
    const mate = history.mate[row]!;
    const ended = this.#endOf(history, mate);
    if (role === registerRoles.read) {
      if (ended === OK) this.#push(row, numbers, READ, this.#number(history.value[mate]), -1, true);
      return false;
    }
    const asked = history.value[row];
    if (role === registerRoles.write) {
      if (ended === OK || ended === INFO)
        this.#push(row, numbers, WRITE, -1, this.#number(asked), ended === OK);
      return false;
    }
    if (!isPair(asked)) return true;
    const from = this.#number(asked[0]);
    if (ended === OK || ended === INFO) {
      const to = this.#number(asked[1]);
      if (from !== to) this.#push(row, numbers, CAS, from, to, ended === OK);
      else if (ended === OK) this.#push(row, numbers, READ, from, -1, true);
    } else if (this.#reading.refusedCasTells && !history.error.has(mate)) {
      this.#hasDiffers = true;
      this.#push(row, numbers, DIFFERS, from, -1, true);
    }
    return false;
  }

  /** How a call ended, as far as that is known by now. What failed in the end never happened. */
  #endOf(history: History, mate: number): number {
    if (mate < 0) return INFO;
    const ended = history.type[mate]!;
    return ended === OK && mate > (this.#reading.until ?? NEVER) ? INFO : ended;
  }

  #push(row: number, numbers: Int32Array, kind: number, from: number, to: number, isAnswered: boolean): void {
    const call = this.#count++;
    numbers[row] = call;
    this.kind[call] = kind;
    this.from[call] = from;
    this.to[call] = to;
    this.row[call] = row;
    this.isAnswered[call] = isAnswered ? 1 : 0;
    this.order.push(call);
  }

  #number(given: Json | undefined): number {
    const value = given ?? null;
    const identity = identityOf(value);
    const known = this.#numbers.get(identity);
    if (known !== undefined) return known;
    const number = this.#values.length;
    this.#numbers.set(identity, number);
    this.#values.push(value);
    return number;
  }

  /** The calls without those of unknown outcome that nobody can need. */
  needed(): RegisterCalls {
    const { kind, from, to, isAnswered, row } = this;
    const lastNeed = this.#lastNeed();
    const events = this.order.take();
    const numbers = new Int32Array(this.#count).fill(-1);
    const invoked = new Int32Array(this.#count);
    const returned = new Int32Array(this.#count).fill(NEVER);
    const moved = new Int32Array(events.length + 1);
    let count = 0;
    let position = 0;
    for (let at = 0; at < events.length; at++) {
      moved[at] = position;
      const event = events[at]!;
      if (event < 0) {
        const call = numbers[~event]!;
        returned[call] = position;
        events[position++] = ~call;
        continue;
      }
      if (isAnswered[event] === 0 && !this.#hasDiffers && lastNeed[to[event]!]! < at) continue;
      numbers[event] = count;
      kind[count] = kind[event]!;
      from[count] = from[event]!;
      to[count] = to[event]!;
      row[count] = row[event]!;
      invoked[count] = position;
      events[position++] = count++;
    }
    return {
      count,
      kind,
      from,
      to,
      row,
      invoked,
      returned,
      events: events.subarray(0, position),
      values: this.#values,
      neededUntil: lastNeed.map((at) => (this.#hasDiffers ? NEVER : at < 0 ? -1 : moved[at]!)),
      hasDiffers: this.#hasDiffers,
    };
  }

  /** By value: position in the order of the last return that can need it. A `cas` of unknown outcome hands the need on. */
  #lastNeed(): Int32Array {
    const last = new Int32Array(this.#values.length).fill(-1);
    const events = this.order.take();
    for (let at = 0; at < events.length; at++) {
      const call = ~events[at]!;
      if (call >= 0 && this.kind[call] !== WRITE) last[this.from[call]!] = at;
    }
    const open: number[] = [];
    // From the last to the first: chains mostly follow the order of time.
    for (let call = this.#count - 1; call >= 0; call--) {
      if (this.kind[call] === CAS && this.isAnswered[call] === 0) open.push(call);
    }
    for (let hasChanged = open.length > 0; hasChanged; ) {
      hasChanged = false;
      for (const call of open) {
        const until = last[this.to[call]!]!;
        if (until <= last[this.from[call]!]!) continue;
        last[this.from[call]!] = until;
        hasChanged = true;
      }
    }
    return last;
  }
}
