import type { CheckResult } from "../checker.ts";
import type { History } from "../history/history.ts";
import { resultOf } from "../result.ts";
import { brokenLevels } from "./isolation-anomalies.ts";
import type { IsolationDemand } from "./isolation-demand.ts";
import type { IsolationEvidence } from "./isolation-evidence.ts";
import { strongestHolding, undecidedOf, weakestOf } from "./isolation-levels.ts";

/** Kind of "anomaly" that says that there was nothing to judge: no transaction depends on another one. */
const emptyGraph = "empty-transaction-graph";

/** What {@link isolationResult} needs. */
export interface IsolationFindings {
  readonly history: History;
  readonly evidence: IsolationEvidence;
  readonly demand: IsolationDemand;
  /** Committed transactions. */
  readonly operations: number;
  readonly reasons: readonly string[];
  /** Is no transaction related to another one? */
  readonly isEmpty: boolean;
  /** Was every level decided that would be named as the strongest? Taken for true where it is left out. */
  readonly isStrongestKnown?: boolean;
}

/**
 * The verdict and the details `anomalyTypes`, `violated` and `strongest`. The last one is left out where
 * something could not be decided.
 */
export function isolationResult(findings: IsolationFindings): CheckResult {
  const { history, evidence, demand, operations, isEmpty } = findings;
  const broken = brokenLevels(evidence.types);
  const types = isEmpty ? [...evidence.forbiddenTypes, emptyGraph] : evidence.forbiddenTypes;
  const details = { anomalyTypes: types.sort(), violated: weakestOf(broken) };
  const isDecided = findings.reasons.length === 0;
  const reasons = [...findings.reasons];
  if (isEmpty && isDecided && operations > 0) {
    reasons.push("no transaction depends on another one: there was nothing that could have gone wrong");
  }
  const undecided = undecidedOf(demand.levels, broken, demand.order);
  if (undecided.length > 0 && isDecided) {
    reasons.push(
      `${[...evidence.types].sort().join(", ")} was seen, and it is not decided whether that breaks ` +
        `${undecided.join(" and ")} isolation here`,
    );
  }
  return resultOf({
    operations,
    reasons,
    details:
      isDecided && findings.isStrongestKnown !== false
        ? { ...details, strongest: strongestHolding(broken, demand.order) }
        : details,
    ...evidence.list.report(history),
  });
}
