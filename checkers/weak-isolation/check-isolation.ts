import type { CheckBudget } from "../check-budget.ts";
import type { CheckResult } from "../checker.ts";
import type { History } from "../history/history.ts";
import type { Json } from "../history/operation.ts";
import { resultOf } from "../result.ts";
import { CausalVerdicts } from "./causal-verdicts.ts";
import { commitGraph, cyclicComponents } from "./commit-graph.ts";
import { InferredEdges } from "./inferred-edges.ts";
import {
  ambiguity,
  type IsolationEvidence,
  isolationEvidence,
  type WeakIsolationOptions,
} from "./isolation-evidence.ts";
import { type WeakLevel, weakLevels } from "./isolation-level.ts";
import { addLevelEdges } from "./level-edges.ts";

/**
 * Is there an order of commits that agrees with session order, with reads-from, and with the axiom of the
 * level? `details`: `strongest` is the strongest level up to this one that holds (null: not even the
 * weakest), `violated` the weakest that does not, `anomalyTypes` what was found; for `causal` also
 * `strongestCausal` and `undecided`. The levels are left out where the budget ended before they were known; all is
 * left out where something could not be decided and nothing is broken.
 */
export function checkIsolation(
  history: History,
  level: WeakLevel,
  options: WeakIsolationOptions,
  budget?: CheckBudget,
): CheckResult {
  const evidence = isolationEvidence(history, options);
  if ("unreadable" in evidence) return evidence.unreadable;
  const { visible, before, anomalies, found } = evidence;
  const reasons: string[] = [];
  let omitted = 0;
  let stop: string | null = null;
  if (before.isCyclic) omitted += found.addCausalityCycles();
  else {
    const edges = new InferredEdges(1000);
    stop = addLevelEdges(level, visible, before, edges, budget);
    if (stop !== null) reasons.push(`stopped: ${stop}`);
    omitted += found.addLevel(level, edges);
  }
  if (visible.ambiguousRead >= 0) reasons.push(ambiguity(visible));
  const isBroken = anomalies.count > 0;
  const report = anomalies.report(history);
  const anomalyTypes = [...new Set(report.anomalies.map(({ type }) => type))].sort();
  const isAnswered = isBroken || reasons.length === 0;
  return resultOf({
    operations: visible.examined,
    reasons,
    anomalies: report.anomalies,
    anomaliesOmitted: report.anomaliesOmitted + omitted,
    details: isAnswered ? { ...levelDetails(level, evidence, stop, budget), anomalyTypes } : {},
  });
}

function levelDetails(
  level: WeakLevel,
  evidence: IsolationEvidence,
  stop: string | null,
  budget: CheckBudget | undefined,
): Readonly<Record<string, Json>> {
  const strongest = stop === null ? strongestOf(level, evidence, budget) : undefined;
  const next = weakLevels[strongest == null ? 0 : weakLevels.indexOf(strongest) + 1];
  const violated = strongest === level || next === undefined ? [] : [next];
  return {
    ...(strongest === undefined ? {} : { strongest, violated }),
    ...(level === "causal" ? causalDetails(evidence, stop, budget) : {}),
  };
}

/** The strongest level up to `level` that holds; undefined where the budget ended before that was known. */
function strongestOf(
  level: WeakLevel,
  { visible, before, anomalies, isReadBroken }: IsolationEvidence,
  budget: CheckBudget | undefined,
): WeakLevel | null | undefined {
  if (anomalies.count === 0) return level;
  if (isReadBroken || before.isCyclic) return null;
  const weaker = weakLevels.slice(0, weakLevels.indexOf(level)).reverse();
  for (const candidate of weaker) {
    const edges = new InferredEdges(1);
    if (addLevelEdges(candidate, visible, before, edges, budget) !== null) return undefined;
    if (edges.initialCount > 0 || edges.repeatCount > 0) continue;
    if (cyclicComponents(commitGraph(before, edges)).components === 0) return candidate;
  }
  return null;
}

function causalDetails(
  { visible, before, anomalies, isReadBroken }: IsolationEvidence,
  stop: string | null,
  budget: CheckBudget | undefined,
): Readonly<Record<string, Json>> {
  const verdicts = new CausalVerdicts();
  if (isReadBroken || before.isCyclic) verdicts.set("causal-consistency", false);
  else {
    verdicts.set("causal-convergence", anomalies.count === 0);
    if (stop === null) verdicts.complete(visible, before, budget);
  }
  return verdicts.details();
}
