import type { RedisClientType } from "redis";

/** The part of a node-redis client that services use for locks. It must be connected before its first command. */
export type LockClient = Pick<RedisClientType, "connect" | "destroy" | "del" | "eval" | "set">;
