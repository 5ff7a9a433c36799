import type { AnomalyList } from "../anomaly-list.ts";
import type { UnreadableRecords } from "../history/final-records.ts";
import type { History } from "../history/history.ts";
import type { StreamFields } from "./event-stream-options.ts";

/** What the parts of the check share. */
export interface StreamTask {
  readonly history: History;
  readonly roles: Int8Array;
  readonly fields: StreamFields;
  readonly anomalies: AnomalyList;
  readonly unreadable: UnreadableRecords;
  /** Why something was left undecided. */
  readonly reasons: Set<string>;
  /** Lines that were held against a log. */
  operations: number;
}
