import { describe, expect, test } from "vitest";
import { retryStoreFailures } from "../../../../reference-impl/patterns/bounded-retry.ts";
import { StoreFailure } from "../../../../reference-impl/patterns/store-failure.ts";

/** Runs attempts that end as given; what came of it, and how long it paused. */
async function retry(
  ends: readonly (string | Error)[],
): Promise<{ end: unknown; pausesMs: number[]; attempts: number[] }> {
  const pausesMs: number[] = [];
  const attempts: number[] = [];
  const clock = {
    nowMs: () => 0,
    monotonicNs: () => 0,
    sleep: (ms: number) => {
      pausesMs.push(ms);
      return Promise.resolve();
    },
  };
  const end = await retryStoreFailures(
    { clock, random: () => 0.5 },
    { attempts: 3, backoffMs: 10 },
    async (number) => {
      attempts.push(number);
      const outcome = ends[number - 1];
      if (outcome instanceof Error) throw outcome;
      return outcome;
    },
  ).catch((error: unknown) => error);
  return { end, pausesMs, attempts };
}

const notDone = new StoreFailure("not-done", true, "reset");
const unknown = new StoreFailure("unknown", true, "reset");
const definite = new StoreFailure("not-done", false, "no such column");

describe("retryStoreFailures", () => {
  test("answers what the first attempt that works answers, pausing longer each time", async () => {
    expect(await retry([notDone, unknown, "done"])).toEqual({
      end: "done",
      pausesMs: [15, 30],
      attempts: [1, 2, 3],
    });
  });

  test("stops after the last attempt", async () => {
    expect(await retry([notDone, notDone, notDone])).toMatchObject({ end: notDone, attempts: [1, 2, 3] });
  });

  test("an unknown outcome stays unknown, whatever later attempts fail of", async () => {
    expect((await retry([unknown, notDone, notDone])).end).toBe(unknown);
    expect((await retry([unknown, definite])).end).toBe(unknown);
  });

  test("does not repeat a definite error, nor a mistake of the service", async () => {
    expect(await retry([definite, "done"])).toMatchObject({ end: definite, attempts: [1] });
    const mistake = new TypeError("mistake");
    expect(await retry([mistake, "done"])).toMatchObject({ end: mistake, attempts: [1] });
  });
});
