import type { CheckBudget } from "./check-budget.ts";
import type { Checker, CheckResult } from "./checker.ts";
import type { History } from "./history/history.ts";
import { mergeVerdicts, type Verdict } from "./verdict.ts";

/** What one checker answered, with the words that a report needs. Plain data. */
export interface CheckerOutcome {
  /** Name of the checker. */
  readonly checker: string;
  readonly claim: string;
  readonly blindSpots: readonly string[];
  readonly result: CheckResult;
}

/** What all checkers answered, and the verdict of them together. */
export interface HistoryCheck {
  readonly verdict: Verdict;
  readonly results: readonly CheckerOutcome[];
}

/**
 * Runs each checker on the history, in order. The verdict is invalid if any is invalid, else unknown if
 * any is unknown or there are none. A checker that throws counts as unknown, with the cause: a fault in
 * a checker must not pass for a fault in the system, nor hide what the other checkers found. All share
 * the budget, where one is given.
 */
export function checkHistory(
  history: History,
  checkers: readonly Checker[],
  budget?: CheckBudget,
): HistoryCheck {
  const results = checkers.map((checker) => outcomeOf(history, checker, budget));
  return { verdict: mergeVerdicts(results.map(({ result }) => result.verdict)), results };
}

function outcomeOf(history: History, checker: Checker, budget: CheckBudget | undefined): CheckerOutcome {
  const { name, claim, blindSpots } = checker;
  return { checker: name, claim, blindSpots, result: safely(history, checker, budget) };
}

function safely(history: History, checker: Checker, budget: CheckBudget | undefined): CheckResult {
  try {
    return checker.check(history, budget);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    const reason = `the checker itself failed: ${message}`;
    return { verdict: "unknown", anomalies: [], reason, stats: { operations: 0 } };
  }
}
