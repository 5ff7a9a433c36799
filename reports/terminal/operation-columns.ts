import { markText } from "../model/finding.ts";
import { type InterleavingRow, interleavingRows } from "../model/interleaving.ts";
import type { ToldRun } from "../model/told-run.ts";
import { callText, faultText, partIndexes } from "../wording/call-text.ts";
import { momentText } from "../wording/numbers.ts";
import { visibleText } from "../wording/visible-text.ts";
import type { Paint } from "./paint.ts";
import { type Column, type Row, tableFits, textTable } from "./text-table.ts";
import { wrapText } from "./text-width.ts";

const CLIENT_WIDTH_MIN = 14;
const FIXED: readonly Column[] = [{ side: "left" }, { side: "right" }, { side: "right" }];

/** The run as a table with one column per client; with one column for all where the terminal is narrow. */
export function operationColumns(told: ToldRun, columns: number, paint: Paint): string[] {
  const rows = interleavingRows(told);
  const wide = tableRows(told, rows, told.lanes, columns, paint);
  const shape = [...FIXED, ...told.lanes.map((): Column => ({ side: "left", flexibleTo: CLIENT_WIDTH_MIN }))];
  if (tableFits(shape, wide, columns)) return textTable(shape, wide, columns);
  const narrow: Column[] = [
    { side: "left" },
    { side: "right" },
    { side: "left", flexibleTo: 8 },
    { side: "left", flexibleTo: CLIENT_WIDTH_MIN },
  ];
  return textTable(narrow, tableRows(told, rows, null, columns, paint), columns);
}

function tableRows(
  told: ToldRun,
  rows: readonly InterleavingRow[],
  lanes: readonly string[] | null,
  columns: number,
  paint: Paint,
): Row[] {
  const titles =
    lanes === null ? ["", "#", "client", "operation"] : ["", "#", "time", ...lanes.map(visibleText)];
  const head: Row = { cells: titles, paint: paint.dim };
  const table: Row[] = [head];
  let above: string[] = [];
  for (const row of rows) {
    if (row.kind === "phase") above.push(paint.dim(`── ${row.phase.phase} ──`));
    else if (row.kind === "fault")
      above.push(
        ...wrapText(`── ${faultText(row.fault)} ──`, columns).map((line) => paint.tone("open", line)),
      );
    else {
      table.push(callRow(told, row, lanes, above, paint));
      above = [];
    }
  }
  if (above.length > 0) table.push({ above, cells: [] });
  return table;
}

function callRow(
  told: ToldRun,
  { call, part }: Extract<InterleavingRow, { kind: "call" }>,
  lanes: readonly string[] | null,
  above: readonly string[],
  paint: Paint,
): Row {
  const text = callText(call, part);
  const indexes = partIndexes(call, part);
  const moment = momentText(part === "end" && call.end !== null ? call.end.time : call.start.time);
  const marks = indexes.flatMap((index) => told.marks.get(index) ?? []);
  const sign = marks
    .map((mark) => markText(mark, told.findings.length))
    .slice(0, 2)
    .join(" ");
  const cells =
    lanes === null
      ? [visibleText(call.lane), text]
      : [moment, ...lanes.map((lane) => (lane === call.lane ? text : ""))];
  return {
    above,
    cells: [sign === "" ? "" : `▶ ${sign}`, indexes.join("–"), ...cells],
    ...(sign === "" ? {} : { paint: (line: string) => paint.bold(line) }),
  };
}
