import type { HistoryFormat } from "../checkers/formats/format-names.ts";
import type { LintReport } from "../checkers/lint/finding.ts";
import { paintFor, toneSign } from "../reports/terminal/paint.ts";
import { wrapText } from "../reports/terminal/text-width.ts";
import { visibleText } from "../reports/wording/visible-text.ts";
import type { FileOutcome } from "./file-failure.ts";

/** One file, and what the linter found in it. */
export interface LintedFile {
  /** As it was named. */
  readonly file: string;
  readonly format: HistoryFormat;
  readonly report: LintReport;
}

/** The result of `faultline lint` for a terminal: each finding with its line, then how many there are. */
export function renderLint(
  files: readonly FileOutcome<LintedFile>[],
  style: { readonly columns: number; readonly colour: boolean },
): string {
  const paint = paintFor(style.colour);
  const width = Math.max(40, style.columns);
  const lines: string[] = [];
  for (const { done, failure } of files) {
    if (failure !== undefined) {
      const text = `${toneSign("bad")} ${visibleText(failure.file)}: not read: ${visibleText(failure.message)}`;
      lines.push(paint.bold(paint.tone("bad", text)));
      if (failure.hint !== "") lines.push(`    ${failure.hint}`);
      continue;
    }
    const { file, format, report } = done;
    for (const { code, line, index, message, effect, changesVerdict } of report.findings) {
      const tone = changesVerdict ? "bad" : "open";
      const at = index === undefined ? "" : ` (index ${index})`;
      lines.push(`${visibleText(file)}:${line}${at} ${paint.tone(tone, code)}`);
      lines.push(...wrapText(visibleText(message), width - 4).map((text) => `    ${text}`));
      lines.push(...wrapText(`→ ${effect}`, width - 4).map((text) => paint.dim(`    ${text}`)));
    }
    for (const [code, count] of Object.entries(report.omitted)) {
      lines.push(
        `${visibleText(file)} ${code}: ${report.limitPerCode} are listed, ${count} more are left out`,
      );
    }
    if (report.findings.length > 0) lines.push("");
    lines.push(summary(file, format, report, paint));
  }
  return `${lines.join("\n")}\n`;
}

function summary(
  file: string,
  format: HistoryFormat,
  report: LintReport,
  paint: ReturnType<typeof paintFor>,
): string {
  const omitted = Object.values(report.omitted).reduce((sum, count) => sum + count, 0);
  const notes = report.findings.length + omitted - report.changing;
  const changing =
    report.changing === 0
      ? "nothing changes a verdict"
      : `${report.changing} finding${report.changing === 1 ? "" : "s"} that change${report.changing === 1 ? "s" : ""} verdicts`;
  const others = notes === 0 ? "" : `, ${notes} to know of`;
  const tone = report.changing === 0 ? "good" : "bad";
  const read = `${report.operations} events read as ${format}`;
  return paint.bold(
    paint.tone(tone, `${toneSign(tone)} ${visibleText(file)}: ${changing}${others}; ${read}.`),
  );
}
