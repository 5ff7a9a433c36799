import type { History } from "../../checkers/history/history.ts";
import { HistoryBuilder } from "../../checkers/history/history-builder.ts";
import { formatEvent } from "../../checkers/history/ndjson-writer.ts";
import type { HistoryEvent } from "../../checkers/history/operation.ts";

/** The history of these events. */
export function buildHistory(events: readonly HistoryEvent[]): History {
  const builder = new HistoryBuilder();
  for (const event of events) builder.append(event);
  return builder.build();
}

/** The events as NDJSON, for messages. */
export function textOfEvents(events: readonly HistoryEvent[]): string {
  return events.map(formatEvent).join("\n");
}
