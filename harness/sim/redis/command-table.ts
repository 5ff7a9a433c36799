import type { RedisStore } from "./redis-store.ts";
import type { RedisReply } from "./redis-value.ts";

/**
 * Commands by name: each is given its arguments, changes the store, and answers, or throws an error
 * reply. The client has checked their number.
 */
export type CommandTable = Readonly<
  Record<string, (store: RedisStore, args: readonly string[]) => RedisReply>
>;
