import { showsOneOf } from "../../record/form-tally.ts";
import { drawPlan } from "../../run/draw-plan.ts";
import { executePlan } from "../../run/execute-plan.ts";
import type { Form, Scenario } from "../../run/scenario.ts";

/** Seeds that are simulated, at most. */
const SIMULATED_MAX = 200;
/** So many plans that are caught in simulation are enough: the first of them mostly shows on servers too. */
const PROMISING_ENOUGH = 8;

/** What is to be caught, and how often it may be tried. */
export interface SeedChoice {
  /** With the faults of the real lane. */
  readonly scenario: Scenario;
  readonly form: Form;
  /** The first seed. */
  readonly seed: number;
  /** How many seeds are wanted. */
  readonly runs: number;
  /** Anomalies that the form declares, as `checker/type`. */
  readonly expects: readonly string[];
  /** Ends the search early. */
  readonly signal: AbortSignal;
}

/**
 * The seeds with which to try to catch a form on real servers, the most promising first: those whose very
 * plans show a declared anomaly in the sim lane, where a run costs a hundredth; then the others in their
 * order. The choice is the same at each call. What a form must not show is not chosen this way: the seeds
 * of a hardened form are as they come.
 */
export async function promisingSeeds(choice: SeedChoice): Promise<readonly number[]> {
  const { scenario, form, seed, runs, expects, signal } = choice;
  const promising: number[] = [];
  const wanted = Math.min(runs, PROMISING_ENOUGH);
  for (let tried = 0; tried < SIMULATED_MAX && promising.length < wanted && !signal.aborted; tried++) {
    const candidate = seed + tried;
    const plan = drawPlan(scenario, candidate, "");
    const { record } = await executePlan({ scenario, form, seed: candidate, plan });
    if (showsOneOf(record, expects)) promising.push(candidate);
  }
  const others = Array.from({ length: runs + promising.length }, (_, at) => seed + at);
  return [...new Set([...promising, ...others])].slice(0, runs);
}
