import { keyName, operationName, valueText } from "../history/describe-operation.ts";
import { RECORD } from "../history/history.ts";
import { fieldOf, identityOf, isSameJson } from "../history/json-value.ts";
import type { Json } from "../history/operation.ts";
import { streamRoles } from "./event-stream-options.ts";
import type { StreamTask } from "./event-stream-task.ts";
import { VersionRows } from "./version-rows.ts";

/** One stream as its events say, by version. */
export interface StreamLog {
  readonly key: number;
  /** By version: row of the final record of its event. */
  readonly rows: VersionRows;
  /** By version: row of the first record, final or live, that says what the state is after it. */
  readonly stateRows: VersionRows;
  /** Highest version of the final log; 0 for an empty one. */
  highest: number;
  /** Events up to this version may be gone; 0 where nothing was compacted. */
  compactedTo: number;
  /** By identity of an event: its version in the final log. */
  readonly versions: Map<unknown, number>;
}

const form = '{"version":1,"event":id,"state":…}';

/**
 * Collects the logs of all streams, and tells where versions are not 1 to n: gaps, forks, an event that is
 * there twice. Linear; n log n where versions do not rise.
 */
export function collectStreamLogs(task: StreamTask): ReadonlyMap<number, StreamLog> {
  const { history, roles } = task;
  const logs = new Map<number, StreamLog>();
  const logOf = (key: number): StreamLog => {
    let log = logs.get(key);
    if (log === undefined) {
      const columns = { rows: new VersionRows(), stateRows: new VersionRows(), versions: new Map() };
      log = { key, ...columns, highest: 0, compactedTo: 0 };
      logs.set(key, log);
    }
    return log;
  };
  for (let row = 0; row < history.length; row++) {
    if (history.type[row] !== RECORD) continue;
    const role = roles[history.f[row]!]!;
    if (role === streamRoles.event) addEvent(task, logOf(history.key[row]!), row);
    else if (role === streamRoles.compacted) addCompaction(task, logOf(history.key[row]!), row);
  }
  for (const log of logs.values()) tellGaps(task, log);
  return logs;
}

/** The version that a record names; −1, and a word on it, where it names none. */
export function versionOf(task: StreamTask, row: number, expected: string): number {
  const version = fieldOf(task.history.value[row], task.fields.version);
  if (typeof version === "number" && Number.isSafeInteger(version) && version >= 1) return version;
  task.unreadable.add(row, expected);
  return -1;
}

function addEvent(task: StreamTask, log: StreamLog, row: number): void {
  const { history, fields } = task;
  const version = versionOf(task, row, form);
  if (version < 0) return;
  const state = fieldOf(history.value[row], fields.state);
  if (state !== undefined) {
    const before = log.stateRows.get(version);
    if (before === undefined) log.stateRows.add(version, row);
    else if (!isSameJson(state, fieldOf(history.value[before], fields.state)) && history.final[row] === 0) {
      task.reasons.add(
        `${operationName(history, before)} and ${operationName(history, row)} say different things of version ${version} of ${keyName(history, log.key)}`,
      );
    }
  }
  if (history.final[row] !== 1) return;
  task.operations++;
  log.highest = Math.max(log.highest, version);
  const other = log.rows.get(version);
  if (other !== undefined) tellFork(task, log, version, other, row);
  else log.rows.add(version, row);
  const event = fieldOf(history.value[row], fields.event);
  if (event === undefined || event === null) return;
  const identity = identityOf(event);
  const known = log.versions.get(identity);
  if (known === undefined) log.versions.set(identity, version);
  else if (known !== version) tellRepeated(task, log, event, known, version, row);
}

function addCompaction(task: StreamTask, log: StreamLog, row: number): void {
  const version = versionOf(task, row, '{"version":1,"state":…}');
  if (version < 0) return;
  log.compactedTo = Math.max(log.compactedTo, version);
}

function tellFork(task: StreamTask, log: StreamLog, version: number, other: number, row: number): void {
  const { history, fields, anomalies } = task;
  const events = [other, row].map((at) => fieldOf(history.value[at], fields.event));
  const proof = (): string =>
    `${keyName(history, log.key)} has two events of version ${version}: ${valueText(events[0])} ` +
    `(${operationName(history, other)}) and ${valueText(events[1])} (${operationName(history, row)})`;
  anomalies.add({ type: "version-fork", key: log.key, rows: [other, row], proof });
}

function tellRepeated(
  { history, anomalies }: StreamTask,
  log: StreamLog,
  event: Json,
  first: number,
  second: number,
  row: number,
): void {
  const firstRow = log.rows.get(first) ?? row;
  const proof = (): string =>
    `${keyName(history, log.key)} has the event ${valueText(event)} twice: as version ${first} ` +
    `(${operationName(history, firstRow)}) and as version ${second} (${operationName(history, row)})`;
  anomalies.add({ type: "repeated-event", key: log.key, rows: [firstRow, row], proof });
}

/** One anomaly for each stretch of versions that are missing. */
function tellGaps({ history, anomalies }: StreamTask, log: StreamLog): void {
  let before = log.compactedTo;
  for (const version of log.rows.rising()) {
    const first = before + 1;
    before = Math.max(before, version);
    if (version <= first) continue;
    const row = log.rows.get(version)!;
    const names = version === first + 1 ? `version ${first}` : `versions ${first} to ${version - 1}`;
    const proof = (): string =>
      `${keyName(history, log.key)} has no event of ${names}, but one of version ${version} (${operationName(history, row)})`;
    anomalies.add({ type: "version-gap", key: log.key, rows: [row], proof });
  }
}
