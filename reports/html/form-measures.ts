import type { FormSummary, MeasureSummary, SuiteRecord } from "../../harness/record/suite-record.ts";
import { measuredText, measureName, measuresOmittedText, valuesText } from "../wording/measure-words.ts";
import { plural } from "../wording/numbers.ts";
import { replayCommand } from "../wording/replay-command.ts";
import { html, type Markup } from "./markup.ts";
import { replayLine } from "./replay-line.ts";
import { spreadBars } from "./spread-bars.ts";

/** What was measured in each form, folded; null where nothing was. */
export function formMeasures(suite: SuiteRecord): Markup | null {
  const measured = suite.summary.filter(({ measures = [] }) => measures.length > 0);
  if (measured.length === 0) return null;
  return html`<section class="all"><h2>Measures</h2>
<p class="note">What the checkers measured besides their verdicts, over all runs of a form. 95 of 100 values are not worse than p95; the worst has the seed of its run. The bars show how the values are spread, from low to high, in tenths of a part, else in the steps 1, 2, 5, 10, 20 and so on; the line below them is where the worst is.</p>
${measured.map((form) => formTable(form, suite.config))}</section>
`;
}

function formTable(form: FormSummary, config: string | undefined): Markup {
  const { scenario, measures = [] } = form;
  const name = `${scenario} · ${form.form}`;
  const omitted = measuresOmittedText(form.measuresOmitted);
  return html`<details class="measured"><summary>${name} <span class="soft">${plural(measures.length, "measure")}</span></summary>
<div class="scroll" tabindex="0" role="group" aria-label="Measures of ${name}"><table class="measures">
<thead><tr><th scope="col">Checker</th><th scope="col">Measure</th><th scope="col" class="number">Values</th><th scope="col" class="number">Median</th><th scope="col" class="number">p95</th><th scope="col" class="number">Worst</th><th scope="col">Spread</th><th scope="col">Worst run</th></tr></thead><tbody>
${measures.map((measure) => measureRow(measure, config))}</tbody></table></div>${omitted === null ? null : html`<p class="note">${omitted}</p>`}</details>
`;
}

function measureRow(summary: MeasureSummary, config: string | undefined): Markup {
  const { checker, measure, unit, median, p95, worst, worstOf } = summary;
  const numbers = [median, p95, worst].map(
    (value) => html`<td class="number">${measuredText(value, unit)}</td>`,
  );
  const of = worstOf === undefined ? null : html` <span class="soft">${worstOf}</span>`;
  return html`<tr><td>${checker}</td><th scope="row">${measureName(measure, unit)}</th><td class="number">${valuesText(summary)}</td>${numbers}<td>${spreadBars(summary)}</td><td>${worstRun(summary, config)}${of}</td></tr>
`;
}

function worstRun({ worstSeed, worstToken }: MeasureSummary, config: string | undefined): Markup {
  if (worstToken === null) return html`seed ${worstSeed}`;
  return html`<details><summary>seed ${worstSeed}</summary>${replayLine(replayCommand(worstToken, config))}</details>`;
}
