import { describe, expect, test } from "vitest";
import type { CallOutcome } from "../../../../reference-impl/patterns/outgoing-call.ts";
import { retriedCall, tryPassingFailures } from "../../../../reference-impl/patterns/retried-call.ts";
import { retryPauseMs } from "../../../../reference-impl/patterns/retry-backoff.ts";

const done: CallOutcome = { kind: "done", status: 200, body: null };
const refused: CallOutcome = { kind: "refused", status: 409, body: null };
const unknown: CallOutcome = { kind: "unknown", reason: "timeout" };
const notSent: CallOutcome = { kind: "not-sent", reason: "ECONNREFUSED" };

/** What comes of a call whose attempts end like this, and the pauses between them. */
async function retry(ends: readonly CallOutcome[]): Promise<{ end: CallOutcome; pausesMs: number[] }> {
  const pausesMs: number[] = [];
  const end = await retriedCall({
    clock: {
      nowMs: () => 0,
      monotonicNs: () => 0,
      sleep: async (ms) => {
        pausesMs.push(ms);
      },
    },
    random: () => 0.5,
    policy: { attempts: 3, backoffMs: 10, backoffMsMax: 25 },
    tryAgain: tryPassingFailures,
    send: async (attempt) => ends[attempt - 1] ?? done,
  });
  return { end, pausesMs };
}

describe("a retried call", () => {
  test("is sent again while its outcome is open, pausing longer each time up to a bound", async () => {
    expect(await retry([unknown, notSent, done])).toEqual({ end: done, pausesMs: [15, 25] });
  });

  test("is not sent again when it was refused", async () => {
    expect(await retry([refused, done])).toEqual({ end: refused, pausesMs: [] });
    expect(await retry([unknown, refused])).toMatchObject({ end: refused });
  });

  test("stays unknown once it may have been carried out", async () => {
    expect(await retry([unknown, notSent, notSent])).toMatchObject({ end: unknown });
    expect(await retry([notSent, notSent, notSent])).toMatchObject({ end: notSent });
  });

  test("pauses without bound where none is given", () => {
    expect(retryPauseMs({ attempts: 9, backoffMs: 10 }, 5, () => 0)).toBe(160);
  });
});
