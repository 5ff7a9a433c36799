import { describe, expect, test } from "vitest";
import type { CacheClient } from "../../../../reference-impl/cache-client.ts";
import { RedisConnection, RedisFailure } from "../../../../reference-impl/patterns/redis-connection.ts";
import {
  type CacheConnection,
  entryMsMax,
  fillUnlessNewer,
  invalidateBelow,
  readCached,
} from "../../../../reference-impl/patterns/versioned-cache.ts";
import {
  redisNodes,
  type SimulatedRedis,
  withRedis,
} from "../../../support/reference-impl/simulated-redis.ts";

interface Bench extends SimulatedRedis {
  fill(version: number, key?: string): Promise<void>;
  invalidate(version: number): Promise<void>;
  /** The version that is cached; null: none. */
  cached(key?: string): Promise<number | null>;
  sleep(ms: number): Promise<void>;
}

function onBench(test: (bench: Bench) => Promise<void>): Promise<void> {
  return withRedis(async (simulated) => {
    const { clock } = simulated.context;
    const cache: CacheConnection = new RedisConnection<CacheClient>({ openRedis: simulated.open, clock });
    await test({
      ...simulated,
      fill: (version, key = "p") => fillUnlessNewer(cache, key, { version, body: `{"version":${version}}` }),
      invalidate: (version) => invalidateBelow(cache, "p", version),
      cached: async (key = "p") => {
        const found = await readCached(cache, key);
        if (found !== null) expect(found.body).toBe(`{"version":${found.version}}`);
        return found?.version ?? null;
      },
      sleep: (ms) => clock.sleep(ms),
    });
    await cache.close();
  });
}

describe("a versioned cache", () => {
  test("shows what was put there, under its key", () =>
    onBench(async ({ fill, cached }) => {
      expect(await cached()).toBeNull();
      await fill(1);
      expect([await cached(), await cached("q")]).toEqual([1, null]);
      await fill(2);
      expect(await cached()).toBe(2);
    }));

  test("does not take back what an invalidation took out: a reader was slow", () =>
    onBench(async ({ fill, invalidate, cached }) => {
      await fill(1);
      await invalidate(2);
      expect(await cached()).toBeNull();
      await fill(1);
      expect(await cached()).toBeNull();
      await fill(2);
      expect(await cached()).toBe(2);
    }));

  test("does not put an older version over a newer one", () =>
    onBench(async ({ fill, cached }) => {
      await fill(10);
      await fill(9);
      expect(await cached()).toBe(10);
    }));

  test("is not hurt by copies of an invalidation, nor by one that comes late", () =>
    onBench(async ({ fill, invalidate, cached }) => {
      await invalidate(3);
      await fill(3);
      for (const version of [3, 2, 3]) await invalidate(version);
      expect(await cached()).toBe(3);
      await fill(2);
      expect(await cached()).toBe(3);
    }));

  test("ends up with nothing old, in whatever order fills and invalidations arrive", () =>
    onBench(async ({ fill, invalidate, cached }) => {
      await Promise.all([fill(1), invalidate(2), fill(1), fill(2), invalidate(3), fill(2), invalidate(2)]);
      expect(await cached()).toBeNull();
    }));

  test("forgets an entry after its time, and what is newest only after any slow reader's", () =>
    onBench(async ({ fill, invalidate, cached, sleep }) => {
      await fill(1);
      await sleep(100_000);
      await invalidate(2);
      await fill(2);
      await sleep(entryMsMax - 1000);
      expect(await cached()).toBe(2);
      await sleep(2000);
      expect(await cached()).toBeNull();
      await fill(1);
      expect(await cached()).toBeNull();
    }));

  test("that gives no answer may or may not have done it; done again, it is right", () =>
    onBench(async ({ fill, invalidate, cached, loseNextAnswer, sleep, simulation }) => {
      await fill(1);
      loseNextAnswer();
      await expect(invalidate(2)).rejects.toBeInstanceOf(RedisFailure);
      await sleep(100);
      await invalidate(2);
      await fill(1);
      expect(await cached()).toBeNull();
      simulation.port.crash(redisNodes.store);
      await expect(cached()).rejects.toBeInstanceOf(RedisFailure);
      await expect(fill(2)).rejects.toBeInstanceOf(RedisFailure);
    }));
});
