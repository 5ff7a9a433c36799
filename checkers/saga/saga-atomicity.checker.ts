import { AnomalyList } from "../anomaly-list.ts";
import type { Checker, CheckResult } from "../checker.ts";
import type { History } from "../history/history.ts";
import { resultOf } from "../result.ts";
import { type BudgetWatch, withinBudget } from "../within-budget.ts";
import { neededSteps } from "./needed-steps.ts";
import { SagaCheck } from "./saga-check.ts";
import { collectSagas, type SagaFunctions, type SagaRecords } from "./saga-records.ts";

/** How {@link sagaAtomicity} reads a history. */
export interface SagaAtomicityOptions {
  /** Names of the kinds of records; each is called like its field here unless given. */
  readonly functions?: SagaFunctions;
  /**
   * Steps that every completed saga needs. Without it a saga's own record lists them (`steps`), or else they
   * are what the completed sagas without such a list did, taken together: then all sagas must be alike.
   */
  readonly steps?: readonly string[];
  /** `none` where steps may be undone in any order, as in choreography; `reverse` unless given. */
  readonly order?: "reverse" | "none";
  /** Kinds whose final records are complete even if there is none: `saga`, `effect`. */
  readonly inspected?: readonly ("saga" | "effect")[];
  /** Anomalies reported per type; 10 unless given. */
  readonly maxAnomalies?: number;
}

/**
 * Claim: a saga happens as a whole or not at all. Every saga ends; a completed one has the effect of each of
 * its steps exactly once and none undone; an aborted one has each effect that was done undone exactly once,
 * last first, with the same amount. No effect comes after its compensation, and none is compensated that
 * was impossible. Nobody saw an effect that was taken back afterwards, unless it was marked as pending.
 *
 * Reads the records `saga` `{state, steps?}`, `effect` `{step, kind, at, amount?}`, `attempted` `{step, kind}`, and
 * `seen` `{step, at, pending?}`, written by whoever read what the step of that saga did. Where a kind has final records these alone are the truth; live ones then only show that a
 * saga began. Effects are ordered by `at`; equal times are no order.
 *
 * Decides exactly, per saga: each anomaly of `docs/history-format.md` is one condition on its records. A
 * compensation without an effect is an anomaly if it carries an amount other than 0, or if the history has
 * `attempted` records and none to do that step. Without final records only what is there is judged (double
 * and late effects and the like), what is missing is not, and the verdict is never valid. Where nothing tells
 * which steps a completed saga needs, because no completed saga without a list did anything, the verdict is unknown.
 *
 * Cannot see: effects that no inspection shows, whether a step did the right thing, whether the amounts of a completed
 * saga balance (what one account lost and another got), what others saw of a saga and did not record. Linear,
 * n log n in the records of one saga.
 *
 * Sagas: Garcia-Molina and Salem, "Sagas", SIGMOD 1987, where a run is T1 … Tn or T1 … Tj Cj … C1. Dirty reads of
 * sagas and the mark against them: Frank and Zahle, "Semantic ACID properties in multidatabases", 1998.
 *
 * @throws RangeError where `maxAnomalies` is not a whole number of at least 1.
 */
export function sagaAtomicity(options: SagaAtomicityOptions = {}): Checker {
  // Bad options are refused here, not in the midst of a run.
  new AnomalyList(options.maxAnomalies);
  return {
    name: "saga-atomicity",
    claim:
      "every saga ends; a completed one has each effect exactly once, an aborted one has each effect undone " +
      "exactly once, last first; nobody acts on what is taken back",
    blindSpots: [
      "effects that the services do not record and the inspection of the stores does not show",
      "what others saw of a saga while it was running, unless they record it as `seen`",
      "whether the amounts of a completed saga balance: what one account lost and another got",
    ],
    check: (history, budget) => withinBudget(history, budget, (watch) => check(history, options, watch)),
  };
}

function check(history: History, options: SagaAtomicityOptions, watch: BudgetWatch): CheckResult {
  const anomalies = new AnomalyList(options.maxAnomalies);
  watch.keep(anomalies);
  watch.begin(0, 0.5, history.length);
  const records = collectSagas(history, options.functions ?? {}, options.inspected ?? []);
  const needed = neededSteps(history, records, options.steps);
  const isReverse = (options.order ?? "reverse") === "reverse";
  const sagas = new SagaCheck({ history, records, needed, isReverse, anomalies });
  watch.begin(0.5, 1, records.keys.length);
  for (let position = 0; position < records.keys.length; position++) {
    watch.at(position);
    sagas.saga(position);
  }
  return resultOf({
    operations: sagas.examined,
    reasons: reasonsOf(history, records, sagas),
    ...anomalies.report(history),
  });
}

function reasonsOf(history: History, records: SagaRecords, sagas: SagaCheck): string[] {
  const reasons = records.unreadable.reasons(history);
  if (records.keys.length === 0) return reasons;
  if (!records.hasFinalSagas) {
    const { endUnknown } = sagas;
    const count = endUnknown === 0 ? "" : ` (${endUnknown} ${endUnknown === 1 ? "has" : "have"} no end)`;
    reasons.push(`no final record tells which sagas never ended${count}`);
  }
  if (!records.hasFinalEffects)
    reasons.push("no final record tells which effects are there and which are not");
  if (sagas.needUnknown > 0) {
    const count = sagas.needUnknown === 1 ? "1 completed saga" : `${sagas.needUnknown} completed sagas`;
    reasons.push(`nothing tells which steps ${count} needed`);
  }
  if (sagas.seenUndated > 0) reasons.push(`${sagas.seenUndated} \`seen\` of aborted sagas have no \`at\``);
  if (sagas.undated > 0) {
    const count = sagas.undated === 1 ? "1 effect has" : `${sagas.undated} effects have`;
    reasons.push(`${count} no \`at\`, so the order of doing and undoing is not known`);
  }
  return reasons;
}
