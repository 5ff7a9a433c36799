import { expect, test } from "vitest";
import { randomStream } from "../../../harness/random/random-stream.ts";

test("one seed and label give the same numbers, whatever other streams draw", () => {
  const alone = randomStream(7, "faults");
  const expected = Array.from({ length: 20 }, () => alone.bits());
  const other = randomStream(7, "operations");
  const faults = randomStream(7, "faults");
  const drawn = expected.map(() => {
    other.bits();
    return faults.bits();
  });
  expect(drawn).toEqual(expected);
});

test("labels and neighbouring seeds give unrelated first numbers", () => {
  const first = new Set<number>();
  for (let seed = 0; seed < 2000; seed++) {
    for (const label of ["a", "b"]) first.add(randomStream(seed, label).integer(0, 0x3fffffff));
  }
  expect(first.size).toBeGreaterThan(3990);
  let low = 0;
  for (let seed = 0; seed < 2000; seed++) if (randomStream(seed, "x").fraction() < 0.5) low++;
  expect(low).toBeGreaterThan(900);
  expect(low).toBeLessThan(1100);
});

test("seeds above 32 bits are different seeds", () => {
  expect(randomStream(5 + 2 ** 40, "a").bits()).not.toBe(randomStream(5, "a").bits());
});

test("integers keep within their bounds", () => {
  const stream = randomStream(1, "bounds");
  for (let i = 0; i < 1000; i++) {
    const drawn = stream.integer(-3, 4);
    expect(drawn).toBeGreaterThanOrEqual(-3);
    expect(drawn).toBeLessThanOrEqual(4);
  }
});
