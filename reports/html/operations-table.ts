import { markText } from "../model/finding.ts";
import { type InterleavingRow, interleavingRows } from "../model/interleaving.ts";
import type { ToldRun } from "../model/told-run.ts";
import { callText, faultText, partIndexes } from "../wording/call-text.ts";
import { momentText } from "../wording/numbers.ts";
import { html, type Markup } from "./markup.ts";
import type { StoryAnchor } from "./story-anchor.ts";

/** The run as a table with one column per client; a call takes two rows where something came in between. */
export function operationsTable(told: ToldRun, anchor: StoryAnchor): Markup {
  const columns = told.lanes.length + 2;
  return html`<div class="scroll" tabindex="0" role="group" aria-label="Table of operations">
<table class="operations" id="${anchor.table}">
<caption><span>One column per client${told.hasRecords ? " and per node where something was recorded" : ""}, in the order of the history. <b>…</b> after a call means that something came in between before it ended.</span></caption>
<thead><tr><th scope="col" class="number">#</th><th scope="col" class="number">time</th>${told.lanes.map(
    (lane) => html`<th scope="col">${lane}</th>`,
  )}</tr></thead>
<tbody>
${interleavingRows(told).map((row) => tableRow(row, told, anchor, columns))}</tbody>
</table></div>`;
}

function tableRow(row: InterleavingRow, told: ToldRun, anchor: StoryAnchor, columns: number): Markup {
  if (row.kind === "phase")
    return html`<tr class="phase-row"><th colspan="${columns}">phase: ${row.phase.phase}</th></tr>
`;
  if (row.kind === "fault") {
    return html`<tr class="fault-row"><td class="number">${row.fault.index}</td><td class="number">${momentText(row.fault.time)}</td><td colspan="${columns - 2}">${faultText(row.fault)}</td></tr>
`;
  }
  const { call, part } = row;
  const indexes = partIndexes(call, part);
  const marks = indexes.flatMap((index) => told.marks.get(index) ?? []);
  const badges = marks.map(
    (mark) => html`<span class="badge">${markText(mark, told.findings.length)}</span> `,
  );
  const moment = part === "end" && call.end !== null ? call.end.time : call.start.time;
  const first = indexes[0] ?? call.start.index;
  const tone = part === "start" ? "begun" : call.outcome;
  return html`<tr id="${anchor.row(first)}"${marks.length > 0 ? html` class="witness"` : null}><td class="number"><a href="#${anchor.bar(call.start.index)}">${indexes.join("–")}</a></td><td class="number">${momentText(moment)}</td>${told.lanes.map(
    (lane) =>
      lane === call.lane
        ? html`<td class="entry ${tone}">${badges}${callText(call, part)}</td>`
        : html`<td></td>`,
  )}</tr>
`;
}
