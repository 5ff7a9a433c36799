import type { FormSummary, SuiteRecord } from "../../harness/record/suite-record.ts";
import { expectationText, judgementText, judgementTone } from "../wording/judgement-words.ts";
import { countText, durationText, plural, rateText } from "../wording/numbers.ts";
import { reasonTexts } from "../wording/reason-words.ts";
import { replayCommand, replayedRun } from "../wording/replay-command.ts";
import { flawList } from "./flaw-list.ts";
import { html, type Insert, type Markup } from "./markup.ts";
import { prose } from "./prose.ts";
import { replayLine } from "./replay-line.ts";
import { chip } from "./tone-chip.ts";

const NOTHING = "–";
const TITLES = ["Form", "Expected", "Result", "Found in runs", "Runs", "Rate", "First at", "Smallest story"];

/** Every scenario in every form. `storyHref` is the place of a form's story in the page, or null. */
export function formsTable(
  suite: SuiteRecord,
  claims: ReadonlyMap<string, string>,
  storyHref: (form: FormSummary) => string | null,
): Markup {
  const scenarios = [...new Set(suite.summary.map(({ scenario }) => scenario))];
  return html`<table class="forms">
<thead><tr>${TITLES.map((title, at) => html`<th scope="col"${at > 3 ? html` class="number"` : null}>${title}</th>`)}</tr></thead>
${scenarios.map(
  (scenario) => html`<tbody>
<tr class="scenario"><th scope="rowgroup" colspan="${TITLES.length}"><span class="name">${scenario}</span> <span class="soft">${prose(claims.get(scenario) ?? "")}</span></th></tr>
${suite.summary.filter((form) => form.scenario === scenario).map((form) => formRows(form, storyHref(form), suite.config))}</tbody>
`,
)}</table>`;
}

function formRows(form: FormSummary, href: string | null, config: string | undefined): Markup {
  const tone = judgementTone(form.judgement);
  const name = href === null ? form.form : html`<a href="${href}">${form.form}</a>`;
  const first = form.seedsToFirstAnomaly === null ? NOTHING : `run ${countText(form.seedsToFirstAnomaly)}`;
  const cells: readonly Insert[] = [
    expectationText(form),
    chip(tone, judgementText(form)),
    counts(form),
    runs(form),
    form.seeds === 0
      ? NOTHING
      : html`<span title="${plural(form.operations, "operation")} in ${durationText(form.wallMs)}">${rateText(form.seeds, form.wallMs)}/s</span>`,
    first,
    form.smallest === null
      ? NOTHING
      : `${plural(form.smallest.operations, "operation")}, ${plural(form.smallest.faults, "fault")}`,
  ];
  return html`<tr class="form ${tone}"><th scope="row" data-title="Form">${name}</th>${cells.map(
    (cell, at) => html`<td data-title="${TITLES[at + 1] ?? ""}" class="${cellClass(at, cell)}">${cell}</td>`,
  )}</tr>
${flawRow(form)}${details(form, href, config)}`;
}

function cellClass(at: number, cell: Insert): string {
  return `${at > 2 ? "number" : "words"}${cell === NOTHING ? " nothing" : ""}`;
}

function counts({ anomalies }: FormSummary): Insert {
  if (anomalies.length === 0) return NOTHING;
  return html`<ul class="counts">${anomalies.map(
    ({ checker, type, count }) => html`<li title="found by ${checker}">${type} ×${countText(count)}</li>`,
  )}</ul>`;
}

function runs({ seeds, invalid, unknown }: FormSummary): Insert {
  const parts = [
    invalid > 0 ? `${countText(invalid)} invalid` : "",
    unknown > 0 ? `${countText(unknown)} unknown` : "",
  ];
  const rest = parts.filter((part) => part !== "").join(", ");
  return html`${countText(seeds)}${rest === "" ? null : html` <span class="soft">${rest}</span>`}`;
}

/** What is wrong with the form, flaw by flaw: found or not. */
function flawRow({ flaws, judgement }: FormSummary): Markup | null {
  if (flaws === undefined) return null;
  return html`<tr class="details ${judgementTone(judgement)}"><td colspan="${TITLES.length}">${flawList(flaws, judgement)}</td></tr>
`;
}

/** Why a form is unknown or failed; and how to replay a form that was not as expected and has no story here. */
function details(form: FormSummary, href: string | null, config: string | undefined): Markup | null {
  const reasons: Insert[] = reasonTexts(form).map((reason) => html`<li>Unknown because: ${reason}</li>`);
  if (form.failure !== null) {
    reasons.push(
      html`<li>The harness failed, which says nothing about the services: <code>${form.failure.code}</code> ${form.failure.message}</li>`,
    );
  }
  const replay =
    form.judgement !== "as-expected" && href === null && form.token !== null
      ? replayLine(replayCommand(form.token, config))
      : null;
  if (reasons.length === 0 && replay === null) return null;
  return html`<tr class="details ${judgementTone(form.judgement)}"><td colspan="${TITLES.length}">${reasonList(form, reasons)}${replay === null ? null : html`<span class="soft">To see its ${replayedRun(form)}:</span>${replay}`}</td></tr>
`;
}

/** Folded away where the form did what is expected of it: some runs of a broken form show too little. */
function reasonList(form: FormSummary, reasons: readonly Insert[]): Markup | null {
  if (reasons.length === 0) return null;
  const list = html`<ul>${reasons}</ul>`;
  if (form.judgement !== "as-expected") return list;
  return html`<details><summary class="soft">Why ${plural(form.unknown, "run")} cannot tell</summary>${list}</details>`;
}
