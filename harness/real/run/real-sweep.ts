import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { refuseImpossibleFaults } from "../../faults/impossible-faults.ts";
import { FormTally } from "../../record/form-tally.ts";
import { judgeSuite } from "../../record/judge-suite.ts";
import type { RunManifest } from "../../record/run-manifest.ts";
import type { RunRecord } from "../../record/run-record.ts";
import type { Story } from "../../record/story.ts";
import type { FormSummary, SuiteRecord } from "../../record/suite-record.ts";
import { findForm, findScenario } from "../../run/catalog.ts";
import { describeSweep } from "../../run/describe-sweep.ts";
import { drawPlan } from "../../run/draw-plan.ts";
import { scenarioInLane } from "../../run/faults-of-lane.ts";
import { tokenOf } from "../../run/replay.ts";
import { RUN_FILES, RunFolder } from "../../run/run-folder.ts";
import type { Form, Scenario } from "../../run/scenario.ts";
import type { SweepResult } from "../../run/sweep-options.ts";
import type { SweepProgress } from "../../run/sweep-progress.ts";
import { tellStory } from "../../run/tell-story.ts";
import { faultsAtPlaces } from "../../run/without-faults.ts";
import { wallClockMs } from "../../time/wall-clock.ts";
import { executeRealPlan } from "./execute-real-plan.ts";
import { promisingSeeds } from "./promising-seeds.ts";
import type { RealLane } from "./real-run.ts";
import type { ServiceCommand } from "./real-system.ts";

/** What to run in the real lane. */
export interface RealSweepOptions {
  readonly scenarios: readonly Scenario[];
  /** Null: the forms that each scenario names for the real lane. */
  readonly form: string | null;
  /** Run `i` of a hardened form has the seed `seed + i`; any other form has {@link promisingSeeds} from here on. */
  readonly seed: number;
  /** Null: 2 for a hardened form, at most 8 for any other. */
  readonly runs: number | null;
  /** The run folder. Created. */
  readonly folder: string;
  /** The configuration that was named on the command line, for the replays that a report shows. */
  readonly config?: string | undefined;
  readonly lane: RealLane;
  readonly serviceCommand: (scenario: string, form: string, service: string) => ServiceCommand;
  /** Ends the sweep early: what has finished counts. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: SweepProgress) => void;
}

/**
 * Runs forms in the real lane, one run after the other: a hardened form over all of its seeds, any other
 * until an anomaly that it declares shows, with plans first that show it in simulation. Stories are not made smaller, since a smaller plan need not fail
 * again. Throws `unknown-form` and `impossible-fault` before anything starts; what goes wrong in a run is in
 * the result.
 */
export async function sweepForReal(options: RealSweepOptions): Promise<SweepResult> {
  const { form, seed, runs, lane } = options;
  const scenarios = options.scenarios.map((scenario) => scenarioInLane(scenario, "real"));
  const { capabilities } = lane.substrate;
  const faults = scenarios.flatMap((scenario) => scenario.faults.map(({ fault }) => fault));
  refuseImpossibleFaults(faults, { lane: "real", capabilities }, faultsAtPlaces(scenarios));
  const manifest = describeSweep(scenarios, form, seed, runs, "real", false, options.config);
  using folder = new RunFolder(options.folder, manifest);
  return await new RealSweep({ ...options, scenarios }, manifest, folder).finish();
}

class RealSweep {
  readonly #options: RealSweepOptions;
  readonly #manifest: RunManifest;
  readonly #folder: RunFolder;
  readonly #startMs = wallClockMs();
  readonly #stories: Story[] = [];
  readonly #total: number;
  #finished = 0;
  #anomalies = 0;
  #unexpected = 0;

  constructor(options: RealSweepOptions, manifest: RunManifest, folder: RunFolder) {
    this.#options = options;
    this.#manifest = manifest;
    this.#folder = folder;
    this.#total = manifest.tasks.reduce((sum, { runs }) => sum + runs, 0);
  }

