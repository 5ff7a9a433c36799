import type { HistoryEvent } from "../../checkers/history/operation.ts";

/** The lines as events, one after the other, a millisecond each. */
export function inMilliseconds(lines: readonly object[]): HistoryEvent[] {
  return lines.map((line, index) => ({ ...line, index, time: index * 1e6 }) as HistoryEvent);
}
