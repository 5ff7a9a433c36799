import type { FaultEvent, PhaseEvent } from "../../checkers/history/operation.ts";
import type { Call } from "./call.ts";
import type { ToldRun } from "./told-run.ts";

/** Which part of a call a row shows: all of it where nothing came in between. */
export type CallPart = "whole" | "start" | "end";

/** A row of the table of operations. */
export type InterleavingRow =
  | { readonly kind: "call"; readonly call: Call; readonly part: CallPart }
  | { readonly kind: "fault"; readonly fault: FaultEvent }
  | { readonly kind: "phase"; readonly phase: PhaseEvent };

/** The events of a run in their order: one row for a call that nothing interrupts, else two. */
export function interleavingRows(told: ToldRun): InterleavingRow[] {
  const entries: { index: number; row: InterleavingRow }[] = [];
  for (const call of told.calls) {
    const { start, end } = call;
    entries.push({ index: start.index, row: { kind: "call", call, part: "start" } });
    if (end !== null && end !== start) {
      entries.push({ index: end.index, row: { kind: "call", call, part: "end" } });
    }
  }
  for (const { inject, heal } of told.faults) {
    entries.push({ index: inject.index, row: { kind: "fault", fault: inject } });
    if (heal !== null) entries.push({ index: heal.index, row: { kind: "fault", fault: heal } });
  }
  for (const phase of told.phases) entries.push({ index: phase.index, row: { kind: "phase", phase } });
  return joinWhole(entries.sort((a, b) => a.index - b.index).map(({ row }) => row));
}

function joinWhole(rows: readonly InterleavingRow[]): InterleavingRow[] {
  const joined: InterleavingRow[] = [];
  for (const row of rows) {
    const last = joined.at(-1);
    const completes =
      row.kind === "call" && row.part === "end" && last?.kind === "call" && last.call === row.call;
    if (completes) joined[joined.length - 1] = { kind: "call", call: row.call, part: "whole" };
    else if (row.kind === "call" && (row.call.end === null || row.call.end === row.call.start)) {
      joined.push({ ...row, part: "whole" });
    } else joined.push(row);
  }
  return joined;
}
