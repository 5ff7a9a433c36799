import type { Lane } from "../record/lane.ts";
import type { FormTask, RunManifest } from "../record/run-manifest.ts";
import { findForm } from "./catalog.ts";
import { notTestedBy } from "./not-tested-by.ts";
import type { ExpectedAnomaly, Form, Scenario } from "./scenario.ts";

/** Seeds of a hardened form, and of any other form, when nothing else is asked for. */
const HARDENED_RUNS: Readonly<Record<Lane, number>> = { sim: 1000, real: 2 };
const HARDENED_RUNS_QUICK = 100;
const OTHER_RUNS: Readonly<Record<Lane, number>> = { sim: 200, real: 8 };

/**
 * What a sweep sets out to do. `form` null: every form of each scenario; `runs` null: 1,000 for a
 * hardened form and 200 for any other; in the real lane 2 and 8, where only the forms in `scenario.real` are taken
 * unless one is named; `quick`: 100 for a hardened form in the sim lane; `config`: the configuration that was named.
 * Throws `unknown-form`.
 */
export function describeSweep(
  scenarios: readonly Scenario[],
  form: string | null,
  seed: number,
  runs: number | null,
  lane: Lane = "sim",
  quick = false,
  config?: string,
): RunManifest {
  const left = [...new Set(scenarios.flatMap(({ withoutFaults = [] }) => withoutFaults))].sort();
  return {
    format: "faultline-run",
    version: 1,
    lane,
    seed,
    singleForm: form !== null,
    ...(left.length === 0 ? {} : { withoutFaults: left }),
    ...(config === undefined ? {} : { config }),
    scenarios: scenarios.map((scenario) => ({
      scenario: scenario.name,
      claim: scenario.claim,
      notTested: notTestedBy(scenario),
    })),
    tasks: scenarios.flatMap((scenario) => tasksOf(scenario, form, runs, lane, quick)),
  };
}

function tasksOf(
  scenario: Scenario,
  form: string | null,
  runs: number | null,
  lane: Lane,
  quick: boolean,
): FormTask[] {
  const forms = form === null ? formsOf(scenario, lane) : [findForm(scenario, form)];
  const hardened = quick ? HARDENED_RUNS_QUICK : HARDENED_RUNS[lane];
  return forms.map(({ name, expects, flaws }) => ({
    scenario: scenario.name,
    form: name,
    expects: expects.flatMap(typesOf),
    ...(flaws === undefined
      ? {}
      : { flaws: flaws.map((flaw) => ({ flaw: flaw.flaw, expects: typesOf(flaw) })) }),
    runs: runs ?? (name === "hardened" ? hardened : OTHER_RUNS[lane]),
  }));
}

function typesOf({ checker, types }: ExpectedAnomaly): string[] {
  return types.map((type) => `${checker}/${type}`);
}

function formsOf({ forms, real }: Scenario, lane: Lane): readonly Form[] {
  if (lane === "sim" || real === undefined) return forms;
  return forms.filter(({ name }) => real.includes(name));
}
