import { expect, test } from "vitest";
import { realMongodbLane } from "../../support/mongodb/mongodb-lanes.ts";
import { sweepCalls } from "../../support/mongodb/sweep-calls.ts";
import { findRealStore } from "../../support/real-store.ts";

// The long comparison (`npm run test:model`): MODEL_COUNT programs of calls from MODEL_SEED on.

const count = Number(process.env.MODEL_COUNT ?? 2000);
const firstSeed = Number(process.env.MODEL_SEED ?? 0);
const store = await findRealStore("mongodb");
if (store.component === null) process.stdout.write(`skipped: the comparison with MongoDB. ${store.why}\n`);

test.skipIf(store.component === null)("random programs of calls on the model and on the server", async () => {
  if (store.component === null) return;
  const { label, standIn } = store.component;
  await using server = await store.start();
  await using lane = await realMongodbLane(server.url);
  const { calls, errors, mismatches, deviations } = await sweepCalls(lane, standIn, firstSeed, count);
  process.stdout.write(
    `${label}: ${count} programs, ${calls} calls, ${errors} with an error, ${mismatches.length} mismatches\n`,
  );
  for (const [name, times] of deviations) process.stdout.write(`${label} differs, ${times} times: ${name}\n`);
  expect(mismatches.slice(0, 10).join("\n\n")).toBe("");
});
