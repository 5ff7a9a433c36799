import type { AnomalyList } from "../anomaly-list.ts";
import type { History } from "../history/history.ts";
import type { GrantedNumbers } from "./granted-numbers.ts";
import type { LockFields } from "./lock-options.ts";
import type { WriteOrder } from "./write-order.ts";

/** One resource that is written under locks. */
export interface ResourceTask {
  readonly history: History;
  /** Position in `history.keys`. */
  readonly resource: number;
  /** Invocations of guarded writes, in history order. */
  readonly writes: Int32Array;
  /** Final records of accepted writes. */
  readonly accepted: Int32Array;
  /** Were the stores looked at in the end? Else nothing is known of what they accepted. */
  readonly isInspected: boolean;
  readonly fields: Required<LockFields>;
  readonly anomalies: AnomalyList;
  readonly order: WriteOrder;
  readonly granted: GrantedNumbers;
}
