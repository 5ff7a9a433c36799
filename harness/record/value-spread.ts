import type { MeasureUnit } from "../../checkers/measure.ts";

/** How many values lie above the step before and not above this one. */
export interface SpreadStep {
  readonly upTo: number;
  readonly values: number;
}

/** The most steps: beyond them only powers of ten are steps. */
const STEPS_MAX = 20;
const TENTHS: readonly number[] = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];

/**
 * How rising values are spread, in steps that do not depend on them: all tenths for a part, else 0, 1, 2, 5, 10, 20, 50 and
 * so on, or the last powers of ten where those would be more than 20, from the first step that has a value to the last
 * one. What lies below the first step counts to it, and what lies beyond 1 of a part to 1. Linear.
 */
export function spreadOf(rising: Float64Array, unit: MeasureUnit): SpreadStep[] {
  const greatest = rising.at(-1) ?? 0;
  if (unit === "part") return countIn(rising, TENTHS);
  const fine = used(countIn(rising, stepsTo(greatest, [1, 2, 5])));
  return fine.length <= STEPS_MAX ? fine : used(countIn(rising, stepsTo(greatest, [1]).slice(-STEPS_MAX)));
}

function stepsTo(greatest: number, digits: readonly number[]): number[] {
  const steps = [0];
  for (let power = 1; steps.at(-1)! < greatest; power *= 10) {
    for (const digit of digits)
      if (steps.at(-1)! < greatest) steps.push(Math.min(digit * power, Number.MAX_VALUE));
  }
  return steps;
}

function countIn(rising: Float64Array, steps: readonly number[]): SpreadStep[] {
  const counts = new Array<number>(steps.length).fill(0);
  let step = 0;
  for (const value of rising) {
    while (step < steps.length - 1 && value > steps[step]!) step++;
    counts[step]!++;
  }
  return steps.map((upTo, at) => ({ upTo, values: counts[at]! }));
}

function used(steps: readonly SpreadStep[]): SpreadStep[] {
  const isUsed = ({ values }: SpreadStep): boolean => values > 0;
  return steps.slice(Math.max(0, steps.findIndex(isUsed)), steps.findLastIndex(isUsed) + 1);
}
