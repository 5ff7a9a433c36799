import type { Measure } from "../../checkers/measure.ts";
import type { RunRecord } from "./run-record.ts";
import type { FormSummary, MeasureSummary } from "./suite-record.ts";
import { spreadOf } from "./value-spread.ts";

/** The most measures of a form that a summary lists. */
const ROWS_MAX = 100;

/** The values of one measure in the runs of a form. */
interface Row {
  readonly checker: string;
  readonly kind: Measure;
  readonly values: number[];
  readonly seeds: Set<number>;
  worst: Measure;
  worstRun: RunRecord;
}

/**
 * What the checkers measured over the runs of a form: for each checker and measure how many values there are, their
 * median, their 95th percentile towards the bad end, the worst, and the run that has it, which is the one with the
 * lowest seed of those that do. Of an even number the median is the better of the two in the middle. At most 100 rows,
 * the others are counted. `records` in the order of their seeds; `tokenOf` gives a run's token, or null. n log n.
 */
export function tallyMeasures(
  records: readonly RunRecord[],
  tokenOf: (record: RunRecord) => string | null,
): Pick<FormSummary, "measures" | "measuresOmitted"> {
  const rows = new Map<string, Row>();
  for (const record of records) {
    for (const { checker, measures = [] } of record.checkers) {
      for (const measure of measures) addTo(rows, checker, measure, record);
    }
  }
  if (rows.size === 0) return {};
  const sorted = inOrder([...rows.values()]);
  const omitted = Math.max(0, sorted.length - ROWS_MAX);
  const measures = sorted.slice(0, ROWS_MAX).map((row) => summaryOf(row, tokenOf));
  return { measures, ...(omitted === 0 ? {} : { measuresOmitted: omitted }) };
}

function addTo(rows: Map<string, Row>, checker: string, measure: Measure, run: RunRecord): void {
  const key = JSON.stringify([checker, measure.name, measure.unit]);
  const row = rows.get(key);
  if (row === undefined) {
    const seeds = new Set([run.seed]);
    rows.set(key, { checker, kind: measure, values: [measure.value], seeds, worst: measure, worstRun: run });
    return;
  }
  row.values.push(measure.value);
  row.seeds.add(run.seed);
  if (!isWorse(measure.value, row.worst.value, row.kind.worse)) return;
  row.worst = measure;
  row.worstRun = run;
}

function isWorse(value: number, than: number, worse: Measure["worse"]): boolean {
  return worse === "high" ? value > than : value < than;
}

/**
 * Checkers in the order of the scenario, and of each first what is measured once a run, in its own order. The others, whose
 * names come from what happened in the runs, by their names.
 */
function inOrder(rows: readonly Row[]): Row[] {
  const checkers = [...new Set(rows.map(({ checker }) => checker))];
  return checkers.flatMap((checker) => {
    const own = rows.filter((row) => row.checker === checker);
    const many = own.filter(({ kind }) => kind.of !== undefined);
    many.sort((a, b) => (a.kind.name < b.kind.name ? -1 : 1));
    return [...own.filter(({ kind }) => kind.of === undefined), ...many];
  });
}

function summaryOf(row: Row, tokenOf: (record: RunRecord) => string | null): MeasureSummary {
  const { checker, kind, values, seeds, worst, worstRun } = row;
  const rising = Float64Array.from(values).sort();
  const bettersFirst = kind.worse === "high" ? rising : Float64Array.from(rising).reverse();
  const at = (part: number): number => bettersFirst[Math.ceil(part * values.length) - 1]!;
  return {
    checker,
    measure: kind.name,
    unit: kind.unit,
    worse: kind.worse,
    runs: seeds.size,
    values: values.length,
    median: at(0.5),
    p95: at(0.95),
    worst: worst.value,
    ...(worst.of === undefined ? {} : { worstOf: worst.of }),
    worstSeed: worstRun.seed,
    worstToken: tokenOf(worstRun),
    spread: spreadOf(rising, kind.unit),
  };
}
