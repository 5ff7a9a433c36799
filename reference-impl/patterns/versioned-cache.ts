import type { CacheClient } from "../cache-client.ts";
import type { RedisConnection } from "./redis-connection.ts";

/** A connection to a cache. */
export type CacheConnection = RedisConnection<CacheClient>;

/** What a cache holds of an entity. */
export interface CachedEntity {
  readonly version: number;
  /** JSON text. */
  readonly body: string;
}

/** Puts what was read at the store into the cache. Throws `RedisFailure`: then it may be there, now or later. */
export type FillCache = (cache: CacheConnection, key: string, entity: CachedEntity) => Promise<void>;

/** An entry that nobody takes out is gone after so long: a backstop, not what keeps the cache right. */
export const entryMsMax = 600_000;

/** The newest version that was heard of is remembered for longer than any entry, and any reader on its way, lasts. */
const floorMsMax = 2 * entryMsMax;

const fillScript = `
if tonumber(redis.call("get", KEYS[2]) or "0") > tonumber(ARGV[1]) then return 0 end
redis.call("set", KEYS[2], ARGV[1], "PX", ARGV[4])
redis.call("set", KEYS[1], ARGV[2], "PX", ARGV[3])
return 1`;

const invalidateScript = `
if tonumber(redis.call("get", KEYS[2]) or "0") >= tonumber(ARGV[1]) then return 0 end
redis.call("set", KEYS[2], ARGV[1], "PX", ARGV[2])
return redis.call("del", KEYS[1])`;

/** What is cached under a key; null: nothing. Throws `RedisFailure`. */
export async function readCached(cache: CacheConnection, key: string): Promise<CachedEntity | null> {
  const text = await cache.command("reading the cache", (client) => client.get(key));
  return text === null ? null : (JSON.parse(String(text)) as CachedEntity);
}

/**
 * Fills unless a newer version was heard of meanwhile, in one step: a reader that was slow must not put back what an
 * invalidation has just taken out.
 */
export const fillUnlessNewer: FillCache = async (cache, key, entity) => {
  const values = [String(entity.version), JSON.stringify(entity), String(entryMsMax), String(floorMsMax)];
  await cache.command("filling the cache", (client) =>
    client.eval(fillScript, { keys: [key, floorOf(key)], arguments: values }),
  );
};

/**
 * From now on nothing older than this version is in the cache, nor comes into it. Any number of copies, in any order,
 * do what the newest one does. Throws `RedisFailure`: then it must be done again.
 */
export async function invalidateBelow(cache: CacheConnection, key: string, version: number): Promise<void> {
  await cache.command("invalidating", (client) =>
    client.eval(invalidateScript, {
      keys: [key, floorOf(key)],
      arguments: [String(version), String(floorMsMax)],
    }),
  );
}

/** Where the newest version that was heard of is kept. */
function floorOf(key: string): string {
  return `${key}/newest`;
}
