import { fieldOf } from "../../checkers/history/json-value.ts";
import type { HistoryEvent, Json, Operation, RecordEvent } from "../../checkers/history/operation.ts";

/**
 * What is wrong with caches, as `type index` with the last line that shows it, comparing each entry and read with each
 * write. Entities of which two stored records differ, and entries where nothing says what is stored, are not judged;
 * neither are reads of what may have been deleted.
 */
export function cacheAnomalies(events: readonly HistoryEvent[], maxStalenessMs: number): string[] {
  const records = events.filter((event): event is RecordEvent => event.type === "record");
  const version = ({ value }: RecordEvent | Operation): number => Number(fieldOf(value, "version") ?? 0);
  const found: string[] = [];
  const isStoreKnown = records.some(({ f }) => f === "stored");
  for (const entry of records.filter(({ f, value }) => f === "cached" && value !== null)) {
    const all = records.filter(({ f, key }) => f === "stored" && key === entry.key);
    const texts = new Set(all.map(({ value }) => JSON.stringify(value)));
    if (!isStoreKnown || texts.size > 1) continue;
    const type = entryAnomaly(entry.value ?? null, all[0]?.value ?? null);
    if (type !== null) found.push(`${type} ${entry.index}`);
  }
  const operations = events.filter((event): event is Operation => !records.includes(event as RecordEvent));
  for (const read of operations.filter(
    ({ type, node, f }) => type === "ok" && node === "cache" && f === "read",
  )) {
    const sent = operations.findLast(
      (event) => event.type === "invoke" && event.process === read.process && event.index < read.index,
    )!;
    const isDeletable = operations.some(
      ({ f, type, key, process, index }) =>
        f === "delete" &&
        type === "invoke" &&
        key === read.key &&
        operations.find((event) => event.process === process && event.index > index)?.type !== "fail",
    );
    if (isDeletable) continue;
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

/** What an entry of a cache is by the definition of it, against what is stored. */
function entryAnomaly(entry: Json, stored: Json): string | null {
  const of = (record: Json) => ({
    version: (fieldOf(record, "version") as number | undefined) ?? null,
    value: fieldOf(record, "value") ?? null,
  });
  const [held, kept] = [of(entry), of(stored)];
  const saysNothing = ({ version, value }: ReturnType<typeof of>): boolean => !version && value === null;
  if (saysNothing(kept)) return saysNothing(held) ? null : "ghost-entry";
  if (saysNothing(held)) return "stale-entry";
  if (held.version === null || kept.version === null) return held.value === kept.value ? null : "stale-entry";
  if (held.version !== kept.version) return held.version > kept.version ? "ghost-entry" : "stale-entry";
  return held.value === kept.value ? null : "wrong-entry";
}
