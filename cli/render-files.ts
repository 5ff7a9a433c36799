import type { Verdict } from "../checkers/verdict.ts";
import { paintFor, toneSign } from "../reports/terminal/paint.ts";
import { verdictTone } from "../reports/wording/judgement-words.ts";
import { visibleText } from "../reports/wording/visible-text.ts";
import type { CheckedFile } from "./checked-file.ts";
import type { FileFailure, FileOutcome } from "./file-failure.ts";
import { renderCheck } from "./render-check.ts";

/** The results of several files for a terminal: each under its name, then how many of which verdict, and how many that could not be read. */
export function renderFiles(
  verdict: Verdict,
  files: readonly FileOutcome<CheckedFile>[],
  style: { readonly columns: number; readonly colour: boolean },
): string {
  const paint = paintFor(style.colour);
  let text = "";
  for (const { done, failure } of files) {
    const name = paint.bold(visibleText(done?.file ?? failure?.file ?? ""));
    if (failure === undefined)
      text += `${name}\n${renderCheck(done.history, done.verdict, done.results, style)}\n`;
    else text += `${name}\n${failureText(failure, paint)}\n`;
  }
  const counts = (["invalid", "unknown", "valid"] as const)
    .map((of) => ({ name: of as string, count: files.filter(({ done }) => done?.verdict === of).length }))
    .concat({ name: "not checked", count: files.filter(({ failure }) => failure !== undefined).length })
    .filter(({ count }) => count > 0)
    .map(({ name, count }) => `${count} ${name}`);
  const tone = verdictTone(verdict);
  const sum = `${toneSign(tone)} ${verdict}: ${files.length} histories, ${counts.join(", ")}.`;
  return `${text}${paint.bold(paint.tone(tone, sum))}\n`;
}

/** Why a file was not checked, with the first of its bad lines: stderr has all of them. */
function failureText(
  { code, message, hint, details }: FileFailure,
  paint: ReturnType<typeof paintFor>,
): string {
  const head = `${toneSign("bad")} not checked: ${visibleText(message)} [${code}]`;
  const lines = [paint.bold(paint.tone("bad", head))];
  for (const text of [details[0], hint]) if (text !== undefined && text !== "") lines.push(`  ${text}`);
  return `${lines.join("\n")}\n`;
}
