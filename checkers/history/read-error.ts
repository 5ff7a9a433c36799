import type { AppendProblem } from "./append-problem.ts";

/** Stable names of what can be wrong with a line; each is described in `docs/history-format.md`. */
export type ReadErrorCode =
  | AppendProblem["code"]
  | "not-utf8"
  | "line-too-long"
  | "too-deep"
  | "too-many-lines"
  | "not-json"
  | "not-an-object"
  | "missing-field"
  | "wrong-type"
  | "wrong-value"
  | "unknown-type"
  | "ambiguous-key"
  | "unsupported-version"
  | "misplaced-header"
  | "truncated-last-line"
  | "not-edn"
  | "ambiguous-pair"
  | "left-out"
  | "keyed-values"
  | "process-goes-on"
  | "no-invocation"
  | "overlapping-calls"
  | "no-process"
  | "counted-anew"
  | "time-held"
  | "no-real-time";

/** What is wrong with one line of a history file: plain data, worded by {@link describeReadError}. */
export interface ReadError {
  readonly code: ReadErrorCode;
  /** Name of the file, as the caller gave it. */
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  /** The field concerned, such as `error.code`; `line` where it is the whole line. */
  readonly field: string;
  readonly expected: string;
  /** What was there instead: JSON, shortened. */
  readonly found: string;
  /** What to do about it. */
  readonly hint: string;
}

/** A {@link ReadError} before it is known where the line stands. */
export type LineProblem = Omit<ReadError, "file" | "line" | "code"> & { readonly code: ReadErrorCode };
