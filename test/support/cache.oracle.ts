import { fieldOf } from "../../checkers/history/json-value.ts";
import type { HistoryEvent, Operation, RecordEvent } from "../../checkers/history/operation.ts";

/** What is wrong with caches, as `type index` with the last line that shows it, comparing each entry and read with each write. */
export function cacheAnomalies(events: readonly HistoryEvent[], maxStalenessMs: number): string[] {
  const records = events.filter((event): event is RecordEvent => event.type === "record");
  const version = ({ value }: RecordEvent | Operation): number => Number(fieldOf(value, "version") ?? 0);
  const found: string[] = [];
  for (const entry of records.filter(({ f }) => f === "cached")) {
    const stored = records.find(({ f, key }) => f === "stored" && key === entry.key);
    const held = version(entry);
    const kept = stored === undefined ? 0 : version(stored);
    if (held === 0) continue;
    if (held > kept) found.push(`ghost-entry ${entry.index}`);
    else if (held < kept) found.push(`stale-entry ${entry.index}`);
    else if (fieldOf(entry.value, "value") !== fieldOf(stored?.value, "value")) {
      found.push(`wrong-entry ${entry.index}`);
    }
  }
  const operations = events.filter((event): event is Operation => !records.includes(event as RecordEvent));
  for (const read of operations.filter(
    ({ type, node, f }) => type === "ok" && node === "cache" && f === "read",
  )) {
    const sent = operations.findLast(
      (event) => event.type === "invoke" && event.process === read.process && event.index < read.index,
    )!;
    const isStale = operations.some(
      (write) =>
        write.type === "ok" &&
        write.f !== "read" &&
        write.key === read.key &&
        write.index < sent.index &&
        version(write) > version(read) &&
        sent.time - write.time > maxStalenessMs * 1e6,
    );
    if (isStale) found.push(`stale-read ${read.index}`);
  }
  return found.sort();
}
