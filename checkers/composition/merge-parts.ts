import type { CheckBudget } from "../check-budget.ts";
import type { Anomaly, Checker, CheckResult } from "../checker.ts";
import type { History } from "../history/history.ts";
import type { Measure } from "../measure.ts";
import { nothingExamined, resultOf } from "../result.ts";
import { PartAnswers } from "./part-answers.ts";

/** One checker on one part of a history. */
export interface CheckedPart {
  /** What is put before reasons and measures; empty for nothing. */
  readonly name: string;
  readonly checker: Checker;
  readonly history: () => History;
}

/** Anomalies of one type that are reported. */
const maxPerType = 10;

/**
 * What all parts together show: invalid if one of them is, else unknown if one of them is, else valid. A part in
 * which there was nothing to examine says nothing, unless `isEachNeeded`. A checker that throws leaves its part
 * unknown, with the cause. Anomalies are reported in the order of the parts, ten of a type; what
 * parts answer besides is kept under their names, of 20 of them.
 */
export function mergeParts(
  parts: Iterable<CheckedPart>,
  isEachNeeded: boolean,
  hasMeasures: boolean,
  budget: CheckBudget | undefined,
): CheckResult {
  const anomalies: Anomaly[] = [];
  const perType = new Map<string, number>();
  const reasons: string[] = [];
  const measures: Measure[] = [];
  const answers = new PartAnswers();
  let anomaliesOmitted = 0;
  let operations = 0;
  for (const part of parts) {
    const label = part.name === "" ? "" : `${part.name}: `;
    const result = safely(part, budget);
    operations += result.stats.operations;
    answers.add(part.name, result, !hasMeasures);
    anomaliesOmitted += result.stats.anomaliesOmitted ?? 0;
    for (const anomaly of result.anomalies) {
      const known = perType.get(anomaly.type) ?? 0;
      perType.set(anomaly.type, known + 1);
      if (known < maxPerType) anomalies.push(anomaly);
      else anomaliesOmitted++;
    }
    if (result.verdict === "unknown" && (isEachNeeded || result.reason !== nothingExamined)) {
      reasons.push(`${label}${result.reason}`);
    }
    if (!hasMeasures) continue;
    for (const measure of result.stats.measures ?? [])
      measures.push({ ...measure, name: `${label}${measure.name}` });
  }
  const details = answers.details();
  return resultOf({
    operations,
    anomalies,
    anomaliesOmitted,
    reasons,
    ...(hasMeasures ? { measures } : {}),
    ...(Object.keys(details).length === 0 ? {} : { details }),
  });
}

function safely({ checker, history }: CheckedPart, budget: CheckBudget | undefined): CheckResult {
  try {
    return checker.check(history(), budget);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    const reason = `the checker ${checker.name} itself failed: ${message}`;
    return { verdict: "unknown", anomalies: [], reason, stats: { operations: 0 } };
  }
}
