import type { AnomalyList } from "../anomaly-list.ts";
import type { History } from "../history/history.ts";
import type { DemandedConsumer } from "./delivery-demands.ts";
import type { DeliveryRecords } from "./delivery-records.ts";
import type { StreamTable } from "./stream-table.ts";

/** What is demanded of every stream. */
export interface DeliveryRules {
  /** Are publications and effects in the order of the commits? */
  readonly isOrdered: boolean;
  /** Are publications looked at? */
  readonly hasPublications: boolean;
  readonly exactlyOncePublish: boolean;
}

/** All streams of a history, with what is demanded of them. The table holds one stream at a time. */
export interface DeliveryTask {
  readonly history: History;
  readonly records: DeliveryRecords;
  readonly table: StreamTable;
  readonly demanded: readonly DemandedConsumer[];
  readonly rules: DeliveryRules;
  readonly anomalies: AnomalyList;
}
