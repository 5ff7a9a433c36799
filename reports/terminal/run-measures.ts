import type { RunRecord } from "../../harness/record/run-record.ts";
import { measuredText, measuresOmittedText, measureText } from "../wording/measure-words.ts";
import { visibleText } from "../wording/visible-text.ts";
import { wrapText } from "./text-width.ts";

/** What the checkers measured in one run, checker by checker, and an empty line; nothing where they measured nothing. */
export function runMeasures({ checkers }: RunRecord, columns: number): string[] {
  const lines = checkers.flatMap(({ checker, measures = [], measuresOmitted }) => {
    if (measures.length === 0) return [];
    const figures = measures.map(
      (measure) => `${visibleText(measureText(measure))} ${measuredText(measure.value, measure.unit)}`,
    );
    const omitted = measuresOmittedText(measuresOmitted);
    const text = `${visibleText(checker)} measured: ${figures.join("; ")}${omitted === null ? "" : `; ${omitted}`}`;
    return wrapText(text, columns - 2).map((line) => `  ${line}`);
  });
  return lines.length === 0 ? [] : [...lines, ""];
}
