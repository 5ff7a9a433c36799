import type { Checker } from "../../../checkers/checker.ts";
import type { HistoryEvent } from "../../../checkers/history/operation.ts";
import { nothingExamined } from "../../../checkers/result.ts";
import { mergeVerdicts, type Verdict } from "../../../checkers/verdict.ts";
import { buildHistory } from "../build-history.ts";
import { findingOf } from "../checker-laws.ts";

/** The verdict, and the types of anomalies with their keys, each once: what does not depend on who is named as a witness. */
export function kindsOf(checker: Checker, events: readonly HistoryEvent[]): unknown {
  const { verdict, anomalies } = findingOf(checker, events);
  return { verdict, kinds: [...new Set(anomalies.map(({ type, key }) => `${type} ${key}`))].sort() };
}

/** The verdict; null where there was nothing to examine. */
export function verdictOf(checker: Checker, events: readonly HistoryEvent[]): Verdict | null {
  const result = checker.check(buildHistory(events));
  return result.verdict === "unknown" && result.reason === nothingExamined ? null : result.verdict;
}

/** The verdict of parts together: a part with nothing to examine says nothing. */
export function mergedVerdict(verdicts: readonly (Verdict | null)[]): Verdict | null {
  const known = verdicts.filter((verdict) => verdict !== null);
  return known.length === 0 ? null : mergeVerdicts(known);
}
