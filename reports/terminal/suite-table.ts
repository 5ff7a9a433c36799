import type { FormSummary, SuiteRecord } from "../../harness/record/suite-record.ts";
import { expectationText, judgementText, judgementTone } from "../wording/judgement-words.ts";
import { countText, plural } from "../wording/numbers.ts";
import { visibleText } from "../wording/visible-text.ts";
import { type Paint, toneSign } from "./paint.ts";
import { type Column, type Row, tableFits, textTable } from "./text-table.ts";
import { wrapText } from "./text-width.ts";

const COLUMNS: readonly Column[] = [
  { side: "left" },
  { side: "left", flexibleTo: 18, order: 2 },
  { side: "left", flexibleTo: 14, order: 1 },
  { side: "left" },
  { side: "right" },
  { side: "right" },
  { side: "left" },
  { side: "left", flexibleTo: 20, order: 0 },
];
const TITLES = ["", "form", "expected", "result", "seeds", "first at", "smallest", "found in runs"];

/** Every scenario in every form; as blocks instead of a table where the terminal is narrow. */
export function suiteTable(suite: SuiteRecord, columns: number, paint: Paint): string[] {
  const rows: Row[] = [{ cells: TITLES, paint: paint.dim }];
  let scenario: string | null = null;
  for (const form of suite.summary) {
    const above =
      form.scenario === scenario ? [] : ["", ...scenarioHeading(suite, form.scenario, columns, paint)];
    scenario = form.scenario;
    const tone = judgementTone(form.judgement);
    rows.push({
      above,
      cells: formCells(form),
      paint:
        tone === "good"
          ? (line) => line.replace("✓", paint.tone("good", "✓"))
          : (line) => paint.tone(tone, line),
    });
  }
  if (!tableFits(COLUMNS, rows, columns)) return formBlocks(suite, columns, paint);
  return textTable(COLUMNS, rows, columns);
}

/** In how many runs each type was found: `lost-update ×31, version-gap ×2`, or `-`. */
export function anomalyCounts(form: FormSummary): string {
  if (form.anomalies.length === 0) return "-";
  return form.anomalies.map(({ type, count }) => `${visibleText(type)} ×${countText(count)}`).join(", ");
}

/** `4 operations, 1 fault`, or `-`. */
export function smallestText(smallest: FormSummary["smallest"]): string {
  if (smallest === null) return "-";
  return `${plural(smallest.operations, "operation")}, ${plural(smallest.faults, "fault")}`;
}

function formCells(form: FormSummary): string[] {
  return [
    toneSign(judgementTone(form.judgement)),
    visibleText(form.form),
    visibleText(expectationText(form)),
    judgementText(form),
    countText(form.seeds),
    form.seedsToFirstAnomaly === null ? "-" : countText(form.seedsToFirstAnomaly),
    form.smallest === null
      ? "-"
      : `${plural(form.smallest.operations, "op")}, ${plural(form.smallest.faults, "fault")}`,
    anomalyCounts(form),
  ];
}

function formBlocks(suite: SuiteRecord, columns: number, paint: Paint): string[] {
  const lines: string[] = [];
  let scenario: string | null = null;
  for (const form of suite.summary) {
    if (form.scenario !== scenario) lines.push("", ...scenarioHeading(suite, form.scenario, columns, paint));
    scenario = form.scenario;
    const tone = judgementTone(form.judgement);
    const headline = `${toneSign(tone)} ${visibleText(form.form)}: ${judgementText(form)}`;
    lines.push(...wrapText(headline, columns).map((line) => paint.tone(tone, line)));
    const facts = [`expected ${visibleText(expectationText(form))}`, plural(form.seeds, "seed")];
    if (form.seedsToFirstAnomaly !== null) facts.push(`first at run ${countText(form.seedsToFirstAnomaly)}`);
    if (form.smallest !== null) facts.push(`smallest ${smallestText(form.smallest)}`);
    if (form.anomalies.length > 0) facts.push(anomalyCounts(form));
    lines.push(...wrapText(facts.join("; "), columns - 2).map((line) => `  ${line}`));
  }
  return lines;
}

function scenarioHeading(suite: SuiteRecord, name: string, columns: number, paint: Paint): string[] {
  const claim = suite.scenarios?.find(({ scenario }) => scenario === name)?.claim;
  const lines = wrapText(visibleText(name), columns).map(paint.bold);
  if (claim !== undefined) lines.push(...wrapText(visibleText(claim), columns).map(paint.dim));
  return lines;
}
