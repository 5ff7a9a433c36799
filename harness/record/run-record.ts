import type { Anomaly } from "../../checkers/checker.ts";
import type { Measure } from "../../checkers/measure.ts";
import type { Verdict } from "../../checkers/verdict.ts";
import type { Lane } from "./lane.ts";

/** What one checker said of one run. */
export interface CheckerRecord {
  readonly checker: string;
  readonly verdict: Verdict;
  /** Why it is unknown; null otherwise. */
  readonly reason: string | null;
  readonly anomalies: readonly Anomaly[];
  /** Operations that it examined. */
  readonly operations: number;
  /** What it measured, at most as many as {@link boundedMeasures} keeps. Absent: nothing. */
  readonly measures?: readonly Measure[];
  /** Measures that were left out because there were too many. Absent: none. */
  readonly measuresOmitted?: number;
}

/** Something went wrong in the harness or in the component under it: never an anomaly. */
export interface HarnessFailure {
  readonly code: string;
  readonly message: string;
}

/** One plan executed: the record of a run, one line of `results.ndjson`. */
export interface RunRecord {
  readonly scenario: string;
  readonly form: string;
  readonly lane: Lane;
  /** The servers of a run in the real lane, each as it must be called: `MongoDB protocol stand-in 1.47.0`. */
  readonly components?: readonly string[];
  readonly seed: number;
  readonly verdict: Verdict;
  /** Set when the harness failed; the verdict is then `unknown`. */
  readonly failure: HarnessFailure | null;
  readonly checkers: readonly CheckerRecord[];
  /** Where the form lists flaws: those that this run shows, by their positions in the list. */
  readonly flaws?: readonly number[];
  /** Operations that clients invoked, preparation and final reads included. */
  readonly operations: number;
  /** Faults that were injected. */
  readonly faults: number;
  /** SHA-256 of the history's bytes, 64 hexadecimal digits. */
  readonly historyHash: string;
  /** Hash of the scheduler's event log, 16 hexadecimal digits; null in the real lane, which has none. */
  readonly eventLogHash: string | null;
  /** How long it lasted, on the clock of its lane: virtual in the sim lane. */
  readonly virtualMs: number;
}
