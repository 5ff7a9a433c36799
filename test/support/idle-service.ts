import type { HistoryEvent } from "../../checkers/history/operation.ts";
import type { ChoiceTape } from "./choice-tape.ts";
import { simulateService } from "./simulated-service.ts";

/** A run that proves nothing: no call succeeded, or a fault was not healed or touched nothing. */
export function simulateIdleness(tape: ChoiceTape): HistoryEvent[] {
  const what = tape.below(3);
  const fault = { type: "fault", id: 99, fault: "loss", target: "orders" } as const;
  const events = simulateService(tape, false).map((event): HistoryEvent => {
    if (what === 0 && event.type === "ok") return { ...event, type: "fail", error: { code: "unavailable" } };
    return event;
  });
  const { index, time } = events.at(-1)!;
  if (what > 0) events.push({ index: index + 1, time, ...fault, event: "inject" });
  if (what > 1) events.push({ index: index + 2, time, ...fault, event: "heal", bites: 0 });
  return events;
}
