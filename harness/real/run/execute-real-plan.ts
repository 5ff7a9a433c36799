import type { ExecutedPlan } from "../../run/execute-plan.ts";
import { flawsSeen } from "../../run/flaws-seen.ts";
import { judgeHistory } from "../../run/judge-history.ts";
import type { Plan } from "../../run/plan.ts";
import type { Form, Scenario } from "../../run/scenario.ts";
import { type RealLane, runInReality } from "./real-run.ts";
import type { ServiceCommand } from "./real-system.ts";

/** One plan to execute in the real lane. */
export interface RealPlanToExecute {
  readonly lane: RealLane;
  readonly scenario: Scenario;
  readonly form: Form;
  /** Where the plan came from; for the record only. */
  readonly seed: number;
  readonly plan: Plan;
  /** An existing, empty folder for logs, records and the journal of faults. */
  readonly folder: string;
  readonly serviceCommand: (service: string) => ServiceCommand;
}

/**
 * Executes a plan in the real lane and checks its history. The plan is the same at each execution, the
 * interleaving is not. A plan that does not fit the scenario throws `bad-plan`; whatever else goes wrong in
 * the harness, or in a server, is the record's `failure`.
 */
export async function executeRealPlan(task: RealPlanToExecute): Promise<ExecutedPlan> {
  const { lane, scenario, form, seed } = task;
  const run = await runInReality({ ...task, system: form.system() });
  const { failure, faults, events } = run;
  const judged = judgeHistory(scenario, events, failure);
  const record = {
    scenario: scenario.name,
    form: form.name,
    lane: "real",
    components: lane.substrate.components,
    seed,
    failure,
    ...judged,
    ...flawsSeen(form, judged.checkers, events),
    faults,
    eventLogHash: null,
    virtualMs: run.durationMs,
  } as const;
  return { record, events };
}
