import { keyName, operationName, valueText } from "../history/describe-operation.ts";
import { fieldOf, isSameJson } from "../history/json-value.ts";
import type { Json } from "../history/operation.ts";
import { EventPlaces } from "./event-places.ts";
import { streamRoles } from "./event-stream-options.ts";
import type { StreamTask } from "./event-stream-task.ts";
import type { StreamRecords } from "./stream-records.ts";
import { VersionTable } from "./version-table.ts";

/** One stream as its events say. */
export interface StreamLog {
  readonly key: number;
  /** The rows that show its versions, and those of all other streams. */
  readonly table: VersionTable;
  /** Highest version of the final log; 0 for an empty one. */
  highest: number;
  /** Versions of the final log. */
  finals: number;
  /** Events up to this version may be gone; 0 where nothing was compacted. */
  compactedTo: number;
  /** Highest version of any record, final or live. */
  lastShown: number;
  /** Is there a final record of it? Only then what is not shown is not there. */
  isInspected: boolean;
}

/** The logs of all streams. */
export interface StreamLogs {
  /** By key of the history; undefined for what is no stream. */
  readonly byKey: readonly (StreamLog | undefined)[];
  readonly table: VersionTable;
  /** The events of the final logs. */
  readonly places: EventPlaces;
}

/**
 * Collects the logs of all streams, and tells where versions are not 1 to n: gaps, forks, an event that is
 * there twice. Linear; n log n where versions are far apart.
 */
export function collectStreamLogs(task: StreamTask, records: StreamRecords): StreamLogs {
  const { history, roles } = task;
  const { rows, versions } = records;
  const byKey = new Array<StreamLog | undefined>(history.keys.length).fill(undefined);
  const table = new VersionTable(records);
  const places = new EventPlaces(rows.length);
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at]!;
    const key = history.key[row]!;
    byKey[key] ??= { key, table, highest: 0, finals: 0, compactedTo: 0, lastShown: 0, isInspected: false };
    const version = versions[at]!;
    if (version < 0) continue;
    if (roles[history.f[row]!] === streamRoles.event) addEvent(task, byKey[key], places, version, row);
    else addCompaction(task, byKey[key], version, row);
  }
  for (const log of byKey) if (log !== undefined) tellGaps(task, log);
  return { byKey, table, places };
}

function addEvent(task: StreamTask, log: StreamLog, places: EventPlaces, version: number, row: number): void {
  const { history, fields } = task;
  const { table } = log;
  const state = fieldOf(history.value[row], fields.state);
  if (state !== undefined) {
    const before = table.addState(log.key, version, row);
    if (before >= 0 && history.final[row] === 0) checkState(task, log, version, before, row);
  }
  if (version > log.lastShown) log.lastShown = version;
  const event = fieldOf(history.value[row], fields.event);
  if (event !== undefined && event !== null) checkName(task, log, version, event, row);
  if (history.final[row] !== 1) return;
  task.operations++;
  log.isInspected = true;
  if (version > log.highest) log.highest = version;
  const other = table.addFinal(log.key, version, row);
  if (other >= 0) tellFork(task, log, version, other, row);
  else log.finals++;
  if (event === undefined || event === null) return;
  const known = places.add(log.key, event, version);
  if (known > 0 && known !== version) {
    const firstRow = table.finalRow(log.key, known);
    tellRepeated(task, log, event, { version: known, row: firstRow }, { version, row });
  }
}

/** Two live records, or a final one and a live one after it, of one version: they must say the same state. */
function checkState(task: StreamTask, log: StreamLog, version: number, before: number, row: number): void {
  const { history, fields, reasons } = task;
  const [one, two] = [before, row].map((at) => fieldOf(history.value[at], fields.state));
  if (isSameJson(one, two)) return;
  reasons.add(
    `${operationName(history, before)} and ${operationName(history, row)} say different things of version ${version} of ${keyName(history, log.key)}`,
  );
}

/** A live record proves that its event was there: no other can have been there under its version. */
function checkName(task: StreamTask, log: StreamLog, version: number, event: Json, row: number): void {
  const { history, fields } = task;
  const first = log.table.addNamed(log.key, version, row);
  if (first < 0) return;
  // Two final records of one version are told below, whatever their events are.
  if (history.final[first] === 1 && history.final[row] === 1) return;
  if (!isSameJson(fieldOf(history.value[first], fields.event), event))
    tellFork(task, log, version, first, row);
}

function addCompaction(task: StreamTask, log: StreamLog, version: number, row: number): void {
  log.compactedTo = Math.max(log.compactedTo, version);
  if (task.history.final[row] === 1) log.isInspected = true;
}

function tellFork(task: StreamTask, log: StreamLog, version: number, other: number, row: number): void {
  const { history, fields, anomalies } = task;
  const events = [other, row].map((at) => fieldOf(history.value[at], fields.event));
  const proof = (): string =>
    `${keyName(history, log.key)} has two events of version ${version}: ${valueText(events[0])} ` +
    `(${operationName(history, other)}) and ${valueText(events[1])} (${operationName(history, row)})`;
  anomalies.add({ type: "version-fork", key: log.key, rows: [other, row], proof });
}

interface ShownVersion {
  readonly version: number;
  readonly row: number;
}

function tellRepeated(
  { history, anomalies }: StreamTask,
  log: StreamLog,
  event: Json,
  first: ShownVersion,
  second: ShownVersion,
): void {
  const proof = (): string =>
    `${keyName(history, log.key)} has the event ${valueText(event)} twice: as version ${first.version} ` +
    `(${operationName(history, first.row)}) and as version ${second.version} (${operationName(history, second.row)})`;
  anomalies.add({ type: "repeated-event", key: log.key, rows: [first.row, second.row], proof });
}

/** One anomaly for each stretch of versions that are missing. */
function tellGaps({ history, anomalies }: StreamTask, log: StreamLog): void {
  // Versions are whole numbers from 1 on, each counted once: none is missing.
  if (log.finals === log.highest) return;
  let before = log.compactedTo;
  for (const version of log.table.finalVersions(log.key)) {
    const first = before + 1;
    before = Math.max(before, version);
    if (version <= first) continue;
    const row = log.table.finalRow(log.key, version);
    const names = version === first + 1 ? `version ${first}` : `versions ${first} to ${version - 1}`;
    const proof = (): string =>
      `${keyName(history, log.key)} has no event of ${names}, but one of version ${version} (${operationName(history, row)})`;
    anomalies.add({ type: "version-gap", key: log.key, rows: [row], proof });
  }
}