  async finish(): Promise<SweepResult> {
    const { signal, folder, seed, form, lane } = this.#options;
    const summary: FormSummary[] = [];
    for (const task of this.#manifest.tasks) {
      const tally = new FormTally(task, seed);
      summary.push(await this.#form(tally));
    }
    const complete = !signal.aborted;
    const suite: SuiteRecord = {
      format: "faultline-suite",
      version: 1,
      verdict: judgeSuite(summary, form !== null, complete),
      lane: "real",
      substrate: lane.substrate.name,
      components: lane.substrate.components,
      folder,
      ...(form === null ? {} : { singleForm: true as const }),
      ...(this.#manifest.config === undefined ? {} : { config: this.#manifest.config }),
      seed,
      complete,
      wallMs: Math.round(wallClockMs() - this.#startMs),
      summary,
      scenarios: this.#manifest.scenarios,
    };
    this.#folder.writeVerdict(suite);
    return { suite, stories: this.#stories };
  }

  async #form(tally: FormTally): Promise<FormSummary> {
    const { scenarios, signal } = this.#options;
    const { task } = tally;
    const scenario = findScenario(scenarios, task.scenario);
    const form = findForm(scenario, task.form);
    const startMs = wallClockMs();
    let told: Story | null = null;
    const tokens = new Map<number, string>();
    const tokenOfRun = ({ seed }: RunRecord): string | null => tokens.get(seed) ?? null;
    const { runs, expects } = task;
    const seeds = await this.#seeds(task, scenario, form);
    for (const [run, chosen] of seeds.entries()) {
      if (signal.aborted) break;
      this.#report(`${task.scenario} ${task.form}`);
      const story = await this.#run(scenario, form, chosen);
      tally.add(story.record);
      if (story.token !== null) tokens.set(chosen, story.token);
      if (story.record.verdict === "invalid" && told === null) told = story;
      const { failure } = story.record;
      if (failure !== null) told = story;
      if (failure !== null || (expects.length > 0 && tally.caught)) {
        this.#finished += runs - run - 1;
        break;
      }
    }
    tally.spent(wallClockMs() - startMs);
    const telling = tally.telling();
    if (told === null) return tally.summary(null, telling === null ? null : tokenOfRun(telling), tokenOfRun);
    this.#stories.push(told);
    const mark = this.#folder.writeStory(told);
    return tally.summary(told.record.verdict === "invalid" ? mark : null, told.token, tokenOfRun);
  }

  async #seeds(
    { runs, expects }: FormTally["task"],
    scenario: Scenario,
    form: Form,
  ): Promise<readonly number[]> {
    const { seed, signal } = this.#options;
    if (expects.length === 0) return Array.from({ length: runs }, (_, run) => seed + run);
    this.#report(`simulating ${scenario.name} ${form.name}`);
    return await promisingSeeds({ scenario, form, seed, runs, expects, signal });
  }

  async #run(scenario: Scenario, form: Form, seed: number): Promise<Story> {
    const { lane, folder, serviceCommand } = this.#options;
    const plan = drawPlan(scenario, seed, "");
    const name = `${scenario.name}.${form.name.replaceAll(":", "-")}`;
    const runFolder = join(folder, RUN_FILES.runs, name, String(seed));
    mkdirSync(runFolder, { recursive: true });
    const executed = await executeRealPlan({
      lane,
      scenario,
      form,
      seed,
      plan,
      folder: runFolder,
      serviceCommand: (service) => serviceCommand(scenario.name, form.name, service),
    });
    const { record } = executed;
    this.#count(record);
    const run = { scenario, form, lane: "real", seed, plan, token: null, historyHash: "" } as const;
    return tellStory({ scenario, form, token: tokenOf(run, record.historyHash), plan, executed });
  }

  #count(record: RunRecord): void {
    this.#folder.append(record);
    this.#finished++;
    if (record.verdict !== "invalid") return;
    this.#anomalies++;
    if (record.form === "hardened") this.#unexpected++;
  }

  #report(activity: string): void {
    this.#options.onProgress({
      finished: this.#finished,
      total: this.#total,
      anomalies: this.#anomalies,
      unexpected: this.#unexpected,
      elapsedMs: wallClockMs() - this.#startMs,
      activity,
    });
  }
}
