import type { HistoryEvent } from "../../checkers/history/operation.ts";
import type { CheckerRecord, RunRecord } from "../record/run-record.ts";
import type { Form } from "./scenario.ts";

/** The flaws of a form that a run shows, by their positions; nothing where the form lists none. */
export function flawsSeen(
  { flaws }: Form,
  checkers: readonly CheckerRecord[],
  events: readonly HistoryEvent[],
): Pick<RunRecord, "flaws"> {
  if (flaws === undefined) return {};
  const seen = flaws.flatMap((flaw, position) => {
    const { anomalies = [] } = checkers.find(({ checker }) => checker === flaw.checker) ?? {};
    const shows = anomalies.some(
      (anomaly) => flaw.types.includes(anomaly.type) && flaw.isSeenIn?.(anomaly, events) !== false,
    );
    return shows ? [position] : [];
  });
  return { flaws: seen };
}
