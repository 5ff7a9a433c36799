import { markText } from "../model/finding.ts";
import { type InterleavingRow, interleavingRows } from "../model/interleaving.ts";
import type { ToldRun } from "../model/told-run.ts";
import { callText, faultText, partIndexes } from "../wording/call-text.ts";
import { momentText, plural } from "../wording/numbers.ts";
import { html, type Markup } from "./markup.ts";
import type { StoryAnchor } from "./story-anchor.ts";

/** A table of more rows is folded, unless it is to be open. */
const ROWS_OPEN_MAX = 40;

/**
 * The run as a table with one column per client; a call takes two rows where something came in between. Long ones are
 * folded unless `open`: links into the table open it.
 */
export function operationsTable(told: ToldRun, anchor: StoryAnchor, open: boolean): Markup {
  const columns = told.lanes.length + 2;
  const rows = interleavingRows(told);
  const unfolded = open || rows.length <= ROWS_OPEN_MAX;
  return html`<details class="table" id="${anchor.table}"${unfolded ? html` open=""` : null}><summary>Table of ${plural(rows.length, "row")}</summary>
<div class="scroll" tabindex="0" role="group" aria-label="Table of operations">
<table class="operations">
<caption><span>One column per client${told.hasRecords ? " and per node where something was recorded" : ""}, in the order of the history. <b>…</b> after a call means that something came in between before it ended.</span></caption>
<thead><tr><th scope="col" class="number">#</th><th scope="col" class="number">time</th>${told.lanes.map(
    (lane) => html`<th scope="col">${lane}</th>`,
  )}</tr></thead>
<tbody>
${rows.map((row) => tableRow(row, told, anchor, columns))}</tbody>
</table></div></details>`;
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
