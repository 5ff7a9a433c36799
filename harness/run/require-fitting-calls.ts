import * as fc from "fast-check";
import type { Json } from "../../checkers/history/operation.ts";
import { FaultlineError } from "../faultline-error.ts";
import { drawPlan } from "./draw-plan.ts";
import type { PlanFile } from "./parse-plan.ts";
import type { Plan } from "./plan.ts";
import type { Scenario, Workload } from "./scenario.ts";
import { learnForm } from "./value-form.ts";
import { mismatchOf } from "./value-mismatch.ts";

/** Calls that are drawn to learn from; always the same ones. */
const CALLS_DRAWN = 2000;
/** Drawn calls that are made small to learn from: a story holds small calls. */
const CALLS_SHRUNK = 60;
const SEED = 1;
/** A rule about calls needs so many examples. A call that the workload does not draw, but always makes, counts as many. */
const EXAMPLES_OF_RULE = 20;
/** Rounds of idle calls to learn from. */
const IDLE_ROUNDS = 8;

/**
 * Refuses a plan file with a call that the workload of its scenario would not make: nobody knows what comes of
 * it, least of all a verdict. A call is let pass when the workload's arbitrary says that it may have drawn it, or when it
 * looks as the calls do that the workload draws, prepares with, idles with or reads in the end. An arbitrary alone cannot
 * tell, since one that maps its values does not know them again. Throws `bad-plan`.
 */
export function requireFittingCalls(file: PlanFile, path: string, scenario: Scenario): void {
  const { workload } = scenario;
  const { clients } = file.plan;
  if (clients.every((operations) => operations.length === 0)) return;
  // The calls of the seed are there so that no plan is refused that was drawn.
  const ofSeed = drawPlan(scenario, file.seed, "");
  const made = ownCalls(workload, ofSeed).flatMap((call) => Array<Json>(EXAMPLES_OF_RULE).fill(call));
  const form = learnForm([...drawnCalls(workload), ...callsOf(ofSeed), ...made], EXAMPLES_OF_RULE);
  for (const [client, operations] of clients.entries()) {
    for (const [position, { call }] of operations.entries()) {
      if (workload.call.canShrinkWithoutContext(call)) continue;
      const mismatch = mismatchOf(form, call);
      if (mismatch === null) continue;
      const field = `plan.clients[${client}][${position}].call${mismatch.path}`;
      const what = `The plan file ${path} cannot be run: field "${field}": ${mismatch.what}.`;
      const example = JSON.stringify(callsOf(ofSeed)[0] ?? null);
      const hint = `Write a call as clients of "${scenario.name}" make it, for example ${example}.`;
      throw new FaultlineError("usage", "bad-plan", what, hint);
    }
  }
}

function drawnCalls({ call }: Workload): Json[] {
  const calls: Json[] = fc.sample(call, { seed: SEED, numRuns: CALLS_DRAWN });
  for (let seed = SEED; seed <= CALLS_SHRUNK; seed++) {
    // A property that nothing has is asked about every smaller value down to the smallest.
    const never = fc.property(call, (value) => {
      calls.push(value);
      return false;
    });
    fc.check(never, { seed, numRuns: 1 });
  }
  return calls.map(asInFile);
}

/** What clients do besides: before, while a fault has not bitten yet, and in the end. */
function ownCalls(workload: Workload, plan: Plan): Json[] {
  const idle: Json[] = [];
  for (let client = 0; client < workload.clients.max; client++) {
    for (let round = 0; round < IDLE_ROUNDS; round++) idle.push(workload.idle(client, round));
  }
  return [...workload.preparation, ...idle, ...workload.finalReads(plan)].map(asInFile);
}

function callsOf(plan: Plan): Json[] {
  return plan.clients.flat().map(({ call }) => asInFile(call));
}

/** As a plan file holds it: a field that is undefined is none. */
function asInFile(call: Json): Json {
  return JSON.parse(JSON.stringify(call));
}
