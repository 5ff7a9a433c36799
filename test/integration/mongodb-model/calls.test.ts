import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RealMongodbLane, realMongodbLane } from "../../support/mongodb/mongodb-lanes.ts";
import { sweepCalls } from "../../support/mongodb/sweep-calls.ts";
import { findRealStore, type StartedStore } from "../../support/real-store.ts";

// The MongoDB model against a server that speaks its protocol: the same calls of the driver on both,
// compared call by call. Where the server is the stand-in, its known deviations are set apart.

const store = await findRealStore("mongodb");
if (store.component === null) process.stdout.write(`skipped: the comparison with MongoDB. ${store.why}\n`);

describe.skipIf(store.component === null)("the MongoDB model gives what the server gives", () => {
  let server: StartedStore | null = null;
  let lane: RealMongodbLane;
  let standIn = false;

  beforeAll(async () => {
    if (store.component === null) return;
    standIn = store.component.standIn;
    server = await store.start();
    lane = await realMongodbLane(server.url);
  });

  afterAll(async () => {
    await lane?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
  });

  test("random programs of calls", async () => {
    const { calls, errors, mismatches, deviations } = await sweepCalls(lane, standIn, 1_000_000, 30);
    expect(mismatches.join("\n\n")).toBe("");
    expect(calls).toBeGreaterThan(400);
    expect(errors).toBeGreaterThan(25);
    const excused = [...deviations.values()].reduce((sum, count) => sum + count, 0);
    expect(excused).toBeLessThan(calls / 10);
  });
});
