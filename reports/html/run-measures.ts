import type { Measure } from "../../checkers/measure.ts";
import type { CheckerRecord, RunRecord } from "../../harness/record/run-record.ts";
import { measuredText, measureName, measuresOmittedText } from "../wording/measure-words.ts";
import { html, type Markup } from "./markup.ts";
import { valueBar } from "./value-bar.ts";

/** What the checkers measured in one run, with a bar for each part and each time; null where they measured nothing. */
export function runMeasures({ checkers }: RunRecord): Markup | null {
  const measured = checkers.filter(({ measures = [] }) => measures.length > 0);
  if (measured.length === 0) return null;
  return html`<section><h3>Measures</h3>
<div class="scroll" tabindex="0" role="group" aria-label="Measures of this run"><table class="measures">
<thead><tr><th scope="col">Checker</th><th scope="col">Measure</th><th scope="col" class="number">Value</th><td></td><th scope="col">Of</th></tr></thead><tbody>
${measured.map(checkerRows)}</tbody></table></div>
${measured.map(omitted)}</section>
`;
}

function checkerRows({ checker, measures = [] }: CheckerRecord): Markup[] {
  return measures.map(
    (
      measure,
    ) => html`<tr><td>${checker}</td><th scope="row">${measureName(measure.name, measure.unit)}</th><td class="number">${measuredText(measure.value, measure.unit)}</td><td>${bar(measure, measures)}</td><td class="soft">${measure.of ?? null}</td></tr>
`,
  );
}

/** Parts are shown of the whole, times and events beside the longest of the same checker; a mere count has no bar. */
function bar({ value, unit }: Measure, all: readonly Measure[]): Markup | null {
  if (unit === "count") return null;
  if (unit === "part") return valueBar(value, 1);
  return valueBar(value, Math.max(...all.filter((other) => other.unit === unit).map((other) => other.value)));
}

function omitted({ checker, measuresOmitted }: CheckerRecord): Markup | null {
  const text = measuresOmittedText(measuresOmitted);
  return text === null
    ? null
    : html`<p class="note"><code>${checker}</code>: ${text}</p>
`;
}
