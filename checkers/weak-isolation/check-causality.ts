import type { CheckBudget } from "../check-budget.ts";
import type { CheckResult } from "../checker.ts";
import type { History } from "../history/history.ts";
import { resultOf } from "../result.ts";
import type { CausalVariant } from "./causal-variant.ts";
import { CausalVerdicts } from "./causal-verdicts.ts";
import { ConsistencyPass } from "./consistency-pass.ts";
import {
  ambiguity,
  type IsolationEvidence,
  isolationEvidence,
  type WeakIsolationOptions,
} from "./isolation-evidence.ts";
import { MemoryPass } from "./memory-pass.ts";

/** The variants that ask for no common order of commits. */
type SessionVariant = Exclude<CausalVariant, "causal-convergence">;

/**
 * Has the history causal consistency, or causal memory? Reads that are not repeatable have neither, as a
 * transaction sees one state. `details`: `strongestCausal` names the strongest variants that hold,
 * `undecided` those that were not decided, `violated` the demanded one where it does not hold, `anomalyTypes`
 * what was found. All are left out where something could not be decided and nothing is broken.
 */
export function checkCausality(
  history: History,
  variant: SessionVariant,
  options: WeakIsolationOptions,
  budget?: CheckBudget,
): CheckResult {
  const evidence = isolationEvidence(history, options);
  if ("unreadable" in evidence) return evidence.unreadable;
  const { visible, before, anomalies, found, isReadBroken } = evidence;
  const verdicts = new CausalVerdicts();
  const reasons: string[] = [];
  let omitted = 0;
  let stop: string | null = null;
  if (before.isCyclic) omitted += found.addCausalityCycles();
  else {
    const answer = decide(variant, evidence, budget);
    stop = answer.stopped;
    omitted += answer.omitted;
    if (stop !== null) reasons.push(`stopped: ${stop}`);
  }
  if (visible.ambiguousRead >= 0) reasons.push(ambiguity(visible));
  const isBroken = anomalies.count > 0;
  if (isReadBroken || before.isCyclic) verdicts.set("causal-consistency", false);
  else if (isBroken || reasons.length === 0) {
    verdicts.set(variant, !isBroken);
    if (stop === null) verdicts.complete(visible, before, budget);
  }
  const report = anomalies.report(history);
  const anomalyTypes = [...new Set(report.anomalies.map(({ type }) => type))].sort();
  const violated = isBroken ? [variant] : [];
  return resultOf({
    operations: visible.examined,
    reasons,
    anomalies: report.anomalies,
    anomaliesOmitted: report.anomaliesOmitted + omitted,
    details: isBroken || reasons.length === 0 ? { ...verdicts.details(), violated, anomalyTypes } : {},
  });
}

/** Adds the anomalies of the variant, and counts those that are not added. */
function decide(
  variant: SessionVariant,
  { visible, before, found }: IsolationEvidence,
  budget: CheckBudget | undefined,
): { readonly stopped: string | null; readonly omitted: number } {
  if (variant === "causal-consistency") {
    const { broken, stopped } = new ConsistencyPass(visible, before).run(budget);
    return { stopped, omitted: found.addReaders(broken) };
  }
  const { broken, stopped } = new MemoryPass(visible, before).run(budget);
  const repeats = found.addRepeats();
  return { stopped, omitted: repeats + found.addSessions(broken) };
}
