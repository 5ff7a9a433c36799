import { type History, OK } from "../history/history.ts";
import { fieldOf } from "../history/json-value.ts";
import type { Json } from "../history/operation.ts";
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
  const { history, roles, fields } = reading;
  const asked = rows.filter((row) => {
    const mate = history.mate[row]!;
    return roles[history.f[row]!] === ACQUIRE && mate >= 0 && history.type[mate] === OK;
  });
  const count = asked.length;
  const told = asked.map((row) => history.mate[row]!);
  const token = Float64Array.from(told, (row) => numberOf(history.value[row], fields.token));
  const number = Float64Array.from(told, (row) => numberOf(history.value[row], fields.acquisition));
  const released = new Int32Array(count).fill(-1);
  const byTold = Int32Array.from(told, (_, at) => at).sort((a, b) => told[a]! - told[b]!);
  const found: Acquisitions = {
    lock,
    count,
    asked,
    told,
    held: new Int32Array(count),
    released,
    token,
    number,
    byTold,
  };
  matchReleases(reading, found, rows);
  for (let at = 0; at < count; at++) found.held[at] = endOf(reading, found, at);
  return found;
}

/**
 * A release belongs to the acquisition with its token or number, where it names one; else to the last
 * acquisition of its session before it.
 */
function matchReleases({ history, roles, fields }: LockReading, found: Acquisitions, rows: Int32Array): void {
  const byToken = new Map<number, number>();
  const byNumber = new Map<number, number>();
  const bySession = new Map<number, number>();
  let at = 0;
  for (const row of rows) {
    if (at < found.count && found.asked[at] === row) {
      byToken.set(found.token[at]!, at);
      byNumber.set(found.number[at]!, at);
      bySession.set(history.session[row]!, at++);
      continue;
    }
    if (roles[history.f[row]!] === ACQUIRE) continue;
    const token = numberOf(history.value[row], fields.token);
    const number = numberOf(history.value[row], fields.acquisition);
    const acquisition = !Number.isNaN(token)
      ? byToken.get(token)
      : Number.isNaN(number)
        ? bySession.get(history.session[row]!)
        : byNumber.get(number);
    if (acquisition !== undefined && found.released[acquisition]! < 0) found.released[acquisition] = row;
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
