import type { Measure } from "../../checkers/measure.ts";
import type { CheckerRecord } from "./run-record.ts";

/** The most measures of one checker that a run's record keeps. */
const MEASURES_MAX = 64;

/**
 * The measures of one checker in one run as a record keeps them: at most 64. Where there are more, those of which there is
 * only one of the name come first, then the others in their order; the rest is counted. What is not finite cannot be
 * written as JSON and is counted too. Linear.
 */
export function boundedMeasures(
  measures: readonly Measure[] | undefined,
): Pick<CheckerRecord, "measures" | "measuresOmitted"> {
  if (measures === undefined || measures.length === 0) return {};
  const finite = measures.filter(({ value }) => Number.isFinite(value));
  const kept = finite.length <= MEASURES_MAX ? finite : singleFirst(finite).slice(0, MEASURES_MAX);
  const omitted = measures.length - kept.length;
  return { measures: kept, ...(omitted === 0 ? {} : { measuresOmitted: omitted }) };
}

function singleFirst(measures: readonly Measure[]): Measure[] {
  const single = measures.filter(({ of }) => of === undefined);
  return [...single, ...measures.filter(({ of }) => of !== undefined)];
}
