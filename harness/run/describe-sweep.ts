import type { FormTask, RunManifest } from "../record/run-manifest.ts";
import { findForm } from "./catalog.ts";
import { notTestedBy } from "./not-tested-by.ts";
import type { Scenario } from "./scenario.ts";

/** Seeds of a hardened form, and of any other form, when nothing else is asked for. */
const HARDENED_RUNS = 1000;
const OTHER_RUNS = 200;

/**
 * What a sweep sets out to do. `form` null: every form of each scenario; `runs` null: 1,000 for a
 * hardened form and 200 for any other. Throws `unknown-form`.
 */
export function describeSweep(
  scenarios: readonly Scenario[],
  form: string | null,
  seed: number,
  runs: number | null,
): RunManifest {
  return {
    format: "faultline-run",
    version: 1,
    lane: "sim",
    seed,
    singleForm: form !== null,
    scenarios: scenarios.map((scenario) => ({
      scenario: scenario.name,
      claim: scenario.claim,
      notTested: notTestedBy(scenario),
    })),
    tasks: scenarios.flatMap((scenario) => tasksOf(scenario, form, runs)),
  };
}

function tasksOf(scenario: Scenario, form: string | null, runs: number | null): FormTask[] {
  const forms = form === null ? scenario.forms : [findForm(scenario, form)];
  return forms.map(({ name, expects }) => ({
    scenario: scenario.name,
    form: name,
    expects: expects.flatMap(({ checker, types }) => types.map((type) => `${checker}/${type}`)),
    runs: runs ?? (name === "hardened" ? HARDENED_RUNS : OTHER_RUNS),
  }));
}
