import { expect, test } from "vitest";
import { findRealStore } from "../../support/real-store.ts";
import { realRedisLane } from "../../support/redis/redis-lanes.ts";
import { sweepCalls } from "../../support/redis/sweep-calls.ts";

// The long comparison (`npm run test:model`): MODEL_COUNT programs of calls from MODEL_SEED on.

const count = Number(process.env.MODEL_COUNT ?? 2000);
const firstSeed = Number(process.env.MODEL_SEED ?? 0);
const store = await findRealStore("redis");
if (store.component === null) process.stdout.write(`skipped: the comparison with Redis. ${store.why}\n`);

test.skipIf(store.component === null)("random programs of calls on the model and on Redis", async () => {
  if (store.component === null) return;
  await using server = await store.start();
  await using lane = await realRedisLane(server.url);
  const { calls, errors, mismatches } = await sweepCalls(lane, firstSeed, count);
  process.stdout.write(
    `redis: ${count} programs, ${calls} calls, ${errors} with an error, ${mismatches.length} mismatches\n`,
  );
  expect(mismatches.slice(0, 10).join("\n\n")).toBe("");
});
