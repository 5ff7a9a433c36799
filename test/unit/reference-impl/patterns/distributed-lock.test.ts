import { describe, expect, test } from "vitest";
import {
  acquireLock,
  type HeldLock,
  releaseOwnLock,
  renewLock,
  whileRenewed,
} from "../../../../reference-impl/patterns/distributed-lock.ts";
import { RedisConnection, RedisFailure } from "../../../../reference-impl/patterns/redis-connection.ts";
import {
  redisNodes,
  type SimulatedRedis,
  withRedis,
} from "../../../support/reference-impl/simulated-redis.ts";

/** A client that lost its connection has another one by then. */
const reconnectMs = 100;

interface Bench extends SimulatedRedis {
  readonly redis: RedisConnection;
  take(owner: string, expiryMs?: number): Promise<HeldLock | null>;
  /** Takes it where nobody has it. */
  mustTake(owner: string, expiryMs?: number): Promise<HeldLock>;
  sleep(ms: number): Promise<void>;
  /** Does work under a lock of 150 ms that is renewed every 50 ms. */
  under<Result>(held: HeldLock, work: () => Promise<Result>): Promise<Result | null>;
}

function onBench(test: (bench: Bench) => Promise<void>): Promise<void> {
  return withRedis(async (simulated) => {
    const { clock } = simulated.context;
    const redis = new RedisConnection({ openRedis: () => simulated.open(), clock });
    const take = (owner: string, expiryMs = 150) => acquireLock(redis, "lock", owner, expiryMs);
    await test({
      ...simulated,
      redis,
      take,
      mustTake: async (owner, expiryMs) => {
        const held = await take(owner, expiryMs);
        if (held === null) throw new Error(`the lock is not free for ${owner}`);
        return held;
      },
      sleep: (ms) => clock.sleep(ms),
      under: (held, work) => whileRenewed({ redis, clock, held, expiryMs: 150, everyMs: 50 }, work),
    });
    await redis.close();
  });
}

describe("a lock", () => {
  test("has one holder, also of those that try at once", () =>
    onBench(async ({ take, redis }) => {
      const taken = await Promise.all(["a", "b", "c"].map((owner) => take(owner)));
      expect(taken.filter((held) => held !== null)).toHaveLength(1);
      expect(await acquireLock(redis, "another", "b", 150)).toMatchObject({ owner: "b", token: 1 });
    }));

  test("is free again when its time is over, or its holder gives it back", () =>
    onBench(async ({ mustTake, take, redis, sleep }) => {
      await mustTake("a");
      await sleep(100);
      expect(await take("b")).toBeNull();
      await sleep(100);
      const second = await mustTake("b");
      expect(await releaseOwnLock(redis, second)).toBe(true);
      expect(await take("c")).not.toBeNull();
      expect(await releaseOwnLock(redis, second)).toBe(false);
    }));

  test("gives tokens that rise from holder to holder, however the one before has ended", () =>
    onBench(async ({ mustTake, redis, sleep }) => {
      const tokens: (number | null)[] = [];
      for (const owner of ["a", "b", "c"]) {
        const held = await mustTake(owner);
        tokens.push(held.token);
        if (owner === "a") await releaseOwnLock(redis, held);
        else await sleep(200);
      }
      // Much later, too: the counter does not expire with the lock.
      await sleep(600_000);
      tokens.push((await mustTake("d")).token);
      expect(tokens).toEqual([1, 2, 3, 4]);
    }));

  test("that one did not get costs no token", () =>
    onBench(async ({ mustTake, take, redis }) => {
      const held = await mustTake("a");
      for (let n = 0; n < 3; n++) await take("b");
      await releaseOwnLock(redis, held);
      expect((await mustTake("b")).token).toBe(2);
    }));
});

describe("a holder whose lock expired", () => {
  test("does not release the lock of the next one, nor renew it", () =>
    onBench(async ({ mustTake, take, redis, sleep }) => {
      const late = await mustTake("a");
      await sleep(200);
      const next = await mustTake("b");
      expect(await releaseOwnLock(redis, late)).toBe(false);
      expect(await renewLock(redis, late, 10_000)).toBe(false);
      expect(await take("c")).toBeNull();
      await sleep(200);
      expect(await renewLock(redis, next, 150)).toBe(false);
      expect(await take("c")).not.toBeNull();
    }));

  test("hears that it is lost when nobody has it, too: it does not come to life again", () =>
    onBench(async ({ mustTake, take, redis, sleep }) => {
      const held = await mustTake("a");
      await sleep(200);
      expect(await renewLock(redis, held, 150)).toBe(false);
      expect(await take("b")).not.toBeNull();
    }));
});

