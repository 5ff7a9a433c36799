import { readFile } from "node:fs/promises";
import type { HistoryHeader } from "../../checkers/history/history.ts";
import type { HistoryEvent } from "../../checkers/history/operation.ts";
import { FaultlineError } from "../faultline-error.ts";
import type { HistorySink } from "../record/history-file.ts";
import type { Lane } from "../record/lane.ts";
import type { HarnessFailure } from "../record/run-record.ts";
import type { Story } from "../record/story.ts";
import { findForm, findScenario } from "./catalog.ts";
import { drawPlan } from "./draw-plan.ts";
import { type ExecutedPlan, executePlan } from "./execute-plan.ts";
import { scenarioInLane } from "./faults-of-lane.ts";
import { parsePlanFile } from "./parse-plan.ts";
import type { Plan } from "./plan.ts";
import { requireFittingCalls } from "./require-fitting-calls.ts";
import type { Form, Scenario } from "./scenario.ts";
import { tellStory } from "./tell-story.ts";
import { decodeToken, encodeToken, hashPlan } from "./token.ts";
import { withoutFaults } from "./without-faults.ts";

/** What became of a replay. */
export interface ReplayResult {
  readonly story: Story;
  /** Replays this plan; null for a plan file that no seed draws: one that was edited, or made small. */
  readonly token: string | null;
  /** Hash of the first execution's history. */
  readonly historyHash: string;
  /** Did every execution give the same history, and the one that the token was made of? */
  readonly identical: boolean;
  /** True when the executions agree with each other, but not with the token: the code has changed since. */
  readonly changedSince: boolean;
  readonly times: number;
  readonly failure: HarnessFailure | null;
}

/** A plan that is to be executed again, and where it came from. */
export interface PlannedRun {
  readonly scenario: Scenario;
  readonly form: Form;
  readonly lane: Lane;
  readonly seed: number;
  readonly plan: Plan;
  /** The token that it was read from; null where it was read from a file. */
  readonly token: string | null;
  /** The beginning of the hash of the history that it gave; empty where that is not known. */
  readonly historyHash: string;
}

/** The plan that a token stands for. Throws `bad-token`, `token-version`, `unknown-scenario`, `unknown-form`, `plan-changed`. */
export function planOfToken(token: string, scenarios: readonly Scenario[]): PlannedRun {
  const content = decodeToken(token);
  const { scenario: name, form, lane, seed, path, planHash, historyHash, withoutFaults: left = [] } = content;
  const scenario = scenarioInLane(withoutFaults(findScenario(scenarios, name), left), lane);
  const plan = redraw(scenario, seed, path);
  if (plan === null || !hashPlan(plan).startsWith(planHash)) {
    throw new FaultlineError(
      "usage",
      "plan-changed",
      `The scenario "${scenario.name}" draws another plan from this token than it did when the token was made.`,
      "Replay the plan file of the run folder: `faultline replay <run folder>/stories/…/plan.json`.",
    );
  }
  return { scenario, form: findForm(scenario, form), lane, seed, plan, token, historyHash };
}

/** The plan in a file. Throws `unreadable-file`, `bad-plan`, `unknown-scenario`, `unknown-form`. */
export async function planOfFile(path: string, scenarios: readonly Scenario[]): Promise<PlannedRun> {
  const file = parsePlanFile(await readText(path), path);
  const { scenario: name, form, lane = "sim", seed, plan, withoutFaults: left = [] } = file;
  const scenario = withoutFaults(findScenario(scenarios, name), left);
  const found = findForm(scenario, form);
  requireFittingCalls(file, path, scenario);
  return { scenario, form: found, lane, seed, plan, token: null, historyHash: "" };
}

/** Replays a token in the sim lane; the first execution goes to the sink. Throws what {@link planOfToken} throws. */
export async function replayToken(
  token: string,
  scenarios: readonly Scenario[],
  times: number,
  sink: HistorySink | null = null,
): Promise<ReplayResult> {
  return await replayPlan(planOfToken(token, scenarios), times, sink);
}

/** Replays the plan in a file in the sim lane; the first execution goes to the sink. Throws what {@link planOfFile} throws. */
export async function replayPlanFile(
  path: string,
  scenarios: readonly Scenario[],
  times: number,
  sink: HistorySink | null = null,
): Promise<ReplayResult> {
  return await replayPlan(await planOfFile(path, scenarios), times, sink);
}

/** Executes a plan in the sim lane so many times; the first execution goes to the sink. */
export async function replayPlan(
  run: PlannedRun,
  times: number,
  sink: HistorySink | null = null,
): Promise<ReplayResult> {
  const { scenario, form, seed, plan } = run;
  sink?.begin(headerOf(run));
  const onEvent = (event: HistoryEvent) => sink?.append(event);
  const first = await executePlan({ scenario, form, seed, plan, onEvent });
  let agree = true;
  for (let time = 1; time < times; time++) {
    const again = await executePlan({ scenario, form, seed, plan });
    agree &&= sameRun(first, again);
  }
  const { historyHash } = first.record;
  const asRecorded = historyHash.startsWith(run.historyHash);
  const ownToken = ownTokenOf({ ...run, lane: "sim" }, historyHash);
  return {
    story: tellStory({ scenario, form, token: ownToken, plan, executed: first }),
    token: ownToken,
    historyHash,
    identical: agree && asRecorded,
    changedSince: agree && !asRecorded,
    times,
    failure: first.record.failure ?? (agree ? null : nondeterminism(times)),
  };
}

/** The token that replays this plan: the one that it was read from, else that of its seed; null where the seed draws another plan. */
export function ownTokenOf(run: PlannedRun, historyHash: string): string | null {
  if (run.token !== null) return run.token;
  const drawn = redraw(scenarioInLane(run.scenario, run.lane), run.seed, "");
  return drawn !== null && hashPlan(drawn) === hashPlan(run.plan) ? tokenOf(run, historyHash) : null;
}

/** The token of a plan as its seed drew it. */
export function tokenOf({ scenario, form, lane, seed, plan }: PlannedRun, historyHash: string): string {
  const { withoutFaults: left = [] } = scenario;
  const names = { scenario: scenario.name, form: form.name, lane, seed, withoutFaults: left };
  return encodeToken({ ...names, path: "", planHash: hashPlan(plan), historyHash });
}

function headerOf({ scenario, form, seed, plan, token }: PlannedRun): HistoryHeader {
  return {
    format: "faultline-history",
    version: 1,
    scenario: scenario.name,
    form: form.name,
    lane: "sim",
    seed,
    ...(token === null ? {} : { token }),
    // Through JSON, since a plan's type does not say that it is nothing else.
    plan: JSON.parse(JSON.stringify(plan)),
  };
}

/** Did two executions of one plan do the same, to the byte? */
export function sameRun(a: ExecutedPlan, b: ExecutedPlan): boolean {
  return a.record.historyHash === b.record.historyHash && a.record.eventLogHash === b.record.eventLogHash;
}

function redraw(scenario: Scenario, seed: number, path: string): Plan | null {
  try {
    return drawPlan(scenario, seed, path);
  } catch {
    // A path that leads nowhere: the arbitraries have changed.
    return null;
  }
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new FaultlineError("usage", "unreadable-file", `The file ${path} cannot be read: ${why}.`);
  }
}

function nondeterminism(times: number): HarnessFailure {
  return {
    code: "nondeterminism",
    message: `${times} executions of one plan did not do the same: something uses a clock, randomness or I/O that was not handed in`,
  };
}
