import { fieldOf } from "../../checkers/history/json-value.ts";
import type { HistoryEvent, Json } from "../../checkers/history/operation.ts";
import type { ChoiceTape } from "./choice-tape.ts";

/** The events of a versioned store that stores some writes as the first version. */
export function withVersionsBack(events: readonly HistoryEvent[], tape: ChoiceTape): HistoryEvent[] {
  return events.map((event) => {
    if (event.type !== "ok" || event.f === "read") return event;
    const version = fieldOf(event.value, "version");
    if (typeof version !== "number" || version < 2 || !tape.once(2)) return event;
    const back = { ...(event.value as Record<string, Json>), version: 1 };
    return { ...event, value: back };
  });
}
