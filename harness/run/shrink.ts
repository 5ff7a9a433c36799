import * as fc from "fast-check";
import type { CheckerRecord, RunRecord } from "../record/run-record.ts";
import { fastCheckSeed, planArbitrary } from "./draw-plan.ts";
import { executePlan } from "./execute-plan.ts";
import type { Plan } from "./plan.ts";
import type { Form, Scenario } from "./scenario.ts";

/** One failing seed whose story is to be made small. */
export interface ShrinkTask {
  readonly scenario: Scenario;
  readonly form: Form;
  readonly seed: number;
  /** Plans to execute, at most. */
  readonly executionsMax: number;
}

/** The smallest story found. */
export interface ShrunkPlan {
  readonly plan: Plan;
  /** The path of fast-check that leads to it: together with the seed it gives the plan again. */
  readonly path: string;
  readonly record: RunRecord;
  /** Plans that were executed. */
  readonly executions: number;
}

/**
 * Makes a failing plan small, over operations, faults and schedule together, by fast-check's shrinking
 * (Claessen and Hughes, QuickCheck, 2000): a smaller plan counts when it still shows an anomaly that the
 * drawn plan showed. Null when the drawn plan shows none. Deterministic: bounded by executions, not time.
 */
export async function shrink(task: ShrinkTask): Promise<ShrunkPlan | null> {
  const { scenario, form, seed } = task;
  let wanted: ReadonlySet<string> | null = null;
  let smallest: { plan: Plan; record: RunRecord } | null = null;
  let executions = 0;
  const property = fc.asyncProperty(planArbitrary(scenario), async (plan) => {
    if (executions >= task.executionsMax) return true;
    executions++;
    const { record } = await executePlan({ scenario, form, seed, plan });
    const found = anomalyTypes(record.checkers, form);
    wanted ??= found;
    for (const type of found) {
      if (!wanted.has(type)) continue;
      smallest = { plan, record };
      return false;
    }
    return true;
  });
  const details = await fc.check(property, { seed: fastCheckSeed(seed), numRuns: 1, unbiased: true });
  const found = smallest as { plan: Plan; record: RunRecord } | null;
  if (found === null) return null;
  // fast-check's path begins with the number of the run, which is always 0 here.
  return { ...found, path: details.counterexamplePath ?? "", executions };
}

/**
 * The anomalies of a run that a story of this form should show: those that the form declares, if it
 * showed one of them, else whatever it showed.
 */
function anomalyTypes(checkers: readonly CheckerRecord[], form: Form): Set<string> {
  const all = new Set<string>();
  for (const { checker, anomalies } of checkers) {
    for (const { type } of anomalies) all.add(`${checker}/${type}`);
  }
  const declared = form.expects.flatMap(({ checker, types }) => types.map((type) => `${checker}/${type}`));
  const expected = declared.filter((type) => all.has(type));
  return expected.length > 0 ? new Set(expected) : all;
}
