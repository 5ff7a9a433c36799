import type { StreamId } from "./stream-id.ts";

/** What a client receives, before it is turned into what node-redis answers. */
export type RedisReply = string | number | null | readonly RedisReply[];

/** One entry of a stream: field, value, field, value … */
export interface StreamEntry {
  readonly id: StreamId;
  readonly fields: readonly string[];
}

/** An entry that was delivered to a consumer and not acknowledged. */
export interface PendingEntry {
  readonly id: StreamId;
  consumer: string;
  deliveredAtMs: number;
}

/** A consumer group: where it is, and what its consumers have not acknowledged, by id in rising order. */
export interface StreamGroup {
  lastDelivered: StreamId;
  readonly pending: Map<string, PendingEntry>;
}

/** A stream: its entries in rising order of their ids, and its groups. */
export interface RedisStream {
  readonly kind: "stream";
  readonly entries: StreamEntry[];
  lastId: StreamId;
  readonly groups: Map<string, StreamGroup>;
}

/** What a key holds. */
export type RedisValue =
  | { readonly kind: "string"; readonly text: string }
  | { readonly kind: "hash"; readonly fields: Map<string, string> }
  | RedisStream;
