import type { Call } from "../model/call.ts";
import { type Finding, findingLetter, markText } from "../model/finding.ts";
import type { ToldRun } from "../model/told-run.ts";
import { callText } from "../wording/call-text.ts";
import { plural } from "../wording/numbers.ts";
import { html, type Insert, type Markup } from "./markup.ts";
import type { StoryAnchor } from "./story-anchor.ts";

const FINDINGS_MAX = 12;
const WITNESS_MAX = 24;
const NAMED_OPERATIONS = /\b(?:operation|record)s?\s+\d+(?:(?:,\s*(?:and\s+)?|\s+and\s+|–|\s+to\s+)\d+)*/gi;

/** Each anomaly in words, with its witness; operations are links to the timeline. */
export function findingsList(told: ToldRun, anchor: StoryAnchor): Markup | null {
  if (told.findings.length === 0) return null;
  const calls = callsByIndex(told);
  const shown = told.findings.slice(0, FINDINGS_MAX);
  const rest = told.findings.length - shown.length;
  return html`<ol class="findings">
${shown.map((finding, at) => findingItem(finding, at, told, calls, anchor))}</ol>
${rest > 0 ? html`<p class="note">${plural(rest, "more anomaly", "more anomalies")} of this run not listed; <code>verdict.json</code> has all.</p>` : null}`;
}

function callsByIndex(told: ToldRun): Map<number, Call> {
  const calls = new Map<number, Call>();
  for (const call of told.calls) {
    calls.set(call.start.index, call);
    if (call.end !== null) calls.set(call.end.index, call);
  }
  return calls;
}

function findingItem(
  { checker, anomaly }: Finding,
  at: number,
  told: ToldRun,
  calls: ReadonlyMap<number, Call>,
  anchor: StoryAnchor,
): Markup {
  const letter = told.findings.length > 1 ? html`<span class="badge">${findingLetter(at + 1)}</span> ` : null;
  const shown = anomaly.operations.slice(0, WITNESS_MAX);
  const rest = anomaly.operations.length - shown.length;
  return html`<li class="finding" id="${anchor.finding(at)}">
<h4>${letter}${anomaly.type}${anomaly.key === undefined ? null : html` <span class="soft">on</span> <code>${anomaly.key}</code>`}</h4>
<p class="proof">${linkOperations(anomaly.proof, calls, anchor)}</p>
<ol class="witnesses" aria-label="Witness">
${shown.map((index, place) => {
  const badge = markText({ finding: at + 1, place: place + 1 }, told.findings.length);
  return html`<li><span class="badge">${badge}</span> ${witnessText(index, calls.get(index), anchor)}${lineText(told.witnessLines.get(index))}</li>
`;
})}</ol>
<p class="source">${rest > 0 ? `${plural(rest, "more operation")} in the witness. ` : null}Found by the checker <code>${checker}</code>.</p></li>
`;
}

function witnessText(index: number, call: Call | undefined, anchor: StoryAnchor): Insert {
  if (call === undefined) return `operation ${index}`;
  const part =
    call.end === null || call.start === call.end ? "whole" : index === call.start.index ? "start" : "end";
  const kind = call.outcome === "record" ? "record" : "operation";
  return html`<a href="#${anchor.bar(call.start.index)}">${kind} ${index}</a> <span class="soft">${call.lane}</span> <code>${callText(call, part === "end" ? "whole" : part)}</code>`;
}

function lineText(line: number | undefined): Markup | null {
  return line === undefined
    ? null
    : html` <span class="soft" title="of history.ndjson in the folder of this story">line ${line}</span>`;
}

function linkOperations(proof: string, calls: ReadonlyMap<number, Call>, anchor: StoryAnchor): Insert[] {
  const inserts: Insert[] = [];
  let from = 0;
  for (const named of proof.matchAll(NAMED_OPERATIONS)) {
    inserts.push(proof.slice(from, named.index));
    inserts.push(...linkNumbers(named[0], calls, anchor));
    from = named.index + named[0].length;
  }
  inserts.push(proof.slice(from));
  return inserts;
}

function linkNumbers(text: string, calls: ReadonlyMap<number, Call>, anchor: StoryAnchor): Insert[] {
  return text.split(/(\d+)/).map((piece) => {
    const call = /^\d/.test(piece) ? calls.get(Number(piece)) : undefined;
    return call === undefined ? piece : html`<a href="#${anchor.bar(call.start.index)}">${piece}</a>`;
  });
}
