import type { CheckBudget } from "./check-budget.ts";
import type { History } from "./history/history.ts";
import type { Json } from "./history/operation.ts";
import type { Measure } from "./measure.ts";

/** At least one: an anomaly cannot be built without a witness. */
export type Witness = readonly [number, ...number[]];

/** One broken promise, with the operations that show it. */
export interface Anomaly {
  /** Fixed, kebab-case name of the kind of anomaly, such as `lost-update`. */
  readonly type: string;
  /** What it concerns, where that is one thing. */
  readonly key?: string;
  /** `index` of the operations that show it, in the order in which the proof names them. */
  readonly operations: Witness;
  /** The proof in words: "client 1 was told that version 3 is stored (operation 14), but …". */
  readonly proof: string;
}

/** How much a checker looked at. `operations` is 0 when it found nothing that concerns it. */
export interface CheckStats {
  /** Completed operations that took part in the decision. */
  readonly operations: number;
  /** Anomalies that were found and left out because of the limit per type. Absent: none. */
  readonly anomaliesOmitted?: number;
  /** What was measured, such as a lag. Absent: nothing. */
  readonly measures?: readonly Measure[];
  /**
   * What the checker answers besides its verdict, such as `strongest` isolation or the longest
   * `linearizable` prefix, by camelCase names that its docstring explains. Absent: nothing.
   */
  readonly details?: Readonly<Record<string, Json>>;
}

/**
 * What a checker found. `valid` means that at least one operation was examined and nothing broken was
 * seen; `invalid` always has an anomaly; `unknown` always has a reason.
 */
export type CheckResult =
  | { readonly verdict: "valid"; readonly anomalies: readonly []; readonly stats: CheckStats }
  | {
      readonly verdict: "invalid";
      readonly anomalies: readonly [Anomaly, ...Anomaly[]];
      readonly stats: CheckStats;
    }
  | {
      readonly verdict: "unknown";
      readonly anomalies: readonly [];
      readonly reason: string;
      readonly stats: CheckStats;
    };

/** A pure function from a history to a verdict, with a name and a claim in words. */
export interface Checker {
  /** Kebab-case; what `--checker` takes. */
  readonly name: string;
  /** The promise, in one sentence that a reader of the report understands. */
  readonly claim: string;
  /** What the checker cannot see, in plain words; printed under "what was not tested". */
  readonly blindSpots: readonly string[];
  /**
   * Synchronous, no I/O, no clock of its own, does not change the history. Asks `budget` now and then, and when that is
   * used up answers `unknown` with how far it got, or `invalid` with what it had found.
   */
  check(history: History, budget?: CheckBudget): CheckResult;
}
