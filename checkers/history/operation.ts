/**
 * One line of a history: what a client asked for (`invoke`), or how that ended.
 *
 * - `ok`: it happened.
 * - `fail`: it certainly did not happen.
 * - `info`: it may have happened, now or later. The client goes on under a new process number.
 */
export type OperationType = "invoke" | "ok" | "fail" | "info";

/** The order of this list is the numbering used in the `type` column of a {@link History}. */
export const operationTypes: readonly OperationType[] = ["invoke", "ok", "fail", "info"];

/** Any JSON value. Checkers treat it as opaque data and never merge it into objects of their own. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** Why an operation did not succeed. `code` is stable and short, `message` is for people. */
export interface OperationError {
  readonly code: string;
  readonly message?: string;
}

/** One operation event of a history, as it is written on one NDJSON line. */
export interface Operation {
  /** Position in the whole history, all other lines included; rises from line to line. */
  readonly index: number;
  /** Nanoseconds since the start of the run, on one clock. */
  readonly time: number;
  /**
   * A logical thread: it has at most one open operation. A new number follows each `info`.
   * Our own recorder writes numbers; foreign files may name their threads.
   */
  readonly process: number | string;
  /** The session: stays the same when the process number changes. Absent: the process is the session. */
  readonly client?: number;
  readonly type: OperationType;
  /** The function that was called: `read`, `update`, `reserve`, … */
  readonly f: string;
  /** The thing it was called on. Absent where an operation concerns no single thing. */
  readonly key?: string;
  readonly value?: Json;
  readonly error?: OperationError;
  /** The service or node that was called. */
  readonly node?: string;
  /** True for a read of the phase of final reads, after every fault was healed. */
  readonly final?: boolean;
}

/** A fault was injected or healed. `bites` counts the messages, statements or processes that it touched. */
export interface FaultEvent {
  readonly index: number;
  readonly time: number;
  readonly type: "fault";
  /** Position of the fault in the plan: joins `inject` and `heal`. */
  readonly id: number;
  /** The name of the fault, such as `link-partition`. */
  readonly fault: string;
  readonly event: "inject" | "heal";
  /** What was hit, in words: `client 2 → user`. */
  readonly target: string;
  /** On `heal` only: how often it bit. 0 means that the run proves nothing about this fault. */
  readonly bites?: number;
}

/** The phases of a run, in order. */
export type PhaseName = "start" | "load" | "heal" | "settle" | "final-reads";

/** A phase of the run began. */
export interface PhaseEvent {
  readonly index: number;
  readonly time: number;
  readonly type: "phase";
  readonly phase: PhaseName;
}

/**
 * Something that was seen at a service or in a store, as no client can see it: a step done, a message
 * handled. Nobody called it, so it has no process, no session and no completion.
 */
export interface RecordEvent {
  readonly index: number;
  readonly time: number;
  readonly type: "record";
  /** The kind of record, such as `effect`. */
  readonly f: string;
  /** What it is about, such as the saga. */
  readonly key: string;
  /** The service or store that it was seen at. */
  readonly node?: string;
  readonly value?: Json;
  /** True: read from the stores at the very end, after every fault was healed. Else written live. */
  readonly final?: boolean;
}

/** Any line of a history after its header. */
export type HistoryEvent = Operation | FaultEvent | PhaseEvent | RecordEvent;
