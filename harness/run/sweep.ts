import { FormTally, type StoryMark } from "../record/form-tally.ts";
import { judgeSuite } from "../record/judge-suite.ts";
import type { RunManifest } from "../record/run-manifest.ts";
import type { HarnessFailure, RunRecord } from "../record/run-record.ts";
import type { Story } from "../record/story.ts";
import type { FormSummary, SuiteRecord } from "../record/suite-record.ts";
import { wallClockMs } from "../time/wall-clock.ts";
import { findScenario } from "./catalog.ts";
import { describeSweep } from "./describe-sweep.ts";
import { drawPlan } from "./draw-plan.ts";
import { planSize } from "./plan.ts";
import { RunFolder } from "./run-folder.ts";
import { smallestStory, storySize } from "./smallest-story.ts";
import type { SweepAnswer, SweepJob } from "./sweep-messages.ts";
import type { SweepOptions, SweepResult } from "./sweep-options.ts";
import { encodeToken, hashPlan } from "./token.ts";
import { WorkerPool } from "./worker-pool.ts";

/** Seeds that a worker takes at a time; the first of each is run twice. */
const CHUNK = 25;
/** Failing seeds of a form whose stories are made small, at most; the smallest story is kept. */
const STORIES_TRIED = 3;
const STORIES_TRIED_QUICK = 1;
/** A story of so many operations and faults is small enough to stop at. */
const STORY_SIZE_GOOD = 3;
/** Plans executed to make one story small, at most. */
const SHRINK_EXECUTIONS_MAX = 400;
const SHRINK_EXECUTIONS_MAX_QUICK = 80;

/**
 * Runs every form over its seeds in worker threads, makes the stories of failing seeds small, and writes
 * all of it into the run folder. Throws `unknown-form`; what goes wrong in a run is in the result.
 */
export async function sweep(options: SweepOptions): Promise<SweepResult> {
  const { scenarios, form, seed, runs } = options;
  const manifest = describeSweep(scenarios, form, seed, runs, "sim", options.untilCaught, options.config);
  using folder = new RunFolder(options.folder, manifest);
  const run = new Sweep(options, manifest, folder);
  return await run.finish();
}

/** One form on its way through the sweep. */
interface Course {
  readonly tally: FormTally;
  /** Jobs of runs that are not done yet. */
  open: number;
  readonly stories: Story[];
  /** Seeds whose stories are still to be made small, the most promising last. */
  candidates: number[] | null;
  failure: HarnessFailure | null;
}

class Sweep {
  readonly #options: SweepOptions;
  readonly #manifest: RunManifest;
  readonly #folder: RunFolder;
  readonly #courses: readonly Course[];
  readonly #total: number;
  readonly #startMs = wallClockMs();
  readonly #pool: WorkerPool<SweepJob, SweepAnswer>;
  #finished = 0;
  #anomalies = 0;
  #unexpected = 0;

