import { fieldOf } from "../checkers/history/json-value.ts";
import type { HistoryEvent, RecordEvent } from "../checkers/history/operation.ts";

/** Was this process crashed by a fault of the run? */
export function wasCrashed(events: readonly HistoryEvent[], process: string): boolean {
  return events.some(
    (event) =>
      event.type === "fault" &&
      event.event === "inject" &&
      event.fault === "process-crash" &&
      event.target === process,
  );
}

/** Records of a kind in the order of the run: those that services wrote, or those of the end (`final`). */
export function recordsOf(
  events: readonly HistoryEvent[],
  f: string,
  when: "live" | "final",
  key?: string,
): readonly RecordEvent[] {
  return events.filter(
    (event) =>
      event.type === "record" &&
      event.f === f &&
      (event.final === true) === (when === "final") &&
      (key === undefined || event.key === key),
  ) as readonly RecordEvent[];
}

/** Was an operation of a client on that key acknowledged? */
export function wasAcknowledged(events: readonly HistoryEvent[], f: string, key: string): boolean {
  return events.some((event) => event.type === "ok" && event.f === f && event.key === key);
}

/** A number in the value of a record; NaN where there is none. */
export function numberIn({ value }: RecordEvent, field: string): number {
  const found = fieldOf(value, field);
  return typeof found === "number" ? found : Number.NaN;
}
