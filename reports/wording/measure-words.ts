import type { Measure } from "../../checkers/measure.ts";
import type { MeasureSummary } from "../../harness/record/suite-record.ts";
import { countText, durationText, plural } from "./numbers.ts";

/** A measured value with its unit: `412 ms`, `3 events`, `83.3 %`, `12`. */
export function measuredText(value: number, unit: Measure["unit"]): string {
  switch (unit) {
    case "ms":
      return durationText(value);
    case "part":
      return `${Math.round(value * 1000) / 10} %`;
    case "events":
      return plural(Math.round(value), "event");
    case "count":
      return countText(Math.round(value));
  }
}

/** What a measure is called where its values stand with their units: `median lag`, `median lag in events`. */
export function measureName(name: string, unit: Measure["unit"]): string {
  return unit === "events" ? `${name} in events` : name;
}

/** What a measure of a run is: `part served during pause, fault 3 on a → b`. */
export function measureText({ name, of, unit }: Measure): string {
  return of === undefined ? measureName(name, unit) : `${measureName(name, unit)}, ${of}`;
}

/** How many values there are, of how many runs where that is not the same: `500`, `740 of 480 runs`. */
export function valuesText({ values, runs }: MeasureSummary): string {
  return values === runs ? countText(values) : `${countText(values)} of ${plural(runs, "run")}`;
}

/** How values are spread, in words: `120 up to 5 ms, then 300 up to 10 ms`. */
export function spreadText({ spread, unit }: MeasureSummary): string {
  return spread
    .filter(({ values }) => values > 0)
    .map(({ upTo, values }) => `${countText(values)} up to ${measuredText(upTo, unit)}`)
    .join(", then ");
}

/** What stands below a list of measures that is cut; null where it is not. */
export function measuresOmittedText(omitted: number | undefined): string | null {
  return omitted === undefined ? null : `${plural(omitted, "measure")} more not listed.`;
}
