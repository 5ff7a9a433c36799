import type { HistoryEvent, Operation, RecordEvent } from "../../checkers/history/operation.ts";

/** How a call ended; `open` when the history has no answer at all. `record`: nobody called, it was seen. */
export type CallOutcome = "ok" | "fail" | "info" | "open" | "record";

/** An invocation joined with its completion; or a record, which is its own end. */
export interface Call {
  /** The invocation; the completion itself where the history has no invocation of it. */
  readonly start: Operation | RecordEvent;
  readonly end: Operation | RecordEvent | null;
  readonly outcome: CallOutcome;
  /** Who called: `client 2`, or `process 7` where clients are not known; of a record where it was seen: `at payment`. */
  readonly lane: string;
}

/** Is this event an operation, and not a fault, a phase or a record? */
export function isOperation(event: HistoryEvent): event is Operation {
  return event.type !== "fault" && event.type !== "phase" && event.type !== "record";
}

/** Joins invocations and completions by process, in the order of the invocations and records. */
export function pairCalls(events: readonly HistoryEvent[]): Call[] {
  const calls: Call[] = [];
  const open = new Map<Operation["process"], number>();
  for (const event of events) {
    if (event.type === "record") {
      calls.push({ start: event, end: event, outcome: "record", lane: `at ${event.node ?? "some node"}` });
    }
    if (!isOperation(event)) continue;
    if (event.type === "invoke") {
      open.set(event.process, calls.length);
      calls.push({ start: event, end: null, outcome: "open", lane: laneOf(event) });
      continue;
    }
    const position = open.get(event.process);
    const started = position === undefined ? undefined : calls[position];
    if (position === undefined || started === undefined) {
      calls.push({ start: event, end: event, outcome: event.type, lane: laneOf(event) });
    } else {
      calls[position] = { ...started, end: event, outcome: event.type };
      open.delete(event.process);
    }
  }
  return calls;
}

/** The lanes of these calls: clients by number, then processes by number or name, then nodes by name. */
export function lanesOf(calls: readonly Call[]): string[] {
  return [...new Set(calls.map(({ lane }) => lane))].sort(compareLanes);
}

function compareLanes(a: string, b: string): number {
  const [placeA = 0, placeB = 0] = [a, b].map((lane) =>
    ["client", "process", "at"].indexOf(lane.slice(0, lane.indexOf(" "))),
  );
  if (placeA !== placeB) return placeA - placeB;
  const [numberA = Number.NaN, numberB = Number.NaN] = [a, b].map((lane) =>
    Number(lane.slice(lane.indexOf(" "))),
  );
  if (numberA !== numberB && !Number.isNaN(numberA) && !Number.isNaN(numberB)) return numberA - numberB;
  return a < b ? -1 : 1;
}

function laneOf(operation: Operation): string {
  return operation.client === undefined ? `process ${operation.process}` : `client ${operation.client}`;
}
