import type { Checker, CheckResult } from "../checkers/checker.ts";
import { clippedText } from "../checkers/history/excerpt.ts";
import type { History } from "../checkers/history/history.ts";
import { measureLabel } from "../checkers/measure.ts";
import type { Verdict } from "../checkers/verdict.ts";
import { paintFor, toneSign } from "../reports/terminal/paint.ts";
import { wrapText } from "../reports/terminal/text-width.ts";
import { verdictTone } from "../reports/wording/judgement-words.ts";
import { visibleText } from "../reports/wording/visible-text.ts";
import { witnessText } from "./witness-places.ts";

const ANOMALIES_MAX = 20;
const ANSWER_LENGTH_MAX = 400;

/** What one checker said of a history, and how long it took. */
export interface CheckedBy {
  readonly checker: Checker;
  readonly result: CheckResult;
  readonly ms: number;
}

/** The result of `faultline check` for a terminal. Ends with the verdict. */
export function renderCheck(
  history: History,
  verdict: Verdict,
  results: readonly CheckedBy[],
  style: { readonly columns: number; readonly colour: boolean },
): string {
  const paint = paintFor(style.colour);
  const width = Math.max(40, style.columns);
  const lines: string[] = [];
  for (const { checker, result, ms } of results) {
    const tone = verdictTone(result.verdict);
    const head = `${toneSign(tone)} ${checker.name}: ${result.verdict}`;
    const examined = `${result.stats.operations} operations examined in ${Math.round(ms)} ms`;
    lines.push(`${paint.bold(paint.tone(tone, head))}  ${paint.dim(examined)}`);
    lines.push(...indented(checker.claim, 2, width));
    if (result.verdict === "unknown") lines.push(...indented(`Cannot tell: ${result.reason}`, 2, width));
    for (const answer of answersOf(result)) lines.push(...indented(answer, 2, width));
    for (const anomaly of result.anomalies.slice(0, ANOMALIES_MAX)) {
      const where = anomaly.key === undefined ? "" : ` on ${visibleText(clippedText(anomaly.key))}`;
      const witness = visibleText(witnessText(history, anomaly));
      lines.push(`  ${paint.tone("bad", `${anomaly.type}${where}`)} (${witness})`);
      lines.push(...indented(visibleText(anomaly.proof), 4, width));
    }
    const more = result.anomalies.length - ANOMALIES_MAX;
    if (more > 0) lines.push(`  and ${more} more: --json shows all of them`);
    for (const blindSpot of checker.blindSpots)
      lines.push(...indented(`Not seen: ${blindSpot}`, 2, width).map(paint.dim));
    lines.push("");
  }
  const tone = verdictTone(verdict);
  lines.push(paint.bold(paint.tone(tone, `${toneSign(tone)} ${verdict}: ${history.length} events read.`)));
  return `${lines.join("\n")}\n`;
}

/** What a checker answers besides the verdict: names with their values, and what it measured. */
function answersOf({ stats: { details = {}, measures = [] } }: CheckResult): string[] {
  const answers = Object.entries(details).map(([name, value]) => {
    const words = Array.isArray(value) && value.every((entry) => typeof entry === "string");
    const text = words ? value.join(", ") || "none" : JSON.stringify(value);
    return visibleText(`${inWords(name)}: ${clipped(text)}`);
  });
  const measured = measures.map((measure) => `${measureLabel(measure)} ${roundedText(measure.value)}`);
  return measured.length === 0 ? answers : [...answers, visibleText(`Measured: ${measured.join("; ")}.`)];
}

/** `anomalyTypes` as `anomaly types`. */
function inWords(name: string): string {
  return name.replaceAll(/[a-z][A-Z]/g, ([before = "", after = ""]) => `${before} ${after.toLowerCase()}`);
}

function roundedText(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(3)));
}

function clipped(text: string): string {
  return text.length > ANSWER_LENGTH_MAX ? `${text.slice(0, ANSWER_LENGTH_MAX)}…` : text;
}

function indented(text: string, by: number, width: number): string[] {
  return wrapText(text, width - by).map((line) => " ".repeat(by) + line);
}
