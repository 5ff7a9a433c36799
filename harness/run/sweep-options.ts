import type { Worker } from "node:worker_threads";
import type { Story } from "../record/story.ts";
import type { SuiteRecord } from "../record/suite-record.ts";
import type { Scenario } from "./scenario.ts";
import type { SweepProgress } from "./sweep-progress.ts";

/** What to sweep. */
export interface SweepOptions {
  readonly scenarios: readonly Scenario[];
  /** Null: every form of each scenario. */
  readonly form: string | null;
  /** Run `i` of each form has the seed `seed + i`. */
  readonly seed: number;
  /** Null: 1,000 for a hardened form, 200 for any other. */
  readonly runs: number | null;
  /** Runs a form that must be caught only until it is, and spends less on making its story small. */
  readonly untilCaught: boolean;
  readonly workers: number;
  /** The run folder. Created. */
  readonly folder: string;
  /** The configuration that was named on the command line, for the replays that a report shows. */
  readonly config?: string | undefined;
  /** Starts a worker that calls `serveRuns` with the same scenarios. */
  readonly spawnWorker: () => Worker;
  /** Ends the sweep early: what has finished counts. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: SweepProgress) => void;
}

/** The result of a sweep, and the stories that a report shows. */
export interface SweepResult {
  readonly suite: SuiteRecord;
  readonly stories: readonly Story[];
}
