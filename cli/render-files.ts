import type { Verdict } from "../checkers/verdict.ts";
import { paintFor, toneSign } from "../reports/terminal/paint.ts";
import { verdictTone } from "../reports/wording/judgement-words.ts";
import { visibleText } from "../reports/wording/visible-text.ts";
import type { CheckedFile } from "./checked-file.ts";
import { renderCheck } from "./render-check.ts";

/** The results of several files for a terminal: each under its name, then how many of which verdict. */
export function renderFiles(
  verdict: Verdict,
  files: readonly CheckedFile[],
  style: { readonly columns: number; readonly colour: boolean },
): string {
  const paint = paintFor(style.colour);
  let text = "";
  for (const { file, history, verdict: own, results } of files) {
    text += `${paint.bold(visibleText(file))}\n${renderCheck(history, own, results, style)}\n`;
  }
  const counts = (["invalid", "unknown", "valid"] as const)
    .map((name) => ({ name, count: files.filter((file) => file.verdict === name).length }))
    .filter(({ count }) => count > 0)
    .map(({ name, count }) => `${count} ${name}`);
  const tone = verdictTone(verdict);
  const sum = `${toneSign(tone)} ${verdict}: ${files.length} histories, ${counts.join(", ")}.`;
  return `${text}${paint.bold(paint.tone(tone, sum))}\n`;
}
