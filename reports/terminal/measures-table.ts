import type { FormSummary, MeasureSummary, SuiteRecord } from "../../harness/record/suite-record.ts";
import { isHardened } from "../wording/judgement-words.ts";
import { measuredText, measureName, measuresOmittedText, valuesText } from "../wording/measure-words.ts";
import { plural } from "../wording/numbers.ts";
import { visibleText } from "../wording/visible-text.ts";
import type { Paint } from "./paint.ts";
import { type Column, type Row, tableFits, textTable } from "./text-table.ts";
import { wrapText } from "./text-width.ts";

const INDENT = "  ";
const COLUMNS: readonly Column[] = [
  { side: "left", flexibleTo: 12, order: 1 },
  { side: "left", flexibleTo: 22, order: 1 },
  { side: "right", flexibleTo: 8, order: 2 },
  { side: "right" },
  { side: "right" },
  { side: "right" },
  { side: "right" },
];
const TITLES = ["checker", "measure", "values", "median", "p95", "worst", "seed"];

/**
 * What was measured, form by form: of the hardened forms, since only what holds has figures that mean something, or of the
 * one form that was run. The report and the JSON document have all. Nothing where nothing was measured.
 */
export function measuresTable(suite: SuiteRecord, columns: number, paint: Paint): string[] {
  const measured = suite.summary.filter(({ measures = [] }) => measures.length > 0);
  const shown = suite.summary.length === 1 ? measured : measured.filter(({ form }) => isHardened(form));
  const lines = shown.flatMap((form) => [...formLines(form, columns, paint), ""]);
  if (shown.length > 0) {
    const text =
      "Of the worst stands the seed of its run: --form <form> --seed <seed> --runs 1 shows it again.";
    lines.push(...wrapText(text, columns).map(paint.dim), "");
  }
  const others = measured.length - shown.length;
  if (others > 0) {
    const text = `The measures of ${plural(others, "other form")} are in the report.`;
    lines.push(...wrapText(text, columns).map(paint.dim), "");
  }
  return lines;
}

function formLines(form: FormSummary, columns: number, paint: Paint): string[] {
  const { measures = [] } = form;
  const head = `${visibleText(form.scenario)} · ${visibleText(form.form)}`;
  const omitted = measuresOmittedText(form.measuresOmitted);
  const width = columns - INDENT.length;
  const rows: readonly Row[] = [{ cells: TITLES, paint: paint.dim }, ...measures.map(rowOf)];
  const lines = tableFits(COLUMNS, rows, width)
    ? textTable(COLUMNS, rows, width)
    : measures.flatMap((measure) => wrapText(sentenceOf(measure), width));
  return [
    ...wrapText(head, columns).map(paint.bold),
    ...[...lines, ...(omitted === null ? [] : wrapText(omitted, width))].map((line) => `${INDENT}${line}`),
  ];
}

function rowOf(summary: MeasureSummary): Row {
  return {
    cells: [
      visibleText(summary.checker),
      visibleText(measureName(summary.measure, summary.unit)),
      ...figuresOf(summary),
    ],
  };
}

function sentenceOf(summary: MeasureSummary): string {
  const [values, median, p95, worst, seed] = figuresOf(summary);
  const name = `${visibleText(summary.checker)}, ${visibleText(measureName(summary.measure, summary.unit))}`;
  return `${name}: median ${median}, p95 ${p95}, worst ${worst} (seed ${seed}); values: ${values}`;
}

function figuresOf(summary: MeasureSummary): [string, string, string, string, string] {
  const { median, p95, worst, unit } = summary;
  return [
    valuesText(summary),
    measuredText(median, unit),
    measuredText(p95, unit),
    measuredText(worst, unit),
    String(summary.worstSeed),
  ];
}
