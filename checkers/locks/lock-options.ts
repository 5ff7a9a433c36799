import { type FunctionNames, functionRoles } from "../history/function-roles.ts";
import type { History } from "../history/history.ts";

/** Names of the functions on a lock and on what it guards, and of the kind of record, where they differ from the defaults. */
export interface LockFunctions {
  /** `acquire` unless given. */
  readonly acquire?: FunctionNames;
  /** `release` unless given. */
  readonly release?: FunctionNames;
  /** `guarded-write` unless given. */
  readonly guardedWrite?: FunctionNames;
  /** Kind of the final records of accepted writes; `accepted` unless given. */
  readonly accepted?: FunctionNames;
}

/** Names of the fields of values, where they differ from the default (the field's own name). */
export interface LockFields {
  /** The fencing token of an acquisition; null: the lock gives none. */
  readonly token?: string;
  /** How long an acquisition lasts unless it is released, in milliseconds. */
  readonly ttlMs?: string;
  /** Number of an acquisition, for locks that give no token. */
  readonly acquisition?: string;
  /** The lock that a write was made under. */
  readonly lock?: string;
  /** What was written. */
  readonly value?: string;
  /** Position of an accepted write in the store's order. */
  readonly order?: string;
}

/** How `lockSafety` reads a history. */
export interface LockSafetyOptions {
  readonly functions?: LockFunctions;
  readonly fields?: LockFields;
  /**
   * How much earlier than told an acquisition may expire, in milliseconds; 1 unless given, since stores count
   * whole milliseconds.
   */
  readonly marginMs?: number;
  /** Anomalies reported per type; 10 unless given. */
  readonly maxAnomalies?: number;
}

/** Role of a function that takes a lock. */
export const ACQUIRE = 0;

/** Roles of the functions on locks: {@link ACQUIRE}, 1 for those that give one back, −1 for all others. */
export function lockRoles(history: History, functions: LockFunctions | undefined): Int8Array {
  return functionRoles(history, [functions?.acquire ?? "acquire", functions?.release ?? "release"]);
}

/** Role 0 for the functions that write under a lock, −1 for all others. */
export function writeRoles(history: History, functions: LockFunctions | undefined): Int8Array {
  return functionRoles(history, [functions?.guardedWrite ?? "guarded-write"]);
}

/** Every field with its name. */
export function lockFields(fields: LockFields | undefined): Required<LockFields> {
  return {
    token: fields?.token ?? "token",
    ttlMs: fields?.ttlMs ?? "ttlMs",
    acquisition: fields?.acquisition ?? "acquisition",
    lock: fields?.lock ?? "lock",
    value: fields?.value ?? "value",
    order: fields?.order ?? "order",
  };
}
