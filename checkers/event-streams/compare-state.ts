import { keyName, operationName, valueText } from "../history/describe-operation.ts";
import { fieldOf, isSameJson } from "../history/json-value.ts";
import type { Json } from "../history/operation.ts";
import { streamRoles } from "./event-stream-options.ts";
import type { StreamTask } from "./event-stream-task.ts";
import type { StreamLog } from "./stream-log.ts";

const types: Readonly<Record<number, string>> = {
  [streamRoles.snapshot]: "wrong-snapshot",
  [streamRoles.replayed]: "wrong-replay",
  [streamRoles.compacted]: "wrong-compaction",
  [streamRoles.read]: "wrong-read",
  [streamRoles.readAt]: "wrong-read-at",
};

/** Holds the state that a row shows against the fold of the events up to a version. */
export function compareState(
  task: StreamTask,
  log: StreamLog,
  row: number,
  role: number,
  version: number,
): void {
  const { history, fields, anomalies } = task;
  const state = fieldOf(history.value[row], fields.state);
  if (state === undefined) return;
  const source = log.table.stateRow(log.key, version);
  if (source < 0) {
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

/** A read shows a version that the stream does not have at the end. */
export function tellOffStream(task: StreamTask, log: StreamLog, row: number, version: number): void {
  const { history, anomalies } = task;
  task.operations++;
  const proof = (): string =>
    `${operationName(history, row)} shows ${keyName(history, log.key)} at version ${version}, which its events do not have at the end`;
  anomalies.add({ type: "read-off-stream", key: log.key, rows: [row], proof });
}
