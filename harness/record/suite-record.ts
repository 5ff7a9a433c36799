import type { Measure } from "../../checkers/measure.ts";
import type { Verdict } from "../../checkers/verdict.ts";
import type { Lane } from "./lane.ts";
import type { HarnessFailure } from "./run-record.ts";
import type { SpreadStep } from "./value-spread.ts";

/** How often one type of anomaly was found, in how many runs of a form. */
export interface AnomalyCount {
  readonly checker: string;
  readonly type: string;
  /** Runs that showed it. */
  readonly count: number;
}

/** Why some runs of a form could not tell. */
export interface ReasonCount {
  /** As in `reasons`: the checker and what it said. */
  readonly reason: string;
  /** Runs of that reason. */
  readonly runs: number;
}

/** How often one flaw of a form was found, and where first. */
export interface FlawCount {
  /** What is wrong, in words. */
  readonly flaw: string;
  /** The anomalies by which it is seen, any of them: `checker/type`. */
  readonly expects: readonly string[];
  /** Runs that showed it; 0: it got away. */
  readonly runs: number;
  /** 1 when the very first run showed it; null when none did. */
  readonly firstRun: number | null;
  /** The seed of that run: `--seed <seed> --runs 1` shows it again. */
  readonly firstSeed: number | null;
}

/** What a checker measured over the runs of a form, under one name. */
export interface MeasureSummary {
  readonly checker: string;
  /** In words, without the unit: `median lag`. */
  readonly measure: string;
  readonly unit: Measure["unit"];
  /** Which end is the bad one. */
  readonly worse: Measure["worse"];
  /** Runs that measured it. */
  readonly runs: number;
  /** Values: more than runs where one run has several, such as one for each fault. */
  readonly values: number;
  /** Of an even number the better of the two in the middle. */
  readonly median: number;
  /** 95 of 100 values are not worse. */
  readonly p95: number;
  readonly worst: number;
  /** Which one of its run the worst is, where a run has several. */
  readonly worstOf?: string;
  /** The lowest seed of those with the worst value: `--seed <seed> --runs 1` shows it again. */
  readonly worstSeed: number;
  /** Replays that run; null where nothing is left to make it of, as after a kill. */
  readonly worstToken: string | null;
  /** How the values are spread, in at most 20 steps. */
  readonly spread: readonly SpreadStep[];
}

/** Did a form do what is expected of it? */
export type Judgement =
  /** A hardened form without anomaly, or a textbook form or defect that was caught as declared. */
  | "as-expected"
  /** A hardened form with an anomaly. */
  | "anomaly"
  /** A textbook form or defect that was not caught, or only by anomalies that it does not declare, or not each of its flaws. */
  | "got-away"
  /** Too little was examined, or the sweep was interrupted. */
  | "unknown"
  /** The harness failed. */
  | "failed";

/** What a scenario claims, so that a report can say it of a scenario of which it has no story. */
export interface ScenarioSummary {
  readonly scenario: string;
  readonly claim: string;
  readonly notTested: readonly string[];
}

/** One scenario in one form over many seeds. */
export interface FormSummary {
  readonly scenario: string;
  readonly form: string;
  /** The anomalies that the form declares, as `checker/type`; empty for a hardened form. */
  readonly expects: readonly string[];
  readonly judgement: Judgement;
  /** Runs that finished. */
  readonly seeds: number;
  readonly valid: number;
  readonly invalid: number;
  readonly unknown: number;
  /** Operations of all runs together. */
  readonly operations: number;
  readonly wallMs: number;
  /** 1 when the very first seed showed it; null when none did. */
  readonly seedsToFirstAnomaly: number | null;
  /**
   * Replays the smallest story found; where nothing was found a run in which the harness failed or that cannot tell,
   * else the first seed; null if no run finished.
   */
  readonly token: string | null;
  /** The size of the smallest story; null where nothing was found. */
  readonly smallest: { readonly operations: number; readonly faults: number } | null;
  readonly anomalies: readonly AnomalyCount[];
  /** Each flaw that the form lists; not given where it lists none. */
  readonly flaws?: readonly FlawCount[];
  /** What checkers measured; not given where they measured nothing. */
  readonly measures?: readonly MeasureSummary[];
  /** Measures beyond those listed; not given where there are none. */
  readonly measuresOmitted?: number;
  /** Why runs were unknown, each reason once, the commonest first, at most ten. */
  readonly reasons: readonly string[];
  /** The same reasons with the number of runs; absent from what earlier versions wrote. */
  readonly reasonCounts?: readonly ReasonCount[];
  /** The first failure of the harness, if any. */
  readonly failure: HarnessFailure | null;
  /** Folder of the smallest story inside the run folder (`history.ndjson`, `plan.json`, `verdict.json`). */
  readonly story: string | null;
}

/** The result of `faultline run`: `verdict.json`, and the document that `run --json` prints. */
export interface SuiteRecord {
  readonly format: "faultline-suite";
  readonly version: 1;
  /** `valid` when every form did what is expected of it (or, with `--form`, when that form is valid). */
  readonly verdict: Verdict;
  readonly lane: Lane;
  /** The substrate of the real lane: `local`, `docker` or `external`. */
  readonly substrate?: string;
  /** The servers of the real lane, each as it must be called: `MongoDB protocol stand-in 1.47.0`. */
  readonly components?: readonly string[];
  /** The run folder. */
  readonly folder: string;
  /** One form was asked for with `--form`: its own runs decide, whatever is expected of it. */
  readonly singleForm?: true;
  /** The configuration that was named on the command line: replays need it, too. */
  readonly config?: string;
  readonly seed: number;
  /** True when every requested run finished. */
  readonly complete: boolean;
  readonly wallMs: number;
  readonly summary: readonly FormSummary[];
  /** Each scenario of the summary once. */
  readonly scenarios: readonly ScenarioSummary[];
}
