import type { FunctionNames } from "../history/function-roles.ts";

/** What a checker of transactional isolation can be told. */
export interface IsolationOptions {
  /**
   * The isolation level, or the levels, that transactions must have had; `strict-serializable` unless
   * this or `anomalies` is given. The verdict is invalid only where one of these is broken.
   */
  readonly isolation?: string | readonly string[];
  /** Anomalies that must not be there, besides those that the levels forbid. */
  readonly anomalies?: readonly string[];
  /** `txn`: the functions that are transactions, `txn` unless given. */
  readonly functions?: { readonly txn?: FunctionNames };
  /** Anomalies reported per type; 10 unless given. */
  readonly maxAnomalies?: number;
}
