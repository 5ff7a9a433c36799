import { keyName, operationName, valueText } from "../history/describe-operation.ts";
import { type AppendedNumbers, eventsAppended, mayAppend } from "./appended-numbers.ts";
import type { StreamTask } from "./event-stream-task.ts";
import type { StreamLogs } from "./stream-log.ts";
import type { StreamProgress } from "./stream-progress.ts";

/**
 * An event follows whatever was there before anybody asked to append it. Where an event was appended again, by a client
 * that had no answer, the first time counts. Linear.
 */
export function checkAppendOrder(
  task: StreamTask,
  { table, places }: StreamLogs,
  { starts, numbers }: AppendedNumbers,
  progress: StreamProgress,
): void {
  const { history } = task;
  const sent = new Uint8Array(places.size);
  for (let row = 0; row < history.length; row++) {
    const start = starts[row]!;
    if (start < 0 || !mayAppend(history, row)) continue;
    const known = progress.versionBefore(row);
    const count = numbers[start]!;
    for (let at = 0; at < count; at++) {
      const number = numbers[start + 1 + at]!;
      if (number < 0 || sent[number] === 1) continue;
      sent[number] = 1;
      const version = places.placeOf(number);
      if (version <= 0 || known < version) continue;
      tellReordered(task, row, at, { version, row: table.finalRow(history.key[row]!, version) }, progress);
      break;
    }
  }
}

function tellReordered(
  { history, fields, anomalies }: StreamTask,
  row: number,
  at: number,
  place: { readonly version: number; readonly row: number },
  progress: StreamProgress,
): void {
  const key = history.key[row]!;
  const before = progress.rowBefore(row);
  const proof = (): string =>
    `${operationName(history, before)} shows that ${keyName(history, key)} had come to version ${progress.versionBefore(row)}; ` +
    `only then ${operationName(history, row)} was sent, but its event ${valueText(eventsAppended(history.value[row], fields)[at])} is version ${place.version} (${operationName(history, place.row)})`;
  anomalies.add({ type: "reordered-append", key, rows: [before, row, place.row], proof });
}
