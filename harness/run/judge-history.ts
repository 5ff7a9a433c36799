import { createHash } from "node:crypto";
import { checkHistory } from "../../checkers/check-history.ts";
import { HistoryBuilder } from "../../checkers/history/history-builder.ts";
import { formatEvent } from "../../checkers/history/ndjson-writer.ts";
import type { HistoryEvent } from "../../checkers/history/operation.ts";
import { boundedMeasures } from "../record/bounded-measures.ts";
import type { CheckerRecord, HarnessFailure, RunRecord } from "../record/run-record.ts";
import type { IdleFault } from "./fault-schedule.ts";
import type { Scenario } from "./scenario.ts";

/** What a history says of its run. */
export type JudgedHistory = Pick<RunRecord, "verdict" | "checkers" | "operations" | "historyHash">;

/**
 * Hands a history to the scenario's checkers. After a failure of the harness nothing can be said. Why a fault touched
 * nothing stands in no history: where a checker cannot tell because of such a fault, `idle` says it.
 */
export function judgeHistory(
  scenario: Scenario,
  events: readonly HistoryEvent[],
  failure: HarnessFailure | null,
  idle: readonly IdleFault[] = [],
): JudgedHistory {
  return {
    ...(failure === null ? check(scenario, events, idle) : { verdict: "unknown", checkers: [] }),
    operations: events.reduce((count, event) => (event.type === "invoke" ? count + 1 : count), 0),
    historyHash: hashHistory(events),
  };
}

/** SHA-256 of a history's lines, its header left out: 64 hexadecimal digits. */
function hashHistory(events: readonly HistoryEvent[]): string {
  const hash = createHash("sha256");
  let lines = "";
  for (const event of events) lines += `${formatEvent(event)}\n`;
  return hash.update(lines).digest("hex");
}

function check(
  scenario: Scenario,
  events: readonly HistoryEvent[],
  idle: readonly IdleFault[],
): { verdict: RunRecord["verdict"]; checkers: CheckerRecord[] } {
  const builder = new HistoryBuilder();
  for (const event of events) builder.append(event);
  const { verdict, results } = checkHistory(builder.build(null), scenario.checkers);
  const checkers = results.map(({ checker, result }) => ({
    checker,
    verdict: result.verdict,
    reason: result.verdict === "unknown" ? explained(result.reason, idle) : null,
    anomalies: result.anomalies,
    operations: result.stats.operations,
    ...boundedMeasures(result.stats.measures),
  }));
  return { verdict, checkers };
}

/** The reason, and why those of the faults that it names touched nothing. */
function explained(reason: string, idle: readonly IdleFault[]): string {
  const named = idle.filter(({ fault }) => reason.includes(`the fault ${fault} `));
  return [reason, ...named.map(({ fault, why }) => `${fault}: ${why}`)].join("; ");
}
