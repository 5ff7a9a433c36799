import type { FaultEvent } from "../../checkers/history/operation.ts";
import type { Call } from "../model/call.ts";
import type { CallPart } from "../model/interleaving.ts";
import type { ToldRun } from "../model/told-run.ts";
import { plural } from "./numbers.ts";
import { answerText, requestText } from "./value-text.ts";
import { visibleText } from "./visible-text.ts";

/** What a call came to: `ok {version: 3}`, `info timeout`, `no answer`; nothing where nobody called. */
export function outcomeText({ start, end }: Call): string {
  if (start.type === "record" || end?.type === "record") return "";
  return end === null ? "no answer" : answerText(end, start);
}

/** A part of a call: `update user/7 …`, `… update ok {version: 3}`, or both joined by an arrow. */
export function callText(call: Call, part: CallPart): string {
  switch (part) {
    case "start":
      return `${requestText(call.start)} …`;
    case "end":
      return `… ${visibleText(call.start.f)} ${outcomeText(call)}`;
    case "whole":
      return call.outcome === "record"
        ? requestText(call.start)
        : `${requestText(call.start)} → ${outcomeText(call)}`;
  }
}

/** How many are not shown: `3 operations`, `3 operations and records`. */
export function omittedText({ omitted, hasRecords }: ToldRun): string {
  if (!hasRecords) return plural(omitted, "operation");
  return plural(omitted, "operation or record", "operations and records");
}

/** The indexes of the events that a part of a call shows. */
export function partIndexes({ start, end }: Call, part: CallPart): number[] {
  if (part === "start" || end === null || end === start) return [start.index];
  return part === "end" ? [end.index] : [start.index, end.index];
}

/** A fault that begins or ends: `fault: link-partition on client 1 ⇥ order`. */
export function faultText(event: FaultEvent): string {
  const name = `${visibleText(event.fault)} on ${visibleText(event.target)}`;
  return event.event === "inject" ? `fault: ${name}` : `healed: ${name}, ${bitesText(event.bites)}`;
}

/** How often a fault bit: `it bit 3 times`, `it never bit`. */
export function bitesText(bites: number | undefined): string {
  if (bites === undefined) return "bites not counted";
  if (bites === 0) return "it never bit";
  return bites === 1 ? "it bit once" : `it bit ${bites} times`;
}