  constructor(options: SweepOptions, manifest: RunManifest, folder: RunFolder) {
    const { tasks } = manifest;
    this.#options = options;
    this.#manifest = manifest;
    this.#folder = folder;
    this.#courses = tasks.map((task) => ({
      tally: new FormTally(task, options.seed),
      open: 0,
      stories: [],
      candidates: null,
      failure: null,
    }));
    this.#total = tasks.reduce((sum, { runs }) => sum + runs, 0);
    this.#pool = new WorkerPool(options.workers, options.spawnWorker, options.signal);
  }

  async finish(): Promise<SweepResult> {
    for (const course of this.#courses) this.#queueRuns(course);
    await this.#pool.drained();
    const { signal, folder, seed, form } = this.#options;
    const stories: Story[] = [];
    const summary = this.#courses.map((course) => this.#summarize(course, stories));
    const complete = !signal.aborted && this.#finished === this.#total;
    const suite: SuiteRecord = {
      format: "faultline-suite",
      version: 1,
      verdict: judgeSuite(summary, form !== null, complete),
      lane: "sim",
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
    return { suite, stories };
  }

  #queueRuns(course: Course): void {
    const { runs, expects } = course.tally.task;
    const oneByOne = this.#options.untilCaught && expects.length > 0;
    for (let done = 0; done < (oneByOne ? 1 : runs); done += CHUNK) this.#queueChunk(course, done);
  }

  #queueChunk(course: Course, done: number): void {
    const { scenario, form, runs } = course.tally.task;
    const seed = this.#options.seed + done;
    const count = Math.min(CHUNK, runs - done);
    this.#queue(course, { kind: "runs", scenario, form, seed, count });
  }

  /** When all that was queued of a form is done: more runs where it is still to be caught, or its story. */
  #goOn(course: Course): void {
    const { tally, failure } = course;
    const { runs, expects } = tally.task;
    const missing = runs - tally.finished;
    const wanted = this.#options.untilCaught && expects.length > 0 && missing > 0;
    if (wanted && failure === null && !tally.caught) this.#queueChunk(course, tally.finished);
    else {
      // Runs that are not needed any more count as done, for the progress.
      if (wanted && course.candidates === null) this.#finished += missing;
      this.#queueStory(course);
    }
  }

  /** When all runs of a form are done, its failing seeds are told as stories, one after the other. */
  #queueStory(course: Course): void {
    course.candidates ??= this.#mostPromising(course);
    const best = smallestStory(course.stories);
    if (best !== null && storySize(best) <= STORY_SIZE_GOOD) return;
    const seed = course.candidates.pop();
    if (seed === undefined) return;
    const { scenario, form } = course.tally.task;
    this.#report(`shrinking ${scenario} ${form}`);
    const executionsMax = this.#options.untilCaught ? SHRINK_EXECUTIONS_MAX_QUICK : SHRINK_EXECUTIONS_MAX;
    this.#queue(course, { kind: "shrink", scenario, form, seed, executionsMax });
  }

  #queue(course: Course, job: SweepJob): void {
    course.open++;
    this.#pool.add(job, (answer) => this.#take(course, answer), job.kind === "shrink");
  }

  #take(course: Course, answer: SweepAnswer): void {
    if (answer.kind === "run") this.#takeRun(course, answer.record);
    else if (answer.kind === "story") course.stories.push(answer.story);
    else if (answer.kind === "done") {
      course.tally.spent(answer.wallMs);
      course.failure ??= answer.failure;
      course.open--;
      if (course.open === 0) this.#goOn(course);
    }
  }

  #takeRun(course: Course, record: RunRecord): void {
    this.#folder.append(record);
    course.tally.add(record);
    this.#finished++;
    if (record.verdict === "invalid") {
      this.#anomalies++;
      if (course.tally.task.expects.length === 0) this.#unexpected++;
    }
    this.#report(`${record.scenario} ${record.form}`);
  }

  /** The failing seeds of the smallest plans: they are the quickest to make small. Best last. */
  #mostPromising(course: Course): number[] {
    const scenario = findScenario(this.#options.scenarios, course.tally.task.scenario);
    const measured = course.tally.failingSeeds().map((seed) => {
      const { operations, faults } = planSize(drawPlan(scenario, seed, ""));
      return { seed, size: operations + faults };
    });
    measured.sort((a, b) => a.size - b.size || a.seed - b.seed);
    return measured
      .slice(0, this.#options.untilCaught ? STORIES_TRIED_QUICK : STORIES_TRIED)
      .map(({ seed }) => seed)
      .reverse();
  }

  #summarize(course: Course, stories: Story[]): FormSummary {
    const story = smallestStory(course.stories);
    let mark: StoryMark | null = null;
    if (story !== null) {
      mark = this.#folder.writeStory(story);
      stories.push(story);
    }
    const telling = course.tally.telling();
    const tokenOf = this.#tokens();
    const summary = course.tally.summary(mark, telling === null ? null : tokenOf(telling), tokenOf);
    if (course.failure === null || summary.failure !== null) return summary;
    const judgement = summary.judgement === "anomaly" ? "anomaly" : "failed";
    return { ...summary, failure: course.failure, judgement };
  }

  /** Gives the tokens of runs, each made once: its plan is drawn again for it. */
  #tokens(): (record: RunRecord) => string {
    const known = new Map<number, string>();
    return (record) => {
      const token = known.get(record.seed) ?? this.#tokenOf(record);
      known.set(record.seed, token);
      return token;
    };
  }

  #tokenOf({ scenario, form, seed, historyHash }: RunRecord): string {
    const { withoutFaults = [], ...drawn } = findScenario(this.#options.scenarios, scenario);
    const planHash = hashPlan(drawPlan(drawn, seed, ""));
    return encodeToken({ withoutFaults, scenario, form, lane: "sim", seed, path: "", planHash, historyHash });
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
