import { type History, OK } from "../history/history.ts";
import { fieldOf } from "../history/json-value.ts";
import type { Json } from "../history/operation.ts";
import { AcquisitionNumbers } from "./acquisition-numbers.ts";
import { ACQUIRE, type LockFields } from "./lock-options.ts";

const nanosPerMs = 1e6;

/** The successful acquisitions of one lock, in the order in which they were asked for, in columns. */
export interface Acquisitions {
  /** Position in `history.keys`. */
  readonly lock: number;
  readonly count: number;
  /** Row at which it was asked for. */
  readonly asked: Int32Array;
  /** Row at which the client was told that it holds the lock. */
  readonly told: Int32Array;
  /** First row at which the client may no longer hold it: released, expired, or the end of the history. */
  readonly held: Int32Array;
  /** Row at which it was released; −1. */
  readonly released: Int32Array;
  /** Fencing token; NaN where it has none. */
  readonly token: Float64Array;
  /** Its number where the lock gives no token; NaN where it has none. */
  readonly number: Float64Array;
  /** Positions by rising `told`. */
  readonly byTold: Int32Array;
}

/** What is needed to read acquisitions. */
export interface LockReading {
  readonly history: History;
  readonly roles: Int8Array;
  readonly fields: Required<LockFields>;
  readonly marginMs: number;
  /** Does time pass in this history? Else nothing is known of expiry. */
  readonly hasTime: boolean;
}

/** The number in a field; NaN where there is none. */
export function numberOf(value: Json | undefined, name: string): number {
  const field = fieldOf(value, name);
  return typeof field === "number" ? field : Number.NaN;
}

/** Reads the calls on one lock. `rows` are its invocations. n log n in the length of the history. */
export function collectAcquisitions(reading: LockReading, lock: number, rows: Int32Array): Acquisitions {
  const { history, fields } = reading;
  const asked = grantedRows(reading, rows);
  const count = asked.length;
  const told = new Int32Array(count);
  const token = new Float64Array(count);
  const number = new Float64Array(count);
  for (let at = 0; at < count; at++) {
    const row = history.mate[asked[at]!]!;
    told[at] = row;
    token[at] = numberOf(history.value[row], fields.token);
    number[at] = numberOf(history.value[row], fields.acquisition);
  }
  const released = new Int32Array(count).fill(-1);
  const held = new Int32Array(count);
  const byTold = inOrderOf(told);
  const found: Acquisitions = { lock, count, asked, told, held, released, token, number, byTold };
  matchReleases(reading, found, rows);
  for (let at = 0; at < count; at++) held[at] = endOf(reading, found, at);
  return found;
}

/** Of these calls those that took the lock. */
function grantedRows({ history, roles }: LockReading, rows: Int32Array): Int32Array {
  const granted = new Int32Array(rows.length);
  let count = 0;
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at]!;
    const mate = history.mate[row]!;
    if (roles[history.f[row]!] !== ACQUIRE || mate < 0 || history.type[mate] !== OK) continue;
    granted[count++] = row;
  }
  return granted.slice(0, count);
}

/** Positions by rising row; mostly they come so. */
function inOrderOf(rows: Int32Array): Int32Array {
  const order = new Int32Array(rows.length);
  let isRising = true;
  for (let at = 0; at < rows.length; at++) {
    order[at] = at;
    isRising &&= at === 0 || rows[at - 1]! < rows[at]!;
  }
  return isRising ? order : order.sort((a, b) => rows[a]! - rows[b]!);
}

/**
 * A release belongs to the acquisition with its token or number, where it names one; else to the last
 * acquisition of its session before it.
 */
function matchReleases({ history, roles, fields }: LockReading, found: Acquisitions, rows: Int32Array): void {
  const byToken = new AcquisitionNumbers(found.token);
  const byNumber = new AcquisitionNumbers(found.number);
  const bySession = new Map<number, number>();
  let at = 0;
  for (let place = 0; place < rows.length; place++) {
    const row = rows[place]!;
    if (at < found.count && found.asked[at] === row) {
      bySession.set(history.session[row]!, at++);
      continue;
    }
    if (roles[history.f[row]!] === ACQUIRE) continue;
    const token = numberOf(history.value[row], fields.token);
    const number = numberOf(history.value[row], fields.acquisition);
    const acquisition = !Number.isNaN(token)
      ? byToken.lastBefore(at, token)
      : Number.isNaN(number)
        ? (bySession.get(history.session[row]!) ?? -1)
        : byNumber.lastBefore(at, number);
    if (acquisition >= 0 && found.released[acquisition]! < 0) found.released[acquisition] = row;
  }
}

function endOf({ history, fields, marginMs, hasTime }: LockReading, found: Acquisitions, at: number): number {
  const released = found.released[at]!;
  const end = released < 0 ? history.length : released;
  const ttlMs = numberOf(history.value[found.told[at]!], fields.ttlMs);
  if (Number.isNaN(ttlMs)) return end;
  if (!hasTime) return found.told[at]!;
  const expiry = history.time[found.asked[at]!]! + (ttlMs - marginMs) * nanosPerMs;
  return Math.min(end, firstRowAt(history.time, expiry));
}

/** The first row at or after a time. Logarithmic. */
function firstRowAt(time: Float64Array, from: number): number {
  let low = 0;
  let high = time.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (time[middle]! < from) low = middle + 1;
    else high = middle;
  }
  return low;
}
