import type { CheckResult } from "../../checkers/checker.ts";
import { type Measure, measureLabel } from "../../checkers/measure.ts";

/** Values of measures by their labels, as `check --json` shows them. */
export function byLabel(measures: readonly Measure[]): Record<string, number> {
  return Object.fromEntries(measures.map((measure) => [measureLabel(measure), measure.value]));
}

/** A result with its measures by their labels; without measures as it is. */
export function labelled(result: CheckResult): unknown {
  const { measures, ...stats } = result.stats;
  return measures === undefined ? result : { ...result, stats: { ...stats, measures: byLabel(measures) } };
}
