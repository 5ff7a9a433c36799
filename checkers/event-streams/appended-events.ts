import { keyName, operationName, valueText } from "../history/describe-operation.ts";
import { FAIL, INVOKE, OK } from "../history/history.ts";
import { fieldOf, identityOf } from "../history/json-value.ts";
import type { Json } from "../history/operation.ts";
import { streamRoles } from "./event-stream-options.ts";
import type { StreamTask } from "./event-stream-task.ts";
import type { StreamLog } from "./stream-log.ts";

interface Append {
  readonly row: number;
  /** Row of the completion; −1. */
  readonly end: number;
  readonly events: readonly Json[];
  readonly log: StreamLog;
}

/** Holds each `append` against the log of its stream. Linear in the events appended. */
export function checkAppends(task: StreamTask, logs: ReadonlyMap<number, StreamLog>): void {
  const { history, roles, fields } = task;
  for (let row = 0; row < history.length; row++) {
    if (history.type[row] !== INVOKE || roles[history.f[row]!] !== streamRoles.append) continue;
    const asked = history.value[row];
    const given = fieldOf(asked, fields.events);
    const single = fieldOf(asked, fields.event);
    const events = Array.isArray(given) ? (given as readonly Json[]) : single === undefined ? null : [single];
    if (events === null) {
      task.unreadable.add(row, '{"expected":3,"events":[id,…]}');
      continue;
    }
    const log = logs.get(history.key[row]!);
    // Without any final record nothing is known of the stream.
    if (log === undefined) {
      task.reasons.add(`no final record shows an event of ${keyName(history, history.key[row]!)}`);
      continue;
    }
    if (events.length > 0) checkAppend(task, { row, end: history.mate[row]!, events, log });
  }
}

function checkAppend(task: StreamTask, append: Append): void {
  const { history } = task;
  const { end, events, log } = append;
  task.operations++;
  const versions: number[] = [];
  let stored = -1;
  let absent = 0;
  for (const event of events) {
    const version = log.versions.get(identityOf(event)) ?? -1;
    if (version < 0) absent++;
    else if (stored < 0) stored = versions.length;
    versions.push(version);
  }
  const ended = end < 0 ? -1 : history.type[end];
  if (ended === FAIL) {
    if (stored >= 0) tellRefused(task, append, events[stored]!, versions[stored]!);
    return;
  }
  if (absent === 0) {
    tellPlaces(task, append, versions, stored);
    return;
  }
  // What follows tells which version a missing event had: it may be among those that are gone.
  const isGone = (at: number): boolean =>
    log.compactedTo > 0 && (stored < 0 || versions[stored]! - stored + at <= log.compactedTo);
  const missing = versions.findIndex((version, at) => version < 0 && !isGone(at));
  if (missing >= 0) {
    if (ended === OK || stored >= 0) tellMissing(task, append, events[missing]!, ended === OK);
  } else if (stored >= 0) tellPlaces(task, append, versions, stored);
}

/** All events are there, from the one at `stored` on: do they follow each other, and the version that they were based on? */
function tellPlaces(task: StreamTask, append: Append, versions: readonly number[], stored: number): void {
  const { history, fields, anomalies } = task;
  const { row, end, log } = append;
  const first = versions[stored]! - stored;
  const last = versions.at(-1)!;
  const place = log.rows.get(versions[stored]!)!;
  const name = keyName(history, log.key);
  if (versions.some((version, at) => at >= stored && version !== first + at)) {
    const proof = (): string =>
      `${operationName(history, row)} appended ${versions.length} events to ${name} at once, but they have the versions ${versions.slice(stored).join(", ")}`;
    anomalies.add({ type: "split-append", key: log.key, rows: [row, place], proof });
  }
  const expected = fieldOf(history.value[row], fields.expected);
  if (typeof expected === "number" && first !== expected + 1) {
    const proof = (): string =>
      `${operationName(history, row)} appended to ${name} on the condition that its version is ${expected}, but its ` +
      `first event ${stored === 0 ? "has" : "had"} version ${first} (${operationName(history, place)}): it was accepted on another version`;
    anomalies.add({ type: "stale-append", key: log.key, rows: [row, place], proof });
  }
  const isAnswered = end >= 0 && history.type[end] === OK;
  const told = isAnswered ? fieldOf(history.value[end], fields.version) : undefined;
  if (typeof told === "number" && told !== last) {
    const proof = (): string =>
      `${operationName(history, end)} says that ${name} has version ${told} with the events that it appended, but the last of them has version ${last}`;
    anomalies.add({ type: "wrong-version", key: log.key, rows: [end, log.rows.get(last)!], proof });
  }
}

function tellRefused({ history, anomalies }: StreamTask, append: Append, event: Json, version: number): void {
  const { row, end, log } = append;
  const proof = (): string =>
    `${operationName(history, row)} was refused (${operationName(history, end)}), but its event ${valueText(event)} is ` +
    `version ${version} of ${keyName(history, log.key)} (${operationName(history, log.rows.get(version)!)})`;
  anomalies.add({ type: "refused-event", key: log.key, rows: [row, log.rows.get(version)!], proof });
}

function tellMissing(
  { history, anomalies }: StreamTask,
  append: Append,
  event: Json,
  isAnswered: boolean,
): void {
  const { row, end, log } = append;
  const name = keyName(history, log.key);
  const how = isAnswered
    ? `was acknowledged (${operationName(history, end)})`
    : "is there in part, although all of its events are appended at once";
  const proof = (): string =>
    `${operationName(history, row)} ${how}, but its event ${valueText(event)} is not in ${name}`;
  anomalies.add({ type: isAnswered ? "lost-event" : "split-append", key: log.key, rows: [row], proof });
}
