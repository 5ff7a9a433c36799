import type { FaultEvent, Json, OperationError, PhaseEvent } from "./operation.ts";
import type { SourceLines } from "./source-lines.ts";

/** Number of the type `invoke` in the `type` column. */
export const INVOKE = 0;
/** Number of the type `ok` in the `type` column. */
export const OK = 1;
/** Number of the type `fail` in the `type` column. */
export const FAIL = 2;
/** Number of the type `info` in the `type` column. */
export const INFO = 3;
/** Number of the type `record` in the `type` column: a row of no process and no session, without a mate. */
export const RECORD = 4;

/** The first line of a history file. Everything but `format` and `version` is for people and for replay. */
export interface HistoryHeader {
  readonly format: "faultline-history";
  readonly version: number;
  readonly scenario?: string;
  readonly form?: string;
  readonly lane?: string;
  /** The servers of a run on real stores, each as it must be called. */
  readonly components?: readonly string[];
  readonly seed?: number;
  readonly token?: string;
  /** The plan that was executed. Opaque to checkers. */
  readonly plan?: Json;
}

/**
 * A recorded history in columns: row `i` of every column describes one operation event (an `invoke`, or
 * an `ok`, `fail` or `info`) or one record. Strings are interned: `key[i]` is a position in `keys`, −1 where absent.
 *
 * Built by {@link HistoryBuilder}; never changed afterwards.
 */
export interface History {
  readonly header: HistoryHeader | null;
  /** Number of rows. */
  readonly length: number;
  /** The `index` of each row: what witnesses and reports refer to. Rises strictly. */
  readonly index: Float64Array;
  /** Nanoseconds since the start. Never falls. */
  readonly time: Float64Array;
  /** Position in `processes`; −1 for a record. */
  readonly process: Int32Array;
  /** Position in `sessions`: the client where it is known, else the process; −1 for a record. */
  readonly session: Int32Array;
  /** {@link INVOKE}, {@link OK}, {@link FAIL}, {@link INFO} or {@link RECORD}. */
  readonly type: Uint8Array;
  /** Position in `functions`. */
  readonly f: Int32Array;
  /** Position in `keys`, or −1. */
  readonly key: Int32Array;
  /** Position in `nodes`, or −1. */
  readonly node: Int32Array;
  /** 1 for a final read, and for a record that was taken at the very end. */
  readonly final: Uint8Array;
  /** For an invocation the row of its completion and the other way round; −1 where there is none. */
  readonly mate: Int32Array;
  /** `undefined` where a line has no value. */
  readonly value: readonly (Json | undefined)[];
  /** Rows that carry an error. */
  readonly error: ReadonlyMap<number, OperationError>;
  readonly processes: readonly (number | string)[];
  /** Names for people: `client 2`, `process 7`. */
  readonly sessions: readonly string[];
  /** For each session the number of its client; null where the session is a process. */
  readonly clients: readonly (number | null)[];
  readonly functions: readonly string[];
  readonly keys: readonly string[];
  readonly nodes: readonly string[];
  readonly faults: readonly FaultEvent[];
  readonly phases: readonly PhaseEvent[];
  /** Lines of the file; null where the history was not read from one, or from one that has no lines. */
  readonly source: SourceLines | null;
}
