import { keyName, operationName, valueText } from "../history/describe-operation.ts";
import { OK, RECORD } from "../history/history.ts";
import { fieldOf, isSameJson } from "../history/json-value.ts";
import type { Json } from "../history/operation.ts";
import { streamRoles } from "./event-stream-options.ts";
import type { StreamTask } from "./event-stream-task.ts";
import { EventTimes } from "./event-times.ts";
import { type StreamLog, versionOf } from "./stream-log.ts";

const types: Readonly<Record<number, string>> = {
  [streamRoles.snapshot]: "wrong-snapshot",
  [streamRoles.replayed]: "wrong-replay",
  [streamRoles.compacted]: "wrong-compaction",
  [streamRoles.read]: "wrong-read",
  [streamRoles.readAt]: "wrong-read-at",
};

/**
 * Holds every state that somebody had of a stream at a version against the fold of its events up to there: snapshots,
 * states that were replayed (from a snapshot and the tail, from events in a newer form), what a compaction left,
 * and reads, also of the past. Linear; a read at a time is logarithmic in the events.
 */
export function checkStates(task: StreamTask, logs: ReadonlyMap<number, StreamLog>): void {
  const { history, roles } = task;
  const times = new EventTimes();
  for (let row = 0; row < history.length; row++) {
    const role = roles[history.f[row]!]!;
    const isTold =
      role === streamRoles.snapshot || role === streamRoles.replayed || role === streamRoles.compacted;
    const isRead = role === streamRoles.read || role === streamRoles.readAt;
    if (!(isTold && history.type[row] === RECORD) && !(isRead && history.type[row] === OK)) continue;
    const log = logs.get(history.key[row]!);
    if (log === undefined) {
      if (isTold) task.reasons.add(`no record shows an event of ${keyName(history, history.key[row]!)}`);
      continue;
    }
    if (role === streamRoles.readAt) checkReadAt(task, log, row, times);
    else if (role === streamRoles.read) checkRead(task, log, row);
    else {
      const version = versionOf(task, row, '{"version":1,"state":…}');
      if (version > 0) compare(task, log, row, role, version);
    }
  }
}

/** A read shows a version with its state, or nothing before the first event. */
function checkRead(task: StreamTask, log: StreamLog, row: number): void {
  const { history, fields } = task;
  const shown = history.value[row];
  if (shown === undefined || shown === null) return;
  const version = fieldOf(shown, fields.version);
  if (version === 0 || version === undefined) return;
  const number = versionOf(task, row, '{"version":1,"state":…}');
  if (number < 0) return;
  if (number > log.highest || (log.rows.get(number) === undefined && number > log.compactedTo)) {
    if (log.highest === 0) return;
    task.operations++;
    const proof = (): string =>
      `${operationName(history, row)} shows ${keyName(history, log.key)} at version ${number}, which its events do not have at the end`;
    task.anomalies.add({ type: "read-off-stream", key: log.key, rows: [row], proof });
    return;
  }
  compare(task, log, row, streamRoles.read, number);
}

/** A read of the past asks for a version, or for a time: then for the last event that had happened by then. */
function checkReadAt(task: StreamTask, log: StreamLog, row: number, times: EventTimes): void {
  const { history, fields } = task;
  const asked = history.value[history.mate[row]!];
  const version = fieldOf(asked, fields.version);
  const at = fieldOf(asked, fields.at);
  if (typeof version === "number") {
    if (version > 0) compare(task, log, row, streamRoles.readAt, version);
    return;
  }
  if (typeof at !== "number") {
    task.unreadable.add(row, 'a question {"version":1} or {"at":time}');
    return;
  }
  const last = times.lastBefore(task, log, at);
  if (last === null) {
    task.reasons.add(
      `the events of ${keyName(history, log.key)} do not all have a time that rises with the version`,
    );
  } else if (last > 0) compare(task, log, row, streamRoles.readAt, last);
  else if ((fieldOf(history.value[row], fields.state) ?? null) !== null) {
    task.operations++;
    const proof = (): string =>
      `${operationName(history, row)} shows a state of ${keyName(history, log.key)} at ${at}, before its first event`;
    task.anomalies.add({ type: "wrong-read-at", key: log.key, rows: [row], proof });
  }
}

function compare(task: StreamTask, log: StreamLog, row: number, role: number, version: number): void {
  const { history, fields, anomalies } = task;
  const state = fieldOf(history.value[row], fields.state);
  if (state === undefined) return;
  const source = log.stateRows.get(version);
  if (source === undefined) {
    task.reasons.add(
      `no event says what the state of ${keyName(history, log.key)} is at version ${version} (${operationName(history, row)})`,
    );
    return;
  }
  task.operations++;
  const folded = fieldOf(history.value[source], fields.state) as Json;
  if (isSameJson(state, folded)) return;
  const proof = (): string =>
    `${operationName(history, row)} has ${valueText(state)} for ${keyName(history, log.key)} at version ${version}, but ` +
    `its events up to there make ${valueText(folded)} (${operationName(history, source)})`;
  anomalies.add({ type: types[role]!, key: log.key, rows: [source, row], proof });
}