describe("without an answer", () => {
  test("a lock may be taken by nobody until it expires", () =>
    onBench(async ({ take, mustTake, redis, loseNextAnswer, sleep }) => {
      await releaseOwnLock(redis, await mustTake("warm"));
      const lost = loseNextAnswer();
      await expect(take("a")).rejects.toBeInstanceOf(RedisFailure);
      expect(lost()).toBe(1);
      await sleep(reconnectMs);
      expect(await take("b")).toBeNull();
      await sleep(200);
      expect((await mustTake("b")).token).toBe(3);
    }));

  test("a release is asked again in vain, and the lock is free", () =>
    onBench(async ({ take, mustTake, redis, loseNextAnswer, sleep }) => {
      const held = await mustTake("a");
      loseNextAnswer();
      await expect(releaseOwnLock(redis, held)).rejects.toBeInstanceOf(RedisFailure);
      await sleep(reconnectMs);
      expect(await releaseOwnLock(redis, held)).toBe(false);
      expect(await take("b")).not.toBeNull();
    }));

  test("nobody waits for long, and the next command finds the server that came back", () =>
    onBench(async ({ take, mustTake, simulation, context, sleep }) => {
      simulation.port.crash(redisNodes.store);
      const askedAtMs = context.clock.nowMs();
      await expect(take("a")).rejects.toBeInstanceOf(RedisFailure);
      expect(context.clock.nowMs() - askedAtMs).toBeLessThanOrEqual(1500);
      simulation.port.restart(redisNodes.store);
      await sleep(100);
      expect(await mustTake("a")).toMatchObject({ owner: "a" });
    }));
});

describe("work under a lock", () => {
  test("keeps it for as long as the work takes, and no longer", () =>
    onBench(async ({ take, mustTake, under, sleep }) => {
      const held = await mustTake("a");
      const others: (HeldLock | null)[] = [];
      const result = await under(held, async () => {
        for (let n = 0; n < 10; n++) {
          await sleep(60);
          others.push(await take("b"));
        }
        return "made";
      });
      expect(result).toBe("made");
      expect(others).toEqual(Array(10).fill(null));
      await sleep(200);
      expect(await take("b")).not.toBeNull();
    }));

  test("is not begun where the lock is lost, and begins with all of its time", () =>
    onBench(async ({ take, mustTake, under, sleep }) => {
      const late = await mustTake("a");
      await sleep(200);
      let begun = false;
      const work = async () => {
        begun = true;
      };
      expect(await under(late, work)).toBeNull();
      expect(begun).toBe(false);
      const held = await mustTake("a");
      await sleep(120);
      // 30 ms are left; the first renewal within the work would come after them.
      await under(held, async () => {
        await sleep(45);
        expect(await take("b")).toBeNull();
      });
    }));

  test("is not begun where nobody can tell", () =>
    onBench(async ({ mustTake, under, loseNextAnswer }) => {
      const held = await mustTake("a");
      loseNextAnswer();
      let begun = false;
      const working = under(held, async () => {
        begun = true;
      });
      await expect(working).rejects.toBeInstanceOf(RedisFailure);
      expect(begun).toBe(false);
    }));

  test("survives a renewal without an answer", () =>
    onBench(async ({ take, mustTake, under, loseNextAnswer, sleep }) => {
      const held = await mustTake("a");
      const result = await under(held, async () => {
        const lost = loseNextAnswer();
        await sleep(140);
        expect(lost()).toBe(1);
        await sleep(100);
        expect(await take("b")).toBeNull();
        return "made";
      });
      expect(result).toBe("made");
    }));

  test("that fails is not renewed any more, and its failure is told", () =>
    onBench(async ({ take, mustTake, under, sleep }) => {
      const held = await mustTake("a");
      await expect(under(held, () => Promise.reject(new Error("no paper")))).rejects.toThrow("no paper");
      await sleep(200);
      expect(await take("b")).not.toBeNull();
    }));

  test("may outlive its lock, as when the server is away: the token tells old from new", () =>
    onBench(async ({ mustTake, under, redis, simulation, sleep }) => {
      const held = await mustTake("a");
      const result = await under(held, async () => {
        const heal = simulation.port.intercept(redisNodes.service, redisNodes.store, () => "hold");
        await sleep(600);
        heal();
        await sleep(100);
        const next = await mustTake("b");
        expect(next.token).toBeGreaterThan(held.token ?? Number.POSITIVE_INFINITY);
        await sleep(100);
        // The renewals of the first holder do nothing to the second one's lock.
        expect(await releaseOwnLock(redis, next)).toBe(true);
        return "made";
      });
      expect(result).toBe("made");
    }));
});
