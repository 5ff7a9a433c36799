import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findRealStore, type StartedStore } from "../../support/real-store.ts";
import { type RealRedisLane, realRedisLane } from "../../support/redis/redis-lanes.ts";
import { sweepCalls } from "../../support/redis/sweep-calls.ts";

// The Redis model against a real server: the same calls of node-redis on both, compared call by call.

const store = await findRealStore("redis");
if (store.component === null) process.stdout.write(`skipped: the comparison with Redis. ${store.why}\n`);

describe.skipIf(store.component === null)("the Redis model gives what the real server gives", () => {
  let server: StartedStore | null = null;
  let lane: RealRedisLane;

  beforeAll(async () => {
    if (store.component === null) return;
    server = await store.start();
    lane = await realRedisLane(server.url);
  });

  afterAll(async () => {
    await lane?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
  });

  test("random programs of calls", async () => {
    const { calls, errors, mismatches } = await sweepCalls(lane, 1_000_000, 40);
    expect(mismatches.join("\n\n")).toBe("");
    expect(calls).toBeGreaterThan(1500);
    expect(errors).toBeGreaterThan(100);
  });
});
