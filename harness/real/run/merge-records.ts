import type { HistoryEvent } from "../../../checkers/history/operation.ts";
import { readRecords } from "../services/record-file.ts";

/**
 * Puts what services wrote down, in the files of these paths, between what the harness recorded: by time,
 * since all of it is on one clock; the harness's own events keep their order.
 */
export function mergeRecords(recorded: readonly HistoryEvent[], paths: readonly string[]): HistoryEvent[] {
  const written = paths
    .flatMap((path) => readRecords(path))
    .sort((a, b) => a.time - b.time)
    .map(({ time, f, key, node, value }) => ({ time, type: "record" as const, f, key, node, value }));
  const merged: HistoryEvent[] = [];
  let next = 0;
  for (const event of recorded) {
    for (; next < written.length; next++) {
      const record = written[next];
      if (record === undefined || record.time > event.time) break;
      merged.push({ index: merged.length, ...record });
    }
    merged.push({ ...event, index: merged.length });
  }
  // What was written after the harness's last event is no part of the run any more.
  return merged;
}
