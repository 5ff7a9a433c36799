import { keyName, operationName, valueText } from "../history/describe-operation.ts";
import { fieldOf, isSameJson } from "../history/json-value.ts";
import { compareState, tellOffStream } from "./compare-state.ts";
import { streamRoles } from "./event-stream-options.ts";
import type { StreamTask } from "./event-stream-task.ts";
import type { EventTimes } from "./event-times.ts";
import type { StreamLog } from "./stream-log.ts";
import type { StreamProgress } from "./stream-progress.ts";

/** How many states back a read at a time is compared whose last event may have come only after it. */
const statesTried = 64;

/**
 * A read of the past asks for a version, or for a time: then for the last event that had happened by then. Nothing is
 * a true answer only while the version may not have been there yet. Logarithmic in the events.
 */
export function checkReadAt(
  task: StreamTask,
  log: StreamLog,
  row: number,
  times: EventTimes,
  progress: StreamProgress,
): void {
  const { history, fields } = task;
  const asked = history.value[history.mate[row]!];
  const version = fieldOf(asked, fields.version);
  const at = fieldOf(asked, fields.at);
  if (typeof version === "number") {
    if (version <= 0) return;
    if (isNothing(task, row)) checkNothing(task, log, row, version, progress);
    else if (log.highest > 0 && version > Math.max(log.highest, log.compactedTo))
      tellOffStream(task, log, row, version);
    else compareState(task, log, row, streamRoles.readAt, version);
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
  } else if (last === 0) {
    if (!isNothing(task, row)) tellBeforeAll(task, log, row, at);
  } else if (isNothing(task, row)) checkNothing(task, log, row, last, progress);
  else checkTimed(task, log, row, last, progress);
}

/** Does a read say that there is no state? */
function isNothing({ history, fields }: StreamTask, row: number): boolean {
  const shown = history.value[row];
  return shown === undefined || shown === null || fieldOf(shown, fields.state) === null;
}

interface KnownVersion {
  readonly version: number;
  /** −1 where nothing was known yet; then the version is 0. */
  readonly row: number;
}

/** What was certainly there when a read was sent; a final read was sent when all was there. */
function knownTo(
  { history }: StreamTask,
  log: StreamLog,
  row: number,
  progress: StreamProgress,
): KnownVersion {
  if (history.final[row] === 1 && log.highest > 0)
    return { version: log.highest, row: log.table.finalRow(log.key, log.highest) };
  const asked = history.mate[row]!;
  return { version: progress.versionBefore(asked), row: progress.rowBefore(asked) };
}

function checkNothing(
  task: StreamTask,
  log: StreamLog,
  row: number,
  version: number,
  progress: StreamProgress,
): void {
  const { history, fields, anomalies } = task;
  const known = knownTo(task, log, row, progress);
  if (known.version < version) return;
  const source = log.table.stateRow(log.key, version);
  const folded = source < 0 ? undefined : fieldOf(history.value[source], fields.state);
  // A stream may have nothing as its state.
  if (folded === null) return;
  task.operations++;
  const rows: [number, ...number[]] =
    source < 0 || source === known.row ? [known.row, row] : [known.row, source, row];
  const made =
    folded === undefined ? "" : ` and made ${valueText(folded)} (${operationName(history, source)})`;
  const proof = (): string =>
    `${operationName(history, row)} shows nothing of ${keyName(history, log.key)} at version ${version}, which was ` +
    `there before that was asked (${operationName(history, known.row)})${made}`;
  anomalies.add({ type: "wrong-read-at", key: log.key, rows, proof });
}

/** An event that was not yet known to be there may have got its time before the read was answered, and its place after. */
function checkTimed(
  task: StreamTask,
  log: StreamLog,
  row: number,
  last: number,
  progress: StreamProgress,
): void {
  const { history, fields } = task;
  const known = knownTo(task, log, row, progress).version;
  const state = fieldOf(history.value[row], fields.state);
  if (state === undefined) return;
  const isAt = (version: number): boolean => {
    const source = log.table.stateRow(log.key, version);
    return source >= 0 && isSameJson(state, fieldOf(history.value[source], fields.state));
  };
  const lowest = Math.max(1, known, last - statesTried);
  let untold = 0;
  for (let version = last; version >= lowest; version--) {
    if (log.table.stateRow(log.key, version) < 0) untold = version;
    if (!isAt(version)) continue;
    task.operations++;
    return;
  }
  if (untold > 0) compareState(task, log, row, streamRoles.readAt, untold);
  else if (lowest > Math.max(1, known)) {
    task.reasons.add(
      `${operationName(history, row)} may have been answered before most of the events up to its time were there`,
    );
  } else compareState(task, log, row, streamRoles.readAt, last);
}

function tellBeforeAll(task: StreamTask, log: StreamLog, row: number, at: number): void {
  const { history, fields, anomalies } = task;
  if (fieldOf(history.value[row], fields.state) === undefined) return;
  task.operations++;
  const proof = (): string =>
    `${operationName(history, row)} shows a state of ${keyName(history, log.key)} at ${at}, before its first event`;
  anomalies.add({ type: "wrong-read-at", key: log.key, rows: [row], proof });
}
