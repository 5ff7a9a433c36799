import type { History } from "../history/history.ts";

/** The calls on one object. */
export interface JudgedObject {
  readonly history: History;
  /** Invocations and their ends, in history order. */
  readonly rows: Int32Array;
  /** By function of the history: its position in the judge's names; −1. */
  readonly roles: Int8Array;
  /** Room for a number per row of the history. */
  readonly numbers: Int32Array;
}
