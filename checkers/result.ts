import type { Anomaly, CheckResult } from "./checker.ts";
import type { Json } from "./history/operation.ts";
import type { Measure } from "./measure.ts";

/** What a checker has found out when it is done: {@link resultOf} turns it into a verdict. */
export interface Findings {
  /** Completed operations that took part in the decision. */
  readonly operations: number;
  readonly anomalies: readonly Anomaly[];
  /** Anomalies found beyond those listed. */
  readonly anomaliesOmitted?: number;
  /** What was measured. */
  readonly measures?: readonly Measure[];
  /** What is answered besides the verdict, by name. */
  readonly details?: Readonly<Record<string, Json>>;
  /** Why something could not be decided. Matters only where nothing is broken. */
  readonly reasons: readonly string[];
}

/** The reason of a checker that found nothing that concerns it. */
export const nothingExamined = "nothing was examined";

/** Reasons that are printed; the others are counted. */
const reasonsShown = 3;

/**
 * The verdict that follows from findings: any anomaly makes it invalid; else any reason makes it
 * unknown; else it is valid if at least one operation was examined, and unknown if none was.
 */
export function resultOf(findings: Findings): CheckResult {
  const [first, ...others] = findings.anomalies;
  const answers = {
    ...(findings.measures === undefined ? {} : { measures: findings.measures }),
    ...(findings.details === undefined ? {} : { details: findings.details }),
  };
  if (first !== undefined) {
    const omitted = findings.anomaliesOmitted ?? 0;
    const stats = {
      operations: findings.operations,
      ...(omitted === 0 ? {} : { anomaliesOmitted: omitted }),
      ...answers,
    };
    return { verdict: "invalid", anomalies: [first, ...others], stats };
  }
  const stats = { operations: findings.operations, ...answers };
  if (findings.reasons.length > 0) {
    return { verdict: "unknown", anomalies: [], reason: joinReasons(findings.reasons), stats };
  }
  if (findings.operations === 0) {
    return { verdict: "unknown", anomalies: [], reason: nothingExamined, stats };
  }
  return { verdict: "valid", anomalies: [], stats };
}

/** A reason that is given several times is said once, with how often. */
function joinReasons(reasons: readonly string[]): string {
  const times = new Map<string, number>();
  for (const reason of reasons) times.set(reason, (times.get(reason) ?? 0) + 1);
  const different = [...times].map(([reason, count]) =>
    count === 1 ? reason : `${reason} (${count} times)`,
  );
  const shown = different.slice(0, reasonsShown).join("; ");
  const left = different.length - reasonsShown;
  return left > 0 ? `${shown}; and ${left} more` : shown;
}
