import * as fc from "fast-check";
import { randomStream } from "../random/random-stream.ts";
import type { Plan, PlannedFault, PlannedOperation } from "./plan.ts";
import { PlanArbitrary } from "./plan-arbitrary.ts";
import type { Scenario } from "./scenario.ts";

/** How much oftener a usual fault is drawn than a rare one. */
const USUAL_WEIGHT = 4;

/** How long a drawn fault stays on, in virtual milliseconds: from a blink to longer than any time limit. */
const FAULT_MS: [number, ...number[]] = [2, 10, 40, 150, 600, 2000];
/**
 * A fault comes at most this long after the operation that triggers it, in virtual microseconds: one
 * bound is drawn, then a delay below it, so that faults fall into operations on fast and on slow networks.
 */
const FAULT_DELAYS_US_MAX = [2000, 20_000, 120_000] as const;
/** From calm (the order of events hardly varies) to rough. */
const LATENCIES_US: [number, ...number[]] = [200, 1000, 5000, 20_000];

/**
 * The plans of a scenario. The same for each of its forms, so that a seed shows each form the same
 * operations under the same faults. Shrinks towards fewer operations, fewer faults, a calmer network.
 */
export function planArbitrary(scenario: Scenario): fc.Arbitrary<Plan> {
  const { workload } = scenario;
  const operation: fc.Arbitrary<PlannedOperation> = fc.record({
    call: workload.call,
    thinkMs: fc.nat(workload.thinkMsMax),
    salt: fc.noShrink(fc.nat(0x7fffffff)),
  });
  const { clients, operationsPerClient } = workload;
  const client = arrayOf(operation, operationsPerClient.min, operationsPerClient.max);
  const plan: fc.Arbitrary<Plan> = fc.record({
    clients: arrayOf(client, clients.min, clients.max),
    faults: arrayOf(faultArbitrary(scenario), 0, scenario.faults.length === 0 ? 0 : scenario.faultsMax),
    schedule: fc.record({
      seed: fc.nat(0x7fffffff),
      latencyMaxUs: fc.constantFrom(...LATENCIES_US),
    }),
  });
  return new PlanArbitrary(plan);
}

/** Lengths are uniform; fast-check's own choice of a size would keep them small. */
function arrayOf<Element>(element: fc.Arbitrary<Element>, min: number, max: number): fc.Arbitrary<Element[]> {
  return fc.array(element, { minLength: min, maxLength: max, size: "max" });
}

/** The plan of a seed; with the `path` of a shrink, the plan that this shrink ended in. */
export function drawPlan(scenario: Scenario, seed: number, path: string): Plan {
  return drawFrom(planArbitrary(scenario), seed, path);
}

/** As {@link drawPlan}, from an arbitrary that is made once for many seeds. */
export function drawFrom(plans: fc.Arbitrary<Plan>, seed: number, path: string): Plan {
  const parameters = { seed: fastCheckSeed(seed), path, numRuns: 1, unbiased: true };
  const [plan] = fc.sample(plans, parameters);
  if (plan === undefined) throw new RangeError(`no plan at path "${path}"`);
  return plan;
}

/** fast-check takes 32-bit seeds; a seed of ours may be any safe integer. Neighbours are mixed apart. */
export function fastCheckSeed(seed: number): number {
  return randomStream(seed, "plan").bits();
}

function faultArbitrary(scenario: Scenario): fc.Arbitrary<PlannedFault> {
  const { workload } = scenario;
  // Drawn from the first two thirds of the load, so that enough traffic follows for the fault to bite.
  const operations = workload.clients.min * workload.operationsPerClient.min;
  const choices = scenario.faults.map(({ fault, params, frequency }) => ({
    weight: frequency === "rare" ? 1 : USUAL_WEIGHT,
    arbitrary: fc.record({
      fault: fc.constant(fault.name),
      params,
      afterInvocations: fc.integer({ min: 1, max: Math.max(1, Math.floor((operations * 2) / 3)) }),
      delayUs: fc.oneof(...FAULT_DELAYS_US_MAX.map((maxUs) => fc.nat(maxUs))),
      forMs: fc.constantFrom(...FAULT_MS),
    }),
  }));
  return choices.length === 0 ? fc.constant<never>(undefined as never) : fc.oneof(...choices);
}
