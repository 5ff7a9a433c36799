import type { FaultEvent, PhaseEvent } from "../../checkers/history/operation.ts";
import type { Story } from "../../harness/record/story.ts";
import { type Call, lanesOf, pairCalls } from "./call.ts";
import { type Finding, findingsOf, type WitnessMark, witnessMarks } from "./finding.ts";

/** A fault from its injection to its healing. */
export interface FaultSpan {
  readonly inject: FaultEvent;
  /** Null when the history ends before it was healed. */
  readonly heal: FaultEvent | null;
}

/** A run prepared for showing: the calls that are shown, who made them, and what the findings say of them. */
export interface ToldRun {
  readonly calls: readonly Call[];
  /** Calls of the history that are left out because there are too many. */
  readonly omitted: number;
  /** Are there lanes of nodes, with what was recorded there? */
  readonly hasRecords: boolean;
  readonly lanes: readonly string[];
  readonly faults: readonly FaultSpan[];
  readonly phases: readonly PhaseEvent[];
  readonly findings: readonly Finding[];
  readonly marks: ReadonlyMap<number, readonly WitnessMark[]>;
  /** The line of `history.ndjson` of each event that a witness names, by its index. */
  readonly witnessLines: ReadonlyMap<number, number>;
  /** The time of the last event. */
  readonly endNs: number;
}

/**
 * Prepares a story for showing at most `callsMax` calls: witnesses, and then those that are nearest to
 * a witness.
 */
export function tellRun(story: Story, callsMax: number): ToldRun {
  const findings = findingsOf(story.record);
  const marks = witnessMarks(findings);
  const all = pairCalls(story.events);
  const calls = nearestCalls(all, marks, callsMax);
  return {
    calls,
    omitted: all.length - calls.length,
    hasRecords: all.some(({ outcome }) => outcome === "record"),
    lanes: lanesOf(calls),
    faults: faultSpans(story),
    phases: story.events.filter((event) => event.type === "phase"),
    findings,
    marks,
    witnessLines: witnessLines(story, marks),
    endNs: story.events.reduce((latest, event) => Math.max(latest, event.time), 0),
  };
}

/** The file of a story has a header, and then one event a line. */
function witnessLines({ events }: Story, marks: ToldRun["marks"]): Map<number, number> {
  const lines = new Map<number, number>();
  for (const [position, { index }] of events.entries()) {
    if (marks.has(index)) lines.set(index, position + 2);
  }
  return lines;
}

/** The marks of a call: of its invocation and of its completion. */
export function marksOf(call: Call, marks: ToldRun["marks"]): readonly WitnessMark[] {
  const ofStart = marks.get(call.start.index) ?? [];
  const ofEnd = call.end === null || call.end === call.start ? [] : (marks.get(call.end.index) ?? []);
  return [...ofStart, ...ofEnd];
}

/**
 * Where the promise broke first: of the finding that is complete earliest, the operation that completes
 * it. Null when there is no finding.
 */
export function firstError(told: ToldRun): Call | null {
  const times = new Map<number, Call>();
  for (const call of told.calls) {
    times.set(call.start.index, call);
    if (call.end !== null) times.set(call.end.index, call);
  }
  let earliest: { call: Call; index: number } | null = null;
  for (const { anomaly } of told.findings) {
    const index = anomaly.operations.reduce((latest, operation) => Math.max(latest, operation), 0);
    const call = times.get(index);
    if (call !== undefined && (earliest === null || index < earliest.index)) earliest = { call, index };
  }
  return earliest?.call ?? null;
}

function nearestCalls(all: readonly Call[], marks: ToldRun["marks"], callsMax: number): readonly Call[] {
  if (all.length <= callsMax) return all;
  const distances = witnessDistances(all.map((call) => marksOf(call, marks).length > 0));
  const ranked = distances
    .map((distance, position) => ({ position, distance }))
    .sort((a, b) => a.distance - b.distance || a.position - b.position);
  const kept = new Set(ranked.slice(0, callsMax).map(({ position }) => position));
  return all.filter((_, position) => kept.has(position));
}

/** How many calls lie between each call and the nearest witness; all alike where there is no witness. */
function witnessDistances(isWitness: readonly boolean[]): number[] {
  const distances: number[] = isWitness.map((witness) => (witness ? 0 : isWitness.length));
  for (let at = 1; at < distances.length; at++) {
    distances[at] = Math.min(distances[at] ?? 0, (distances[at - 1] ?? 0) + 1, isWitness.length);
  }
  for (let at = distances.length - 2; at >= 0; at--) {
    distances[at] = Math.min(distances[at] ?? 0, (distances[at + 1] ?? 0) + 1);
  }
  return distances;
}

function faultSpans(story: Story): FaultSpan[] {
  const spans = new Map<number, FaultSpan>();
  for (const event of story.events) {
    if (event.type !== "fault") continue;
    const known = spans.get(event.id);
    if (event.event === "inject") spans.set(event.id, { inject: event, heal: null });
    else if (known !== undefined) spans.set(event.id, { inject: known.inject, heal: event });
  }
  return [...spans.values()];
}
