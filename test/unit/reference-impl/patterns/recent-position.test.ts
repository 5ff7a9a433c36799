import { describe, expect, test } from "vitest";
import { anyPosition, recentPosition } from "../../../../reference-impl/patterns/recent-position.ts";

interface Bench {
  /** Asks at this moment. */
  at(ms: number): Promise<string | null>;
  /** How the questions to the primary end, in their order. */
  readonly answers: { resolve(position: string): void; reject(error: Error): void }[];
}

function bench(): Bench {
  let nowMs = 0;
  const answers: Bench["answers"] = [];
  const recent = recentPosition(
    { monotonicNs: () => nowMs * 1e6 },
    100,
    () => new Promise((resolve, reject) => answers.push({ resolve, reject })),
  );
  return {
    answers,
    at: (ms) => {
      nowMs = ms;
      return recent();
    },
  };
}

describe("a recent position", () => {
  test("is asked for once in the time that it may be old, counted from the question on", async () => {
    const { at, answers } = bench();
    const first = at(0);
    const second = at(90);
    answers[0]?.resolve("0/1");
    expect([await first, await second, await at(100)]).toEqual(["0/1", "0/1", "0/1"]);
    expect(answers).toHaveLength(1);
    const third = at(101);
    expect(answers).toHaveLength(2);
    answers[1]?.resolve("0/2");
    expect([await third, await at(201)]).toEqual(["0/2", "0/2"]);
  });

  test("that nobody tells fails for all who wait for it, and is asked for again by the next one", async () => {
    const { at, answers } = bench();
    const waiting = [at(0), at(10)];
    answers[0]?.reject(new Error("away"));
    const ends = await Promise.allSettled(waiting);
    expect(ends.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    const next = at(20);
    answers[1]?.resolve("0/3");
    expect(await next).toBe("0/3");
  });

  test("is not lost to an older question that fails late", async () => {
    const { at, answers } = bench();
    const slow = at(0);
    const next = at(150);
    answers[1]?.resolve("0/4");
    expect(await next).toBe("0/4");
    answers[0]?.reject(new Error("away"));
    await expect(slow).rejects.toThrow("away");
    expect(await at(160)).toBe("0/4");
    expect(answers).toHaveLength(2);
  });
});

test("without a bound any position will do", async () => {
  expect(await anyPosition()).toBeNull();
});
