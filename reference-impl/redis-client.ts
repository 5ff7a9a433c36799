import type { RedisClientType } from "redis";

/** The part of a node-redis client that services use for streams. It must be connected before its first command. */
export type RedisStreamClient = Pick<
  RedisClientType,
  "connect" | "destroy" | "xAdd" | "xGroupCreate" | "xReadGroup" | "xAck" | "xAutoClaim"
>;
