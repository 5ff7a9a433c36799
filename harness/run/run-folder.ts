import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { formatEvent, formatHeader } from "../../checkers/history/ndjson-writer.ts";
import type { StoryMark } from "../record/form-tally.ts";
import type { RunManifest } from "../record/run-manifest.ts";
import type { RunRecord } from "../record/run-record.ts";
import type { Story } from "../record/story.ts";
import type { SuiteRecord } from "../record/suite-record.ts";
import { PLAN_VERSION, type PlanFile } from "./parse-plan.ts";
import { planSize } from "./plan.ts";

/** Names of the files and folders in a run folder. */
export const RUN_FILES = {
  manifest: "run.json",
  results: "results.ndjson",
  verdict: "verdict.json",
  stories: "stories",
  history: "history.ndjson",
  plan: "plan.json",
  story: "story.json",
  /** Of the real lane: the logs of the servers. */
  servers: "servers",
  /** Of the real lane: what each run leaves, its logs, records and journal. */
  runs: "runs",
} as const;

/**
 * The folder of a sweep, open for writing. Every finished run is on disk before the next one is counted,
 * so that a killed harness loses none.
 */
export class RunFolder implements Disposable {
  readonly path: string;
  readonly #results: number;

  /** Creates the folder and writes what the sweep sets out to do. */
  constructor(path: string, manifest: RunManifest) {
    this.path = path;
    mkdirSync(path, { recursive: true });
    writeJson(join(path, RUN_FILES.manifest), manifest);
    this.#results = openSync(join(path, RUN_FILES.results), "a");
  }

  /** Appends the record of a finished run. */
  append(record: RunRecord): void {
    writeSync(this.#results, `${JSON.stringify(record)}\n`);
  }

  /** Writes a story into a folder of its own. */
  writeStory(story: Story): StoryMark {
    const folder = storyFolder(story.record.scenario, story.record.form);
    writeStoryFiles(join(this.path, folder), story);
    return { token: story.token, ...planSize(story.plan), folder };
  }

  /** Writes the result of the sweep. */
  writeVerdict(suite: SuiteRecord): void {
    writeJson(join(this.path, RUN_FILES.verdict), suite);
  }

  [Symbol.dispose](): void {
    closeSync(this.#results);
  }
}

/** Where the story of a form is kept, inside the run folder. A colon is no letter of a file's name everywhere. */
export function storyFolder(scenario: string, form: string): string {
  return `${RUN_FILES.stories}/${scenario}.${form.replaceAll(":", "-")}`;
}

/** Writes the history, the plan and the rest of a story into a folder, which is created. */
export function writeStoryFiles(folder: string, story: Story): void {
  mkdirSync(folder, { recursive: true });
  const { record, plan, token, events, ...rest } = story;
  const { scenario, form, lane, components, seed } = record;
  const header = {
    format: "faultline-history",
    version: 1,
    scenario,
    form,
    lane,
    seed,
    ...(token === null ? {} : { token }),
    ...(components === undefined ? {} : { components }),
  } as const;
  let history = `${formatHeader({ ...header, plan: JSON.parse(JSON.stringify(plan)) })}\n`;
  for (const event of events) history += `${formatEvent(event)}\n`;
  writeFileSync(join(folder, RUN_FILES.history), history);
  const inLane = lane === "sim" ? {} : { lane };
  const planFile: PlanFile = {
    format: "faultline-plan",
    version: PLAN_VERSION,
    scenario,
    form,
    ...inLane,
    seed,
    ...(story.withoutFaults === undefined ? {} : { withoutFaults: story.withoutFaults }),
    plan,
  };
  writeJson(join(folder, RUN_FILES.plan), planFile);
  writeJson(join(folder, RUN_FILES.story), { format: "faultline-story", version: 1, token, ...rest, record });
}

function writeJson(path: string, data: unknown): void {
  writeFileSync(path, `${JSON.stringify(data, null, 2)}\n`);
}
