import { createHash } from "node:crypto";
import { checkHistory } from "../../checkers/check-history.ts";
import { HistoryBuilder } from "../../checkers/history/history-builder.ts";
import { formatEvent } from "../../checkers/history/ndjson-writer.ts";
import type { HistoryEvent } from "../../checkers/history/operation.ts";
import type { CheckerRecord, RunRecord } from "../record/run-record.ts";
import type { DrainMode } from "../sim/scheduler.ts";
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
  const checkers =
    run.failure === null ? judge(scenario, events) : { verdict: "unknown" as const, records: [] };
  const record: RunRecord = {
    scenario: scenario.name,
    form: form.name,
    lane: "sim",
    seed,
    verdict: checkers.verdict,
    failure: run.failure,
    checkers: checkers.records,
    operations: events.reduce((count, event) => (event.type === "invoke" ? count + 1 : count), 0),
    faults: run.faults,
    historyHash: hashHistory(events),
    eventLogHash: run.eventLogHash,
    virtualMs: Math.round(run.virtualNs / 1e6),
  };
  return { record, events };
}

/** SHA-256 of a history's lines, its header left out: 64 hexadecimal digits. */
export function hashHistory(events: readonly HistoryEvent[]): string {
  const hash = createHash("sha256");
  let lines = "";
  for (const event of events) lines += `${formatEvent(event)}\n`;
  return hash.update(lines).digest("hex");
}

function judge(
  scenario: Scenario,
  events: readonly HistoryEvent[],
): { verdict: RunRecord["verdict"]; records: CheckerRecord[] } {
  const builder = new HistoryBuilder();
  for (const event of events) builder.append(event);
  const { verdict, results } = checkHistory(builder.build(null), scenario.checkers);
  const records = results.map(({ checker, result }) => ({
    checker,
    verdict: result.verdict,
    reason: result.verdict === "unknown" ? result.reason : null,
    anomalies: result.anomalies,
    operations: result.stats.operations,
  }));
  return { verdict, records };
}
