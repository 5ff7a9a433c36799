import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import type { HistoryEvent } from "../../checkers/history/operation.ts";
import { FaultlineError } from "../faultline-error.ts";
import { FormTally, type StoryMark } from "../record/form-tally.ts";
import { judgeSuite } from "../record/judge-suite.ts";
import type { RunManifest } from "../record/run-manifest.ts";
import type { RunRecord } from "../record/run-record.ts";
import type { Story } from "../record/story.ts";
import type { SuiteRecord } from "../record/suite-record.ts";
import { entryAt } from "./entry-at.ts";
import { parsePlanFile } from "./parse-plan.ts";
import { planSize } from "./plan.ts";
import { RUN_FILES, storyFolder } from "./run-folder.ts";
import { manifestSchema, recordSchema, storySchema, suiteSchema } from "./run-folder-schemas.ts";

/** A run folder that was read back. */
export interface ReadRunFolder {
  readonly suite: SuiteRecord;
  readonly stories: readonly Story[];
}

/**
 * Reads a run folder, also one that a killed harness left behind: its summary is then made anew from
 * the runs that finished. Throws `not-a-run-folder`, `unreadable-path` or `bad-run-folder`, naming the file.
 */
export function readRunFolder(folder: string): ReadRunFolder {
  const manifestPath = join(folder, RUN_FILES.manifest);
  if (!isThere(manifestPath)) {
    throw new FaultlineError(
      "usage",
      "not-a-run-folder",
      `${folder} is no run folder: it has no ${RUN_FILES.manifest}.`,
      "Give the folder that `faultline run` printed.",
    );
  }
  const stories = readStories(folder);
  const verdictPath = join(folder, RUN_FILES.verdict);
  const suite = isThere(verdictPath)
    ? (readChecked(verdictPath, suiteSchema) as SuiteRecord)
    : rebuild(folder, readChecked(manifestPath, manifestSchema) as RunManifest, stories);
  return { suite: { ...suite, folder }, stories };
}

/** Reads the story in a folder. Throws `bad-run-folder`. */
export function readStory(folder: string): Story {
  const planPath = join(folder, RUN_FILES.plan);
  const { plan } = parsePlanFile(readText(planPath), planPath);
  const file = readChecked(join(folder, RUN_FILES.story), storySchema) as Omit<Story, "plan" | "events">;
  const { claim, formSummary, formNeeds, notTested, withoutFaults, token, record } = file;
  const left = withoutFaults === undefined ? {} : { withoutFaults };
  const historyPath = join(folder, RUN_FILES.history);
  const lines = completeLines(readText(historyPath)).slice(1);
  const events = lines.map((line, i) => parseLine(line, historyPath, i + 2) as HistoryEvent);
  return { claim, formSummary, formNeeds, notTested, ...left, token, plan, record, events };
}

function readStories(folder: string): Story[] {
  const stories = join(folder, RUN_FILES.stories);
  if (entryAt(stories, stories)?.isDirectory() !== true) return [];
  const names = namesIn(stories);
  // A harness that was killed while it wrote a story leaves a folder without its last file.
  const whole = names.filter((name) => isThere(join(stories, name, RUN_FILES.story)));
  return whole.map((name) => readStory(join(stories, name)));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    throw bad(folder, `it cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function isThere(path: string): boolean {
  return entryAt(path, path) !== undefined;
}

function rebuild(folder: string, manifest: RunManifest, stories: readonly Story[]): SuiteRecord {
  const tallies = manifest.tasks.map((task) => new FormTally(task, manifest.seed));
  const path = join(folder, RUN_FILES.results);
  const lines = isThere(path) ? completeLines(readText(path)) : [];
  for (const [i, line] of lines.entries()) {
    const record = checked(parseLine(line, path, i + 1), recordSchema, `${path}, line ${i + 1}`) as RunRecord;
    const isOfTask = ({ task }: FormTally) => task.scenario === record.scenario && task.form === record.form;
    tallies.find(isOfTask)?.add(record);
  }
  const summary = tallies.map((tally) => {
    const { scenario, form } = tally.task;
    const story = stories.find(({ record }) => record.scenario === scenario && record.form === form);
    return tally.summary(story === undefined ? null : markOf(story), null);
  });
  return {
    format: "faultline-suite",
    version: 1,
    verdict: judgeSuite(summary, manifest.singleForm, false),
    lane: manifest.lane,
    folder,
    ...(manifest.singleForm ? { singleForm: true as const } : {}),
    ...(manifest.config === undefined ? {} : { config: manifest.config }),
    seed: manifest.seed,
    complete: false,
    wallMs: 0,
    summary,
    scenarios: manifest.scenarios,
  };
}

function markOf({ record, token, plan }: Story): StoryMark {
  return { token, ...planSize(plan), folder: storyFolder(record.scenario, record.form) };
}

/** The lines of a text; what follows the last line break was cut off by the end of the writer. */
function completeLines(text: string): string[] {
  return text.split("\n").slice(0, -1);
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw bad(path, `it cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function parseLine(line: string, path: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw bad(path, `line ${number} is no JSON`);
  }
}

function readChecked(path: string, schema: v.GenericSchema): unknown {
  let data: unknown;
  try {
    data = JSON.parse(readText(path));
  } catch (error) {
    if (error instanceof FaultlineError) throw error;
    throw bad(path, "it is no JSON");
  }
  return checked(data, schema, path);
}

function checked(data: unknown, schema: v.GenericSchema, where: string): unknown {
  const result = v.safeParse(schema, data);
  if (result.success) return data;
  const issue = result.issues[0];
  const field = v.getDotPath(issue) ?? "the whole file";
  throw bad(where, `field "${field}": expected ${issue.expected ?? issue.message}, found ${issue.received}`);
}

function bad(where: string, what: string): FaultlineError {
  return new FaultlineError("usage", "bad-run-folder", `The run folder is damaged: ${where}: ${what}.`);
}
