import { expect, test } from "vitest";
import { randomStream } from "../../../harness/random/random-stream.ts";
import { pinGlobals } from "../../../harness/sim/pin-globals.ts";
import { Scheduler } from "../../../harness/sim/scheduler.ts";

async function observed(seed: number): Promise<unknown[]> {
  const root = { name: "root", alive: true };
  const scheduler = new Scheduler(randomStream(seed, "ranks"), root, "tick");
  const unpin = pinGlobals(scheduler, randomStream(seed, "globals"));
  const seen: unknown[] = [];
  const body = async () => {
    const startMs = Date.now();
    await new Promise((resolve) => setTimeout(resolve, 250));
    seen.push(Date.now() - startMs, new Date().toISOString(), performance.now());
    seen.push(Math.random(), crypto.randomUUID(), [...crypto.getRandomValues(new Uint8Array(4))]);
    const ticks: number[] = [];
    const interval = setInterval(() => {
      ticks.push(performance.now());
      if (ticks.length === 3) clearInterval(interval);
    }, 10);
    clearTimeout(setTimeout(() => seen.push("never"), 1));
    await new Promise((resolve) => setImmediate(resolve));
    seen.push(ticks, new Date(0).getTime(), new Date("2026-05-04T03:02:01Z") instanceof Date);
  };
  scheduler.schedule(0, "body", () => void body());
  try {
    await scheduler.drive(() => false, { events: 1000, timeNs: 1e12 });
  } finally {
    unpin();
  }
  return seen;
}

test("code that uses the global clock, timers and randomness sees virtual ones", async () => {
  const first = await observed(1);
  expect(first[0]).toBe(250);
  expect(first[1]).toBe("2026-01-01T00:00:00.250Z");
  expect(first[2]).toBe(250);
  expect(first[6]).toEqual([260, 270, 280]);
  expect(first.slice(7)).toEqual([0, true]);
  expect(await observed(1)).toEqual(first);
  expect((await observed(2))[3]).not.toBe(first[3]);
});

test("everything is put back", async () => {
  const { Date: date, setTimeout: timeout } = globalThis;
  const { random } = Math;
  await observed(1);
  expect(globalThis.Date).toBe(date);
  expect(globalThis.setTimeout).toBe(timeout);
  expect(Math.random).toBe(random);
  expect(Object.hasOwn(performance, "now")).toBe(false);
});
