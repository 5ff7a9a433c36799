import { keyName, operationName, valueText } from "../history/describe-operation.ts";
import { RECORD } from "../history/history.ts";
import { fieldOf, isSameJson } from "../history/json-value.ts";
import type { Json } from "../history/operation.ts";
import { streamRoles, type UpcastOptions } from "./event-stream-options.ts";
import type { StreamTask } from "./event-stream-task.ts";
import type { StreamLog, StreamLogs } from "./stream-log.ts";
import { versionOf } from "./stream-records.ts";

/** By version: row of the first record of the event in its new form. */
type UpcastRows = Map<number, number>;

/**
 * To bring events into a new form and then fold them gives what folding them and then bringing the state into the
 * new form gives: upcast and fold commute. And one event has one new form. n log n in the records of a stream.
 */
export function checkUpcasts(
  task: StreamTask,
  { byKey }: StreamLogs,
  upcast: UpcastOptions | undefined,
): void {
  const { history, roles } = task;
  const streams = new Map<number, UpcastRows>();
  for (let row = 0; row < history.length; row++) {
    if (history.type[row] !== RECORD || roles[history.f[row]!] !== streamRoles.upcasted) continue;
    const version = versionOf(task, row, '{"version":1,"event":…}');
    if (version < 0) continue;
    const key = history.key[row]!;
    let rows = streams.get(key);
    if (rows === undefined) {
      rows = new Map();
      streams.set(key, rows);
    }
    const known = rows.get(version);
    if (known === undefined) rows.set(version, row);
    else checkSameForm(task, key, version, known, row);
  }
  if (streams.size > 0 && upcast === undefined)
    task.reasons.add("no option `upcast` says how events in their new form are folded");
  if (upcast === undefined) return;
  for (const [key, rows] of streams) foldStream(task, key, rows, byKey[key], upcast);
}

function checkSameForm(task: StreamTask, key: number, version: number, known: number, row: number): void {
  const { history, fields, anomalies } = task;
  const [one, two] = [known, row].map((at) => fieldOf(history.value[at], fields.event) ?? null);
  task.operations++;
  if (isSameJson(one, two)) return;
  const proof = (): string =>
    `the event of version ${version} of ${keyName(history, key)} was brought into the new form ${valueText(one)} ` +
    `(${operationName(history, known)}) and into ${valueText(two)} (${operationName(history, row)})`;
  anomalies.add({ type: "unstable-upcast", key, rows: [known, row], proof });
}

function foldStream(
  task: StreamTask,
  key: number,
  rows: UpcastRows,
  log: StreamLog | undefined,
  upcast: UpcastOptions,
): void {
  const { history, fields } = task;
  const versions = [...rows.keys()].sort((a, b) => a - b);
  const oldState = (version: number): number => log?.table.stateRow(key, version) ?? -1;
  const upcastOf = (row: number): Json => upcast.state!(fieldOf(history.value[row], fields.state) as Json);
  let version = versions[0]! - 1;
  const start = oldState(version);
  let state = version === 0 ? upcast.init : null;
  if (version > 0) {
    // What was compacted away is known from its state in the old form.
    if (start < 0 || upcast.state === undefined) {
      leaveOpen(task, key, version);
      return;
    }
    state = upcastOf(start);
  }
  for (const next of versions) {
    if (next !== ++version) {
      leaveOpen(task, key, version);
      return;
    }
    const row = rows.get(version)!;
    for (const event of formsOf(fieldOf(history.value[row], fields.event)))
      state = upcast.apply(state, event);
    task.operations++;
    const told = fieldOf(history.value[row], fields.state);
    const old = upcast.state === undefined ? -1 : oldState(version);
    const folded = state;
    // What comes after a state that is wrong is wrong as well.
    if (told !== undefined && !isSameJson(told, folded)) {
      tellWrong(task, key, version, row, folded);
      return;
    }
    if (old < 0) continue;
    const expected = upcastOf(old);
    if (isSameJson(expected, folded)) continue;
    tellOffFold(task, key, version, { row, old, folded, expected });
    return;
  }
}

/** An event may become several, or none. */
function formsOf(event: Json | undefined): readonly Json[] {
  if (event === undefined || event === null) return [];
  return Array.isArray(event) ? (event as readonly Json[]) : [event];
}

function leaveOpen(task: StreamTask, key: number, version: number): void {
  task.reasons.add(`no record shows the new form of version ${version} of ${keyName(task.history, key)}`);
}

function tellWrong(
  { history, fields, anomalies }: StreamTask,
  key: number,
  version: number,
  row: number,
  folded: Json,
): void {
  const proof = (): string =>
    `${operationName(history, row)} has ${valueText(fieldOf(history.value[row], fields.state))} for ${keyName(history, key)} ` +
    `at version ${version}, but its events in the new form up to there make ${valueText(folded)}`;
  anomalies.add({ type: "wrong-upcast", key, rows: [row], proof });
}

function tellOffFold(
  { history, anomalies }: StreamTask,
  key: number,
  version: number,
  found: { readonly row: number; readonly old: number; readonly folded: Json; readonly expected: Json },
): void {
  const proof = (): string =>
    `the events of ${keyName(history, key)} up to version ${version} make ${valueText(found.folded)} in the new form ` +
    `(${operationName(history, found.row)}), but their state in the old form (${operationName(history, found.old)}) ` +
    `becomes ${valueText(found.expected)}`;
  anomalies.add({ type: "upcast-off-fold", key, rows: [found.old, found.row], proof });
}
