import { readFile } from "node:fs/promises";
import type { HistoryHeader } from "../../checkers/history/history.ts";
import type { HistoryEvent } from "../../checkers/history/operation.ts";
import { FaultlineError } from "../faultline-error.ts";
import type { HistorySink } from "../record/history-file.ts";
import type { HarnessFailure } from "../record/run-record.ts";
import type { Story } from "../record/story.ts";
import { findForm, findScenario } from "./catalog.ts";
import { drawPlan } from "./draw-plan.ts";
import { type ExecutedPlan, executePlan } from "./execute-plan.ts";
import { parsePlanFile } from "./parse-plan.ts";
import type { Plan } from "./plan.ts";
import type { Scenario } from "./scenario.ts";
import { tellStory } from "./tell-story.ts";
import { decodeToken, encodeToken, hashPlan } from "./token.ts";

/** What became of a replay. */
export interface ReplayResult {
  readonly story: Story;
  /** The token of this plan; for an edited plan file it replays the drawn plan, not the edited one. */
  readonly token: string;
  /** Hash of the first execution's history. */
  readonly historyHash: string;
  /** Did every execution give the same history, and the one that the token was made of? */
  readonly identical: boolean;
  /** True when the executions agree with each other, but not with the token: the code has changed since. */
  readonly changedSince: boolean;
  readonly times: number;
  readonly failure: HarnessFailure | null;
}

/** Replays a token; the first execution goes to the sink. Throws `bad-token`, `token-version`, `unknown-scenario`, `unknown-form`, `plan-changed`. */
export async function replayToken(
  token: string,
  scenarios: readonly Scenario[],
  times: number,
  sink: HistorySink | null = null,
): Promise<ReplayResult> {
  const content = decodeToken(token);
  const scenario = findScenario(scenarios, content.scenario);
  const plan = redraw(scenario, content.seed, content.path);
  if (plan === null || !hashPlan(plan).startsWith(content.planHash)) {
    throw new FaultlineError(
      "usage",
      "plan-changed",
      `The scenario "${scenario.name}" draws another plan from this token than it did when the token was made.`,
      "Replay the plan file of the run folder: `faultline replay <run folder>/stories/…/plan.json`.",
    );
  }
  const source = { scenario, formName: content.form, seed: content.seed, plan, times, sink };
  return await replayPlan(source, token, content.historyHash);
}

/** Replays the plan in a file; the first execution goes to the sink. Throws `unreadable-file`, `bad-plan`, `unknown-scenario`, `unknown-form`. */
export async function replayPlanFile(
  path: string,
  scenarios: readonly Scenario[],
  times: number,
  sink: HistorySink | null = null,
): Promise<ReplayResult> {
  const file = parsePlanFile(await readText(path), path);
  const scenario = findScenario(scenarios, file.scenario);
  const { form: formName, seed, plan } = file;
  return await replayPlan({ scenario, formName, seed, plan, times, sink }, null, "");
}

interface ReplaySource {
  readonly scenario: Scenario;
  readonly formName: string;
  readonly seed: number;
  readonly plan: Plan;
  readonly times: number;
  readonly sink: HistorySink | null;
}

async function replayPlan(
  source: ReplaySource,
  token: string | null,
  expectedHash: string,
): Promise<ReplayResult> {
  const { scenario, formName, seed, plan, times, sink } = source;
  const form = findForm(scenario, formName);
  sink?.begin(headerOf(source, token));
  const onEvent = (event: HistoryEvent) => sink?.append(event);
  const first = await executePlan({ scenario, form, seed, plan, onEvent });
  let agree = true;
  for (let time = 1; time < times; time++) {
    const again = await executePlan({ scenario, form, seed, plan });
    agree &&= sameRun(first, again);
  }
  const { historyHash } = first.record;
  const asRecorded = historyHash.startsWith(expectedHash);
  const ownToken =
    token ??
    encodeToken({
      scenario: scenario.name,
      form: form.name,
      seed,
      path: "",
      planHash: hashPlan(plan),
      historyHash,
    });
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

function headerOf({ scenario, formName, seed, plan }: ReplaySource, token: string | null): HistoryHeader {
  return {
    format: "faultline-history",
    version: 1,
    scenario: scenario.name,
    form: formName,
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
