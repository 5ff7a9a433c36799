import type { CheckResult } from "../checker.ts";
import type { Json } from "../history/operation.ts";
import { measureLabel } from "../measure.ts";
import type { Verdict } from "../verdict.ts";

/** Parts whose answers are kept, and the longest answer that is, in characters of JSON. */
const partsMax = 20;
const lengthMax = 4000;

/**
 * What the parts of a composed checker answered besides their verdicts, under the name of each part: of 20 parts at most, those that are
 * not valid before others. Bounded memory, however many parts there are.
 */
export class PartAnswers {
  readonly #broken: Json[] = [];
  readonly #valid: Json[] = [];
  #count = 0;

  /** Notes what a part answered, if it did, and what it measured unless that is kept elsewhere. */
  add(name: string, { verdict, stats }: CheckResult, withMeasures: boolean): void {
    const { details } = stats;
    const measures = withMeasures ? stats.measures : undefined;
    if (details === undefined && measures === undefined) return;
    this.#count++;
    const kept = verdict === "valid" ? this.#valid : this.#broken;
    if (kept.length < partsMax) kept.push(answerOf(name, verdict, details, measures));
  }

  /** `parts`, and `partsOmitted` where there are more; nothing where no part answered anything. */
  details(): Readonly<Record<string, Json>> {
    if (this.#count === 0) return {};
    const parts = [...this.#broken, ...this.#valid].slice(0, partsMax);
    const omitted = this.#count - parts.length;
    return { parts, ...(omitted === 0 ? {} : { partsOmitted: omitted }) };
  }
}

function answerOf(
  part: string,
  verdict: Verdict,
  details: CheckResult["stats"]["details"],
  measures: CheckResult["stats"]["measures"],
): Json {
  return {
    part,
    verdict,
    ...(details === undefined ? {} : bounded(details)),
    ...(measures === undefined ? {} : { measures: valuesByLabel(measures) }),
  };
}

function valuesByLabel(measures: NonNullable<CheckResult["stats"]["measures"]>): Json {
  return Object.fromEntries(measures.map((measure) => [measureLabel(measure), measure.value]));
}

function bounded(details: Readonly<Record<string, Json>>): Readonly<Record<string, Json>> {
  const { length } = JSON.stringify(details);
  return length <= lengthMax ? details : { answerOmitted: `${length} characters` };
}
