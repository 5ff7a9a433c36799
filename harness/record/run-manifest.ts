import type { Lane } from "./lane.ts";
import type { ScenarioSummary } from "./suite-record.ts";

/** A flaw that a form lists. */
export interface FlawTask {
  readonly flaw: string;
  /** The anomalies by which it is seen, any of them: `checker/type`. */
  readonly expects: readonly string[];
}

/** One scenario in one form, and how many seeds it is to be run with. */
export interface FormTask {
  readonly scenario: string;
  readonly form: string;
  /** Empty where nothing may be found; otherwise one of these must be: `checker/type`. */
  readonly expects: readonly string[];
  /** Each of these must be found; not given where the form lists none. */
  readonly flaws?: readonly FlawTask[];
  readonly runs: number;
}

/** What a sweep set out to do: `run.json`, written before the first run. */
export interface RunManifest {
  readonly format: "faultline-run";
  readonly version: 1;
  readonly lane: Lane;
  /** The first seed; run `i` of each form has the seed `seed + i`. */
  readonly seed: number;
  /** True when one form was asked for: the verdict of that form then decides. */
  readonly singleForm: boolean;
  /** Faults that were left out on request: `process-crash@stores`. */
  readonly withoutFaults?: readonly string[];
  /** The configuration that was named on the command line: replays need it, too. */
  readonly config?: string;
  readonly scenarios: readonly ScenarioSummary[];
  readonly tasks: readonly FormTask[];
}
