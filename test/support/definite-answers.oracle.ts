import type { HistoryEvent, Operation } from "../../checkers/history/operation.ts";

/** The anomalies of `definite-answers`, as `type index`, by asking of every completion what came before it. */
export function answerAnomalies(events: readonly HistoryEvent[]): string[] {
  return events.flatMap((event, at) => {
    if (event.type !== "ok" && event.type !== "fail" && event.type !== "info") return [];
    const { f, type, error, index } = event as Operation;
    const isBad = f === "bad-request";
    const isFaulty = events
      .slice(0, at)
      .some((earlier) => earlier.type === "fault" && earlier.event === "inject");
    const broke = error?.code === "internal" || error?.code === "http-500";
    if (broke && !isFaulty) return [`${isBad ? "bad" : "good"}-input-crashed ${index}`];
    return isBad && type === "ok" ? [`bad-input-accepted ${index}`] : [];
  });
}
