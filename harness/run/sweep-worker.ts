import type { MessagePort } from "node:worker_threads";
import type { HarnessFailure, RunRecord } from "../record/run-record.ts";
import { wallClockMs } from "../time/wall-clock.ts";
import { findForm, findScenario } from "./catalog.ts";
import { drawFrom, planArbitrary } from "./draw-plan.ts";
import { executePlan } from "./execute-plan.ts";
import { failureOf } from "./failure-of.ts";
import { sameRun } from "./replay.ts";
import type { Form, Scenario } from "./scenario.ts";
import { shrink } from "./shrink.ts";
import type { SweepAnswer, SweepJob } from "./sweep-messages.ts";
import { tellStory } from "./tell-story.ts";
import { encodeToken, hashPlan } from "./token.ts";

/** Serves the jobs of a sweep, one after the other, until the port is closed. */
export function serveRuns(port: MessagePort, scenarios: readonly Scenario[]): void {
  const answer = (message: SweepAnswer) => port.postMessage(message);
  port.on("message", (job: SweepJob) => {
    void serve(job, scenarios, answer);
  });
  answer({ kind: "ready" });
}

async function serve(
  job: SweepJob,
  scenarios: readonly Scenario[],
  answer: (message: SweepAnswer) => void,
): Promise<void> {
  const startMs = wallClockMs();
  let failure: HarnessFailure | null = null;
  try {
    const scenario = findScenario(scenarios, job.scenario);
    const form = findForm(scenario, job.form);
    if (job.kind === "runs") await serveSeeds(scenario, form, job.seed, job.count, answer);
    else await serveShrink(scenario, form, job.seed, job.executionsMax, answer);
  } catch (error) {
    failure = failureOfAny(error);
  }
  answer({ kind: "done", wallMs: wallClockMs() - startMs, failure });
}

async function serveSeeds(
  scenario: Scenario,
  form: Form,
  first: number,
  count: number,
  answer: (message: SweepAnswer) => void,
): Promise<void> {
  const plans = planArbitrary(scenario);
  for (let seed = first; seed < first + count; seed++) {
    const plan = drawFrom(plans, seed, "");
    const executed = await executePlan({ scenario, form, seed, plan });
    let { record } = executed;
    if (seed === first) {
      // A sample is run again, with the thorough way of draining promises: both must do the same.
      const again = await executePlan({ scenario, form, seed, plan, drain: "immediate" });
      if (!sameRun(executed, again)) record = nondeterministic(record);
    }
    answer({ kind: "run", record });
  }
}

async function serveShrink(
  scenario: Scenario,
  form: Form,
  seed: number,
  executionsMax: number,
  answer: (message: SweepAnswer) => void,
): Promise<void> {
  const shrunk = await shrink({ scenario, form, seed, executionsMax });
  if (shrunk === null) return;
  const { plan, path } = shrunk;
  const executed = await executePlan({ scenario, form, seed, plan });
  const { historyHash } = executed.record;
  const token = encodeToken({
    scenario: scenario.name,
    form: form.name,
    lane: "sim",
    seed,
    withoutFaults: scenario.withoutFaults ?? [],
    path,
    planHash: hashPlan(plan),
    historyHash,
  });
  answer({ kind: "story", story: tellStory({ scenario, form, token, plan, executed }) });
}

function nondeterministic(record: RunRecord): RunRecord {
  const failure: HarnessFailure = {
    code: "nondeterminism",
    message: `Seed ${record.seed} did not do the same twice: something uses a clock, randomness or I/O that was not handed in.`,
  };
  return { ...record, verdict: record.verdict === "invalid" ? "invalid" : "unknown", failure };
}

/** Usage errors cannot be the user's fault any more here: the main thread has checked the arguments. */
function failureOfAny(error: unknown): HarnessFailure {
  try {
    return failureOf(error);
  } catch (usage) {
    return { code: "bad-scenario", message: usage instanceof Error ? usage.message : String(usage) };
  }
}
