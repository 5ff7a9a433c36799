import type { RedisClientType } from "redis";

/** The part of a node-redis client that services use for caches. It must be connected before its first command. */
export type CacheClient = Pick<RedisClientType, "connect" | "destroy" | "del" | "eval" | "get" | "set">;
