import { expect, test } from "vitest";
import { limitedBudget } from "../../../cli/limited-budget.ts";

/** A clock that says these moments, one after the other. */
function clockOf(...moments: readonly number[]): () => number {
  const left = [...moments];
  return () => left.shift() ?? Number.NaN;
}

test("without limits nothing is exceeded, and progress is told", () => {
  const told: unknown[] = [];
  const budget = limitedBudget({}, clockOf(100, 150, 1e9), (done, elapsedMs) => told.push([done, elapsedMs]));
  expect([budget.exceeded(1e15, 0.5), budget.exceeded(0)]).toEqual([null, null]);
  expect(told).toEqual([
    [0.5, 50],
    [null, 1e9 - 100],
  ]);
});

test("time is counted from the beginning of the check", () => {
  const budget = limitedBudget({ ms: 50 }, clockOf(100, 150, 151, 151));
  expect(budget.exceeded(0)).toBeNull();
  expect(budget.exceeded(0)).toBe("the budget of 50 ms is used up");
  expect(budget.exceeded(0, 0.259)).toBe("the budget of 50 ms is used up, with 25 % of the work done");
});

test("memory is what the checker says that it takes", () => {
  const budget = limitedBudget({ mb: 2 }, () => 0);
  expect(budget.exceeded(2_000_000)).toBeNull();
  expect(budget.exceeded(2_000_001)).toBe("the budget of 2 MB of memory is used up");
});
