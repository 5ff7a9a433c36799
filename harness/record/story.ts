import type { HistoryEvent } from "../../checkers/history/operation.ts";
import type { Plan } from "../run/plan.ts";
import type { RunRecord } from "./run-record.ts";

/** One run told in full: what a report shows of an anomaly. */
export interface Story {
  readonly claim: string;
  /** What the form is, and what it needs to break. */
  readonly formSummary: string;
  readonly formNeeds: string;
  readonly notTested: readonly string[];
  /** Faults of the scenario that were left out on request. */
  readonly withoutFaults?: readonly string[];
  /** Replays it; null for a plan file that no seed draws: one that was edited, or made small. */
  readonly token: string | null;
  readonly plan: Plan;
  readonly record: RunRecord;
  readonly events: readonly HistoryEvent[];
}
