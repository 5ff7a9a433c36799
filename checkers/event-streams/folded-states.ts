import { keyName, operationName } from "../history/describe-operation.ts";
import { OK, RECORD } from "../history/history.ts";
import { fieldOf } from "../history/json-value.ts";
import { compareState, tellOffStream } from "./compare-state.ts";
import { streamRoles } from "./event-stream-options.ts";
import type { StreamTask } from "./event-stream-task.ts";
import { EventTimes } from "./event-times.ts";
import { checkReadAt } from "./past-reads.ts";
import type { StreamLog, StreamLogs } from "./stream-log.ts";
import type { StreamProgress } from "./stream-progress.ts";
import { versionOf } from "./stream-records.ts";

/**
 * Holds every state that somebody had of a stream at a version against the fold of its events up to there: snapshots,
 * states that were replayed (from a snapshot and the tail, from events in a newer form), what a compaction left,
 * and reads, also of the past. Linear; a read at a time is logarithmic in the events.
 */
export function checkStates(task: StreamTask, { byKey }: StreamLogs, progress: StreamProgress): void {
  const { history, roles } = task;
  const times = new EventTimes();
  for (let row = 0; row < history.length; row++) {
    const role = roles[history.f[row]!]!;
    const isTold =
      role === streamRoles.snapshot || role === streamRoles.replayed || role === streamRoles.compacted;
    const isRead = role === streamRoles.read || role === streamRoles.readAt;
    if (!(isTold && history.type[row] === RECORD) && !(isRead && history.type[row] === OK)) continue;
    const key = history.key[row]!;
    const log = key < 0 ? undefined : byKey[key];
    if (log === undefined) {
      if (isTold) task.reasons.add(`no record shows an event of ${keyName(history, key)}`);
      continue;
    }
    if (role === streamRoles.readAt) checkReadAt(task, log, row, times, progress);
    else if (role === streamRoles.read) checkRead(task, log, row);
    else {
      const version = versionOf(task, row, '{"version":1,"state":…}');
      if (version > 0) compareState(task, log, row, role, version);
    }
  }
}

/** A read shows a version with its state, or nothing before the first event; a final one shows the last. */
function checkRead(task: StreamTask, log: StreamLog, row: number): void {
  const { history, fields } = task;
  const shown = history.value[row];
  const stated = shown === undefined || shown === null ? 0 : fieldOf(shown, fields.version);
  const isFinal = history.final[row] === 1;
  if (stated === undefined) {
    // A final read needs no version: there is only one that it can show.
    if (isFinal && log.highest > 0) compareState(task, log, row, streamRoles.read, log.highest);
    return;
  }
  const number = stated === 0 ? 0 : versionOf(task, row, '{"version":1,"state":…}');
  if (number < 0) return;
  if (isFinal && number < lastVersion(log)) tellStale(task, log, row, number);
  if (number === 0) return;
  if (log.table.finalRow(log.key, number) < 0 && number > log.compactedTo) {
    if (log.highest === 0) return;
    tellOffStream(task, log, row, number);
    return;
  }
  compareState(task, log, row, streamRoles.read, number);
}

/** Where nobody looked at the stream in the end, what live records show of it was there all the same. */
function lastVersion(log: StreamLog): number {
  return Math.max(log.isInspected ? log.highest : log.lastShown, log.compactedTo);
}

function tellStale({ history, anomalies }: StreamTask, log: StreamLog, row: number, number: number): void {
  const last = lastVersion(log);
  const source = [
    log.table.finalRow(log.key, last),
    log.table.stateRow(log.key, last),
    log.table.namedRow(log.key, last),
  ].find((at) => at >= 0);
  const shown = number === 0 ? "nothing" : `version ${number}`;
  const proof = (): string =>
    `at the end ${operationName(history, row)} shows ${shown} of ${keyName(history, log.key)}, which had come to version ${last}` +
    (source === undefined ? "" : ` (${operationName(history, source)})`);
  const rows: [number, ...number[]] = source === undefined ? [row] : [source, row];
  anomalies.add({ type: "stale-final-read", key: log.key, rows, proof });
}
