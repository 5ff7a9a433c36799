import type { Verdict } from "../../checkers/verdict.ts";
import type { Story } from "../../harness/record/story.ts";
import { firstError, type ToldRun, tellRun } from "../model/told-run.ts";
import { omittedText } from "../wording/call-text.ts";
import type { Tone } from "../wording/judgement-words.ts";
import { countText, durationText, plural } from "../wording/numbers.ts";
import { findingsList } from "./findings-list.ts";
import { html, type Markup } from "./markup.ts";
import { operationsTable } from "./operations-table.ts";
import { planSection } from "./plan-section.ts";
import { prose } from "./prose.ts";
import { replayLine } from "./replay-line.ts";
import { runMeasures } from "./run-measures.ts";
import { type StoryAnchor, storyAnchor } from "./story-anchor.ts";
import { timeline } from "./timeline.ts";
import { timelineLegend } from "./timeline-legend.ts";
import { chip } from "./tone-chip.ts";

const CALLS_MAX = 300;

/** A story and what is said of it: how it was judged, in words. */
export interface JudgedStory {
  readonly story: Story;
  readonly tone: Tone;
  readonly judgement: string;
  /** The command that runs it again; null where there is none. */
  readonly replay: string | null;
}

/**
 * One run told in full: claim, anomalies, timeline, operations, plan, hashes. Beside others it leads `back` to where
 * they are listed, and a long table of operations is folded; null for the only one of its page.
 */
export function storySection(
  { story, tone, judgement, replay }: JudgedStory,
  position: number,
  back: string | null,
): Markup {
  const anchor = storyAnchor(position);
  const told = tellRun(story, CALLS_MAX);
  const { record } = story;
  return html`<article class="story" id="${anchor.story}">
<header><p class="kicker"><span>${record.scenario}</span>${back === null ? null : html` <a href="#${back}">To the table of forms</a>`}</p>
<h2>${record.form} ${chip(tone, judgement)}</h2>
<p class="claim">${prose(story.claim)}</p>
<dl class="about"><div><dt>What this form does</dt><dd>${prose(story.formSummary)}</dd></div>${
    story.formNeeds === ""
      ? null
      : html`<div><dt>What it needs to break</dt><dd>${prose(story.formNeeds)}</dd></div>`
  }</dl>
${replay === null ? null : replayLine(replay)}</header>
<section><h3>${findingsTitle(told, record.verdict)}</h3>
${jump(told, anchor)}${findingsList(told, anchor)}${trouble(story)}</section>
<section><h3>Timeline</h3>
${omitted(told)}${timelineLegend(told)}${timeline(told, anchor)}</section>
<section><h3>Operations</h3>
${operationsTable(told, anchor, back === null)}</section>
<section><h3>Plan <span class="soft">seed ${record.seed}: ${plural(record.operations, "operation")} and ${plural(record.faults, "fault")} in ${durationText(record.virtualMs)}${record.lane === "sim" ? " of virtual time" : ""}</span></h3>
${planSection(story.plan)}</section>
${runMeasures(record)}<section><h3>Checkers and hashes</h3>
${checkersTable(story)}
<dl class="hashes"><div><dt>History, SHA-256</dt><dd><code>${record.historyHash}</code></dd></div>${record.eventLogHash === null ? null : html`<div><dt>Event log</dt><dd><code>${record.eventLogHash}</code></dd></div>`}</dl></section>
</article>
`;
}

function findingsTitle(told: ToldRun, verdict: Verdict): string {
  if (told.findings.length === 0) return verdict === "unknown" ? "Nothing can be said" : "No anomaly found";
  return plural(told.findings.length, "anomaly", "anomalies");
}

function jump(told: ToldRun, anchor: StoryAnchor): Markup | null {
  const call = firstError(told);
  if (call === null) return null;
  return html`<p class="jump"><a href="#${anchor.bar(call.start.index)}">Jump to the first error</a> <a href="#${anchor.timeline}">Timeline</a> <a href="#${anchor.table}">Operations</a></p>
`;
}

function trouble({ record }: Story): Markup[] {
  const lines = record.checkers
    .filter(({ reason }) => reason !== null)
    .map(({ checker, reason }) => html`<p class="reason"><code>${checker}</code> cannot tell: ${reason}</p>`);
  if (record.failure !== null) {
    const { code, message } = record.failure;
    lines.push(
      html`<p class="reason">The harness failed, which says nothing about the services: <code>${code}</code> ${message}</p>`,
    );
  }
  return lines;
}

function omitted(told: ToldRun): Markup | null {
  if (told.omitted === 0) return null;
  return html`<p class="note">${omittedText(told)} of ${countText(told.omitted + told.calls.length)} not drawn: those farthest from the witness. <code>history.ndjson</code> has all.</p>
`;
}

function checkersTable({ record }: Story): Markup {
  return html`<table class="checkers"><thead><tr><th scope="col">Checker</th><th scope="col">Verdict</th><th scope="col" class="number">Operations examined</th></tr></thead><tbody>
${record.checkers.map(
  ({ checker, verdict, operations }) =>
    html`<tr><td>${checker}</td><td>${verdict}</td><td class="number">${countText(operations)}</td></tr>
`,
)}</tbody></table>`;
}
