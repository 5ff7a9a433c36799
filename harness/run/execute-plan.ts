import type { HistoryEvent } from "../../checkers/history/operation.ts";
import type { RunRecord } from "../record/run-record.ts";
import type { DrainMode } from "../sim/scheduler.ts";
import { flawsSeen } from "./flaws-seen.ts";
import { judgeHistory } from "./judge-history.ts";
import type { Plan } from "./plan.ts";
import type { Form, Scenario } from "./scenario.ts";
import { runInSimulation } from "./sim-run.ts";

/** One plan to execute. */
export interface PlanToExecute {
  readonly scenario: Scenario;
  readonly form: Form;
  /** Where the plan came from; for the record only. */
  readonly seed: number;
  readonly plan: Plan;
  readonly drain?: DrainMode;
  /** Told of every event as it happens. */
  readonly onEvent?: (event: HistoryEvent) => void;
}

/** What came of it. */
export interface ExecutedPlan {
  readonly record: RunRecord;
  readonly events: readonly HistoryEvent[];
}

/**
 * Executes a plan in the sim lane and checks its history. The same plan gives the same bytes. A plan
 * that does not fit the scenario throws `bad-plan`; whatever else goes wrong in the harness is the
 * record's `failure`.
 */
export async function executePlan(task: PlanToExecute): Promise<ExecutedPlan> {
  const { scenario, form, seed, plan } = task;
  const events: HistoryEvent[] = [];
  const run = await runInSimulation({
    scenario,
    system: form.system(),
    plan,
    drain: task.drain ?? "tick",
    onEvent: (event) => {
      events.push(event);
      task.onEvent?.(event);
    },
  });
  const judged = judgeHistory(scenario, events, run.failure, run.idle);
  const record: RunRecord = {
    scenario: scenario.name,
    form: form.name,
    lane: "sim",
    seed,
    failure: run.failure,
    ...judged,
    ...flawsSeen(form, judged.checkers, events),
    faults: run.faults,
    eventLogHash: run.eventLogHash,
    virtualMs: Math.round(run.virtualNs / 1e6),
  };
  return { record, events };
}
