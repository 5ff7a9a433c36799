import { expect, test } from "vitest";
import { TimeLimitExceeded, withinTime } from "../../../../reference-impl/patterns/time-limit.ts";

/** A clock whose sleep ends when the test says so. */
function clockOf() {
  const asked: number[] = [];
  let wake = (): void => {};
  const clock = {
    nowMs: () => 0,
    monotonicNs: () => 0,
    sleep: (ms: number) => {
      asked.push(ms);
      return new Promise<void>((resolve) => {
        wake = resolve;
      });
    },
  };
  return { clock, asked, pass: () => wake() };
}

test("what ends in time is answered, or its own error is told", async () => {
  const { clock, asked } = clockOf();
  expect(await withinTime(clock, 50, "reading", Promise.resolve(7))).toBe(7);
  const failed = withinTime(clock, 50, "reading", Promise.reject(new Error("away")));
  await expect(failed).rejects.toThrow("away");
  expect(asked).toEqual([50, 50]);
});

test("what takes longer is told so, and its later failure is nobody's", async () => {
  const { clock, pass } = clockOf();
  let fail = (_error: Error): void => {};
  const work = new Promise<never>((_resolve, reject) => {
    fail = reject;
  });
  const limited = withinTime(clock, 50, "reading", work);
  pass();
  await expect(limited).rejects.toBeInstanceOf(TimeLimitExceeded);
  await expect(limited).rejects.toThrow("reading took longer than 50 ms");
  // An unhandled rejection would fail the test run.
  fail(new Error("too late"));
});
