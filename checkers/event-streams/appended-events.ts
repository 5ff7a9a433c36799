import { keyName, operationName, valueText } from "../history/describe-operation.ts";
import { FAIL, INVOKE, OK } from "../history/history.ts";
import { fieldOf } from "../history/json-value.ts";
import type { Json } from "../history/operation.ts";
import { type AppendedNumbers, eventsAppended, mayAppend, NO_EVENTS, NO_LOG } from "./appended-numbers.ts";
import type { EventPlaces } from "./event-places.ts";
import { streamRoles } from "./event-stream-options.ts";
import type { StreamTask } from "./event-stream-task.ts";
import type { StreamLog, StreamLogs } from "./stream-log.ts";

interface Append {
  readonly row: number;
  /** Row of the completion; −1. */
  readonly end: number;
  readonly events: readonly Json[];
  readonly log: StreamLog;
  /** May another append have stored the first of its events that are there, just where it is? */
  readonly isPlacedByOther: boolean;
}

/** Holds each `append` against the log of its stream. Linear in the events appended. */
export function checkAppends(
  task: StreamTask,
  { byKey, places }: StreamLogs,
  { starts, numbers, mayBeStored, isPlaced }: AppendedNumbers,
): void {
  const { history, roles, fields } = task;
  for (let row = 0; row < history.length; row++) {
    if (history.type[row] !== INVOKE || roles[history.f[row]!] !== streamRoles.append) continue;
    const start = starts[row]!;
    if (start === NO_EVENTS) {
      task.unreadable.add(row, '{"expected":3,"events":[id,…]}');
      continue;
    }
    const log = start === NO_LOG ? undefined : byKey[history.key[row]!];
    // Live records prove what is there, never what is missing.
    if (log === undefined || !log.isInspected) {
      task.reasons.add(`no final record shows an event of ${keyName(history, history.key[row]!)}`);
      continue;
    }
    const count = numbers[start]!;
    if (count === 0) continue;
    task.operations++;
    const first = firstInPlace(numbers, start, places);
    if (first > 0 && isAsTold(task, row, first, count)) continue;
    const own = numbers.slice(start + 1, start + 1 + count);
    const versions = own.map((number) => places.versionOf(number));
    const there = own.find((number) => number >= 0) ?? -1;
    const append: Append = {
      row,
      end: history.mate[row]!,
      events: eventsAppended(history.value[row], fields),
      log,
      isPlacedByOther: there >= 0 && isPlaced[there] === 1,
    };
    if (mayAppend(history, row)) checkAppend(task, append, versions);
    else {
      // What was asked for once more, or had been before, may be there because of that.
      const stored = own.findIndex((number) => number >= 0 && mayBeStored[number] === 0);
      if (stored >= 0) tellRefused(task, append, append.events[stored]!, versions[stored]!);
    }
  }
}

/** The version of the first event where all are there, one after the other; else −1. */
function firstInPlace(numbers: readonly number[], start: number, places: EventPlaces): number {
  const first = places.versionOf(numbers[start + 1]!);
  for (let at = 1; at < numbers[start]!; at++) {
    if (places.versionOf(numbers[start + 1 + at]!) !== first + at) return -1;
  }
  return first;
}

/** Are events that follow each other from `first` on where they were to be, and where the answer says? Most are. */
function isAsTold({ history, fields }: StreamTask, row: number, first: number, count: number): boolean {
  const expected = fieldOf(history.value[row], fields.expected);
  if (typeof expected === "number" && first !== expected + 1) return false;
  const end = history.mate[row]!;
  if (end < 0) return true;
  if (history.type[end] === FAIL) return false;
  const told = history.type[end] === OK ? fieldOf(history.value[end], fields.version) : undefined;
  return typeof told !== "number" || told === first + count - 1;
}

function checkAppend(task: StreamTask, append: Append, versions: readonly number[]): void {
  const { history } = task;
  const { end, events, log } = append;
  const stored = versions.findIndex((version) => version > 0);
  const ended = end < 0 ? -1 : history.type[end];
  // What follows, the answer, or the condition tells which version a missing event had: it may be among those that are gone.
  const first = stored < 0 ? firstVersionTold(task, append) : versions[stored]! - stored;
  const isGone = (at: number): boolean =>
    log.compactedTo > 0 && (first === null || first + at <= log.compactedTo);
  const missing = versions.findIndex((version, at) => version < 0 && !isGone(at));
  if (missing >= 0) {
    if (ended === OK || stored >= 0) tellMissing(task, append, events[missing]!, ended === OK);
  } else if (stored >= 0) tellPlaces(task, append, versions, stored);
}

/** The version of the first event as the answer or, without a word, the condition has it; null where neither does. */
function firstVersionTold({ history, fields }: StreamTask, { row, end, events }: Append): number | null {
  const told = end < 0 ? undefined : fieldOf(history.value[end], fields.version);
  if (typeof told === "number") return told - events.length + 1;
  const expected = fieldOf(history.value[row], fields.expected);
  return typeof expected === "number" ? expected + 1 : null;
}

/** All events are there, from the one at `stored` on: do they follow each other, and the version that they were based on? */
function tellPlaces(task: StreamTask, append: Append, versions: readonly number[], stored: number): void {
  const { history, fields, anomalies } = task;
  const { row, end, log } = append;
  const first = versions[stored]! - stored;
  // What is gone had the version that its place among the others tells.
  const stated = versions.at(-1)!;
  const last = stated > 0 ? stated : first + versions.length - 1;
  const place = log.table.finalRow(log.key, versions[stored]!);
  const name = keyName(history, log.key);
  if (versions.some((version, at) => version > 0 && version !== first + at)) {
    const there = versions.filter((version) => version > 0);
    const proof = (): string =>
      `${operationName(history, row)} appended ${versions.length} events to ${name} at once, but they have the versions ${there.join(", ")}`;
    anomalies.add({ type: "split-append", key: log.key, rows: [row, place], proof });
  }
  const expected = fieldOf(history.value[row], fields.expected);
  if (typeof expected === "number" && first !== expected + 1 && !append.isPlacedByOther) {
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
    anomalies.add({
      type: "wrong-version",
      key: log.key,
      rows: [end, stated > 0 ? log.table.finalRow(log.key, stated) : place],
      proof,
    });
  }
}

function tellRefused({ history, anomalies }: StreamTask, append: Append, event: Json, version: number): void {
  const { row, end, log } = append;
  const proof = (): string =>
    `${operationName(history, row)} was refused (${operationName(history, end)}), but its event ${valueText(event)} is ` +
    `version ${version} of ${keyName(history, log.key)} (${operationName(history, log.table.finalRow(log.key, version))})`;
  anomalies.add({
    type: "refused-event",
    key: log.key,
    rows: [row, log.table.finalRow(log.key, version)],
    proof,
  });
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
