import type { HistoryEvent, Json } from "../../checkers/history/operation.ts";

/** Writes records down, one after the other. */
export class RecordLog {
  readonly events: HistoryEvent[] = [];

  add(f: string, key: string, node: string, value: Json, final: boolean): void {
    const index = this.events.length;
    const record = { index, time: index, type: "record", f, key, node, value } as const;
    this.events.push(final ? { ...record, final } : record);
  }
}

/** The same events with indexes that count them, after some were taken out. */
export function renumbered(events: readonly HistoryEvent[]): HistoryEvent[] {
  return events.map((event, index) => ({ ...event, index, time: index }));
}
