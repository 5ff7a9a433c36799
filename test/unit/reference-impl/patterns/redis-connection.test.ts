import { describe, expect, test } from "vitest";
import type { LockClient } from "../../../../reference-impl/lock-client.ts";
import { RedisConnection, RedisFailure } from "../../../../reference-impl/patterns/redis-connection.ts";
import {
  redisNodes,
  type SimulatedRedis,
  withRedis,
} from "../../../support/reference-impl/simulated-redis.ts";

interface Bench extends SimulatedRedis {
  readonly redis: RedisConnection;
  /** How many clients were asked for. */
  opened(): number;
  set(value: string): Promise<unknown>;
  /** How long something took, in ms, whatever came of it. */
  took(work: Promise<unknown>): Promise<number>;
}

function onBench(test: (bench: Bench) => Promise<void>): Promise<void> {
  return withRedis(async (simulated) => {
    const { clock } = simulated.context;
    let opened = 0;
    const openRedis = () => {
      opened++;
      return simulated.open();
    };
    const redis = new RedisConnection({ openRedis, clock });
    await test({
      ...simulated,
      redis,
      opened: () => opened,
      set: (value) => redis.command("setting", (client) => client.set("key", value)),
      took: async (work) => {
        const beganAtMs = clock.nowMs();
        await work.catch(() => {});
        return clock.nowMs() - beganAtMs;
      },
    });
  });
}

describe("a connection to Redis", () => {
  test("is one for all commands, opened by the first", () =>
    onBench(async ({ opened, set }) => {
      expect(opened()).toBe(0);
      expect(await Promise.all([set("a"), set("b")])).toEqual(["OK", "OK"]);
      await set("c");
      expect(opened()).toBe(1);
    }));

  test("says of every failure that the command may have been carried out", () =>
    onBench(async ({ redis, set, loseNextAnswer, context }) => {
      await set("a");
      loseNextAnswer();
      await expect(set("b")).rejects.toBeInstanceOf(RedisFailure);
      await context.clock.sleep(100);
      await expect(set("c")).resolves.toBe("OK");
      const noScript = redis.command("a bad script", (client) => client.eval("return nonsense("));
      await expect(noScript).rejects.toBeInstanceOf(RedisFailure);
    }));

  test("waits for half a second at most for an answer that does not come", () =>
    onBench(async ({ redis, set, took }) => {
      await set("a");
      // Whatever limits the client itself has.
      expect(await took(redis.command("hanging", () => new Promise(() => {})))).toBe(500);
    }));

  test("waits for a second at most until it is connected, and is when the server is back", () =>
    onBench(async ({ set, simulation, took, context, opened }) => {
      simulation.port.crash(redisNodes.store);
      expect(await took(set("a"))).toBeLessThanOrEqual(1000);
      expect(await took(set("a"))).toBeLessThanOrEqual(1000);
      simulation.port.restart(redisNodes.store);
      await context.clock.sleep(2000);
      expect(await set("b")).toBe("OK");
      expect(opened()).toBe(1);
    }));

  test("tries another client where one could not be connected, and closes the first", () =>
    withRedis(async ({ open, context }) => {
      let destroyed = 0;
      const unable = {
        connect: () => Promise.reject(new Error("WRONGPASS")),
        destroy: () => void destroyed++,
      } as unknown as LockClient;
      const clients: LockClient[] = [unable, open()];
      const openRedis = () => clients.shift() ?? unable;
      const redis = new RedisConnection({ openRedis, clock: context.clock });
      const set = () => redis.command("setting", (client) => client.set("key", "a"));
      await expect(set()).rejects.toThrow("WRONGPASS");
      expect(destroyed).toBe(1);
      expect(await set()).toBe("OK");
    }));
});

describe("closing a connection to Redis", () => {
  test("fails what is under way", () =>
    onBench(async ({ redis, set, simulation, took }) => {
      await set("a");
      simulation.port.intercept(redisNodes.store, redisNodes.service, () => "hold");
      const underWay = set("b");
      const waited = took(underWay);
      expect(await took(redis.close())).toBe(0);
      expect(await waited).toBe(0);
      await expect(underWay).rejects.toBeInstanceOf(RedisFailure);
    }));

  test("takes no time before the first command, nor a second time; a later command opens another", () =>
    onBench(async ({ redis, set, took, opened }) => {
      expect(await took(redis.close())).toBe(0);
      await set("a");
      await redis.close();
      expect(await took(redis.close())).toBe(0);
      expect(await set("b")).toBe("OK");
      expect(opened()).toBe(2);
    }));

  test("does not wait for a server that is away", () =>
    onBench(async ({ redis, set, simulation, took, opened }) => {
      simulation.port.crash(redisNodes.store);
      await took(set("a"));
      expect(await took(redis.close())).toBe(0);
      simulation.port.restart(redisNodes.store);
      expect(await set("b")).toBe("OK");
      expect(opened()).toBe(2);
    }));
});
