import { keyName, operationName, valueText } from "../history/describe-operation.ts";
import { FAIL, INVOKE } from "../history/history.ts";
import { identityOf } from "../history/json-value.ts";
import type { Json } from "../history/operation.ts";
import { streamRoles } from "./event-stream-options.ts";
import type { StreamTask } from "./event-stream-task.ts";
import type { StreamLog } from "./stream-log.ts";
import { eventsAppended, placeOf, type StreamProgress } from "./stream-progress.ts";

/**
 * An event follows whatever was there before anybody asked to append it. Where an event was appended again, by a client
 * that had no answer, the first time counts. Logarithmic for each event.
 */
export function checkAppendOrder(
  task: StreamTask,
  logs: ReadonlyMap<number, StreamLog>,
  progress: StreamProgress,
): void {
  const { history, roles, fields } = task;
  const sent = new Map<StreamLog, Set<unknown>>();
  for (let row = 0; row < history.length; row++) {
    if (history.type[row] !== INVOKE || roles[history.f[row]!] !== streamRoles.append) continue;
    const end = history.mate[row]!;
    const log = logs.get(history.key[row]!);
    if (log === undefined || (end >= 0 && history.type[end] === FAIL)) continue;
    let known = sent.get(log);
    if (known === undefined) {
      known = new Set();
      sent.set(log, known);
    }
    for (const event of eventsAppended(history.value[row], fields) ?? []) {
      const identity = identityOf(event);
      if (known.has(identity)) continue;
      known.add(identity);
      const version = placeOf(log, event);
      const before = progress.knownBefore(log, row);
      if (version <= 0 || before.version < version) continue;
      tellReordered(task, log, row, event, version, before);
      break;
    }
  }
}

function tellReordered(
  { history, anomalies }: StreamTask,
  log: StreamLog,
  row: number,
  event: Json,
  version: number,
  before: { readonly version: number; readonly row: number },
): void {
  const place = log.rows.get(version)!;
  const proof = (): string =>
    `${operationName(history, before.row)} shows that ${keyName(history, log.key)} had come to version ${before.version}; ` +
    `only then ${operationName(history, row)} was sent, but its event ${valueText(event)} is version ${version} (${operationName(history, place)})`;
  anomalies.add({ type: "reordered-append", key: log.key, rows: [before.row, row, place], proof });
}
