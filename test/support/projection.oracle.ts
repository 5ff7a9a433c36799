import { isSameJson } from "../../checkers/history/json-value.ts";
import type { HistoryEvent, Json, Operation, RecordEvent } from "../../checkers/history/operation.ts";

/** What a projection may have shown: anomalies as `type key`, by trying all explanations. Bounds in milliseconds. */
export interface ProjectionFindings {
  /** Of final states, of positions and of lag: each anomaly that must be found. */
  readonly certain: readonly string[];
  /** Keys of entities whose reads cannot be explained. */
  readonly unexplained: readonly string[];
}

/** Judges a history with one projection and one partition as `projection` does. Causes are left out. */
export function projectionFindings(events: readonly HistoryEvent[], maxLagMs: number): ProjectionFindings {
  const records = events.filter((event): event is RecordEvent => event.type === "record");
  const log = records.filter(({ f, final }) => f === "event" && final === true);
  log.sort((a, b) => field(a, "position") - field(b, "position"));
  const states = (key: string): Json[] => [
    null,
    ...log.filter((event) => event.key === key).map(({ value }) => (value as { put?: Json }).put ?? null),
  ];
  const certain = new Set<string>();
  const keys = [...new Set(log.map(({ key }) => key))];
  const projected = records.filter(({ f, final }) => f === "projected" && final === true);
  for (const key of new Set([...keys, ...projected.map((record) => record.key)])) {
    const all = states(key);
    const shown = (projected.find((record) => record.key === key)?.value as { state?: Json })?.state ?? null;
    const last = all.at(-1)!;
    if (isSameJson(shown, last)) continue;
    if (last === null) certain.add(`extra-entity ${key}`);
    else if (shown === null) certain.add(`missing-entity ${key}`);
    else
      certain.add(
        `${all.some((state) => isSameJson(state, shown)) ? "not-converged" : "state-off-log"} ${key}`,
      );
  }
  for (const name of positionAnomalies(records, log)) certain.add(name);
  for (const name of lagAnomalies(records, log, maxLagMs)) certain.add(name);
  const unexplained = keys.filter((key) => !isExplained(readsOf(events, key), states(key)));
  return { certain: [...certain].sort(), unexplained: unexplained.sort() };
}

function field(record: RecordEvent, name: string): number {
  return (record.value as Readonly<Record<string, number>>)[name]!;
}

interface Read {
  readonly session: number;
  readonly start: number;
  readonly end: number;
  readonly shown: Json;
}

function readsOf(events: readonly HistoryEvent[], key: string): Read[] {
  return events.flatMap((end, at) => {
    if (end.type !== "ok" || end.f !== "read" || end.key !== key) return [];
    const calls = events
      .slice(0, at)
      .filter((event): event is Operation => event.type === "invoke" && event.process === end.process);
    return [
      { session: end.client ?? -1, start: calls.at(-1)!.index, end: end.index, shown: end.value ?? null },
    ];
  });
}

/** Is there a number of the state for each read such that no session goes back? Tries all. */
function isExplained(
  reads: readonly Read[],
  states: readonly Json[],
  chosen: readonly number[] = [],
): boolean {
  const read = reads[chosen.length];
  if (read === undefined) return true;
  return states.some((state, number) => {
    if (!isSameJson(state, read.shown)) return false;
    const isForward = chosen.every((other, at) => {
      const before = reads[at]!;
      const after = before.session === read.session;
      if (after && before.end < read.start) return other <= number;
      return !(after && read.end < before.start) || number <= other;
    });
    return isForward && isExplained(reads, states, [...chosen, number]);
  });
}

function positionAnomalies(records: readonly RecordEvent[], log: readonly RecordEvent[]): string[] {
  const found: string[] = [];
  for (const [at, record] of records.entries()) {
    const since = records.findLastIndex((other, place) => other.f === "rebuild" && place < at);
    const before = records.slice(since + 1, at);
    const checkpoints = before.filter(({ f }) => f === "checkpoint");
    const position = record.f === "rebuild" ? 0 : field(record, "position");
    if (record.f === "checkpoint") {
      if (checkpoints.some((other) => field(other, "position") > position))
        found.push(`position-went-back ${record.key}`);
    } else if (record.f === "applied" && log.some((event) => field(event, "position") === position)) {
      const isAgain = before.some((other) => other.f === "applied" && field(other, "position") === position);
      const isDone = checkpoints.some((other) => field(other, "position") >= position);
      if (isAgain && isDone) found.push(`position-went-back ${record.key}`);
    }
  }
  return found;
}

function lagAnomalies(
  records: readonly RecordEvent[],
  log: readonly RecordEvent[],
  maxLagMs: number,
): string[] {
  return log.flatMap((event) => {
    const isSame = (other: RecordEvent): boolean => field(other, "position") === field(event, "position");
    const live = records.find((other) => other.f === "event" && other.final !== true && isSame(other));
    const applied = records.find((other) => other.f === "applied" && isSame(other));
    if (live === undefined || applied === undefined || applied.time - live.time <= maxLagMs * 1e6) return [];
    return [`lag-exceeded ${applied.key}`];
  });
}
