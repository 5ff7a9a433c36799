import type { LogRecord } from "./log-record.ts";

/** A consumer's request for messages. */
export interface FetchRequest {
  readonly maxWaitMs: number;
  readonly maxBytes: number;
  readonly partitions: readonly FetchPartition[];
  /** Counts as a heartbeat of this member; null: of nobody. */
  readonly member: {
    readonly groupId: string;
    readonly memberId: string;
    readonly generationId: number;
  } | null;
}

/** From where on a partition is read. */
export interface FetchPartition {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly maxBytes: number;
}

/** What a consumer gets. */
export interface FetchResult {
  /** Only partitions with messages. */
  readonly partitions: readonly FetchedPartition[];
  /** False: the member's next heartbeat will be refused or tell of a rebalance. */
  readonly memberOk: boolean;
}

/** Messages of one partition. */
export interface FetchedPartition {
  readonly topic: string;
  readonly partition: number;
  readonly highWatermark: number;
  /** Where the messages begin, if that is before the offset that was asked for: a redelivery. */
  readonly rewoundTo: number | null;
  readonly records: readonly LogRecord[];
}
