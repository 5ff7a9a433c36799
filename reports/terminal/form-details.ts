import type { Story } from "../../harness/record/story.ts";
import type { FormSummary } from "../../harness/record/suite-record.ts";
import { type Finding, findingsOf } from "../model/finding.ts";
import { flawPlace, flawSeenBy } from "../wording/flaw-words.ts";
import { flawTone, judgementText, judgementTone } from "../wording/judgement-words.ts";
import { reasonTexts } from "../wording/reason-words.ts";
import { replayCommand, replayedRun } from "../wording/replay-command.ts";
import { visibleText } from "../wording/visible-text.ts";
import { type Paint, toneSign } from "./paint.ts";
import { anomalyCounts, smallestText } from "./suite-table.ts";
import { wrapText } from "./text-width.ts";

const FINDINGS_MAX = 3;

/** What there is to know of a form that was not as expected: all of it. The line that replays it is never broken, so that it can be copied. */
export function fullDetails(
  form: FormSummary,
  story: Story | null,
  config: string | undefined,
  columns: number,
  paint: Paint,
): string[] {
  const tone = judgementTone(form.judgement);
  const headline = `${toneSign(tone)} ${visibleText(form.scenario)} · ${visibleText(form.form)}: ${judgementText(form)}`;
  const lines = wrapText(headline, columns).map((line) => paint.bold(paint.tone(tone, line)));
  if (story !== null) lines.push(...indented(`Claim: ${visibleText(story.claim)}`, columns));
  if (form.judgement === "got-away") lines.push(...gotAway(form, story, columns));
  lines.push(...flawLines(form, columns, paint));
  if (form.failure !== null) {
    lines.push(
      ...indented(`${visibleText(form.failure.code)}: ${visibleText(form.failure.message)}`, columns),
    );
  }
  for (const reason of reasonTexts(form))
    lines.push(...indented(`Unknown because: ${visibleText(reason)}`, columns));
  if (story !== null) lines.push(...findingLines(findingsOf(story.record), columns, paint));
  if (form.smallest !== null)
    lines.push(...indented(`Smallest story: ${smallestText(form.smallest)}.`, columns));
  if (form.token !== null)
    lines.push(`  ${paint.dim(replayTitle(form))}`, `  ${paint.accent(replayCommand(form.token, config))}`);
  return lines;
}

/** A caught form, shortly: what was found, the first proof, and how to see it again. */
export function shortDetails(
  form: FormSummary,
  story: Story | null,
  config: string | undefined,
  columns: number,
  paint: Paint,
): string[] {
  const headline = `${toneSign("good")} ${visibleText(form.scenario)} · ${visibleText(form.form)}: ${judgementText(form)}`;
  const lines = wrapText(headline, columns).map((line) => line.replace("✓", paint.tone("good", "✓")));
  lines.push(...flawLines(form, columns, paint));
  const findings = story === null ? [] : findingsOf(story.record);
  const first = findings.find(({ anomaly }) => form.expects?.includes(anomaly.type)) ?? findings[0];
  if (first !== undefined) {
    lines.push(
      ...indented(`${visibleText(first.anomaly.type)}: ${visibleText(first.anomaly.proof)}`, columns),
    );
  } else lines.push(...indented(anomalyCounts(form), columns));
  if (form.smallest !== null)
    lines.push(...indented(`Smallest story: ${smallestText(form.smallest)}.`, columns));
  if (form.token !== null) lines.push(`  ${paint.accent(replayCommand(form.token, config))}`);
  return lines;
}

/** Each finding with its proof; of one type at most a few. */
export function findingLines(findings: readonly Finding[], columns: number, paint: Paint): string[] {
  const lines: string[] = [];
  for (const { checker, anomaly } of findings.slice(0, FINDINGS_MAX)) {
    const key = anomaly.key === undefined ? "" : ` on ${visibleText(anomaly.key)}`;
    const title = `${visibleText(anomaly.type)}${key}, found by ${visibleText(checker)}`;
    lines.push(...wrapText(title, columns - 2).map((line) => `  ${paint.bold(line)}`));
    lines.push(...wrapText(visibleText(anomaly.proof), columns - 4).map((line) => `    ${line}`));
  }
  const rest = findings.length - FINDINGS_MAX;
  if (rest > 0) lines.push(`  and ${rest} more`);
  return lines;
}

/** Each flaw that a form lists: found or not, by what, how often and where first. */
function flawLines({ flaws = [], judgement }: FormSummary, columns: number, paint: Paint): string[] {
  return flaws.flatMap((flaw) => {
    const tone = flawTone(flaw, judgement);
    const text = `${visibleText(flaw.flaw)}: ${visibleText(flawSeenBy(flaw))}, ${flawPlace(flaw)}`;
    const [first = "", ...rest] = wrapText(text, columns - 4);
    return [`  ${paint.tone(tone, toneSign(tone))} ${first}`, ...rest.map((line) => `    ${line}`)];
  });
}

/** Wrapped and moved in by two columns. */
export function indented(text: string, columns: number): string[] {
  return wrapText(text, columns - 2).map((line) => `  ${line}`);
}

function gotAway(form: FormSummary, story: Story | null, columns: number): string[] {
  const found = form.anomalies.length === 0 ? "nothing was found" : `only ${anomalyCounts(form)}`;
  const expected =
    form.expects === undefined || form.expects.length === 0 ? "an anomaly" : form.expects.join(" or ");
  // A list of flaws says it flaw by flaw.
  const lines =
    form.flaws === undefined ? indented(`Expected ${visibleText(expected)}; ${found}.`, columns) : [];
  if (story !== null) lines.push(...indented(`It needs: ${visibleText(story.formNeeds)}`, columns));
  return lines;
}

function replayTitle(form: FormSummary): string {
  return `replay ${form.smallest === null ? "its" : "the"} ${replayedRun(form)}:`;
}
