import { AnomalyList } from "../anomaly-list.ts";
import type { Checker, CheckResult } from "../checker.ts";
import type { History } from "../history/history.ts";
import { functionNumber, isRecord } from "../records/records-by-key.ts";
import { resultOf } from "../result.ts";
import { type BudgetWatch, withinBudget } from "../within-budget.ts";
import { checkFinalModels } from "./final-models.ts";
import { LagMeter } from "./lag-meter.ts";
import { checkLists } from "./list-reads.ts";
import { MismatchCauses } from "./mismatch-causes.ts";
import { checkObservedStates } from "./observed-states.ts";
import { collectLog } from "./projected-log.ts";
import type { ProjectionOptions } from "./projection-options.ts";
import { ProjectionProgress } from "./projection-progress.ts";
import { ProjectionTask } from "./projection-task.ts";

/**
 * Claim: once all is quiet each read model is the fold of the log; whatever it showed before was the fold of a
 * prefix, and it never went back.
 *
 * Reads final records `event` (key = entity, `{position, event, put}` or `{position, event, remove: true}`, with
 * `partition` where there are several): the log, in which `put` is the whole state after the event (else the option `fold` says how it
 * changes the one before); final records
 * `projected` and `rebuilt` (key = entity, node = projection, `{state}`); live records `event` (when it happened),
 * `applied` (key = entity, node = projection, `{position}`), `checkpoint` (key = projection, `{position}`, also
 * final) and `rebuild` (key = projection: it starts anew); operations `read` of an entity of the log → state or null,
 * and `list` → entities.
 *
 * Decides exactly:
 * - each final state is the last of the log (`not-converged`, `missing-entity`, `extra-entity`, `state-off-log`), and a
 *   rebuilt model is the live one, or the fold where there is no live one (`rebuild-differs`). An entity
 *   without a record is not in the model; a final read shows the last state as well (`not-converged`);
 * - each read shows a state that its entity has after some prefix (`state-off-log`), and each session's reads
 *   of an entity from one node can be explained by prefixes that never get shorter (`state-went-back`);
 * - no checkpoint is below an earlier one unless the projection was rebuilt in between, and no event is applied again
 *   that was applied before and that the checkpoint says is done (`position-went-back`). To apply again what is
 *   above the checkpoint is allowed: that is what a restart does;
 * - where bounds are given, no projection is further behind than allowed (`lag-exceeded`): by `applied`
 *   records, and by reads that do not show an event that had happened long enough before they were sent. The
 *   undisturbed part of a lag is the longest stretch of it in which no fault was active.
 *
 * For a final state that differs, and for the first read of an entity that shows a wrong state, the cause is named as
 * well, where the live records of the projection tell (for a read, those before it): `applied-twice`, `applied-out-of-order`, `skipped-event` (it has no effect although the projection was past it). Lists: see
 * `list-reads.ts`. Without final events nothing can be told of states, and the verdict is unknown.
 *
 * Cannot see: changes that the log does not hold, what an effect of an event that was overwritten later looked like,
 * applications that were not recorded. n log n; linear where records stand in the order of the log, times
 * the number of projections for the final states. Source: Lynch and Tuttle, "Hierarchical correctness proofs", 1987 (a view as a
 * function of a prefix); Terry et al., 1994 (monotonic reads).
 *
 * @throws RangeError where `maxAnomalies` is not a whole number of at least 1 or a bound is below 0.
 */
export function projection(options: ProjectionOptions = {}): Checker {
  // Bad options are refused here, not in the midst of a run.
  new AnomalyList(options.maxAnomalies);
  for (const name of ["maxLagMs", "maxUndisturbedLagMs", "maxLagEvents"] as const) {
    const bound = options[name];
    if (bound === undefined || bound >= 0) continue;
    throw new RangeError(`${name}: expected a number of at least 0, found ${bound}`);
  }
  return {
    name: "projection",
    claim:
      "once all is quiet each read model is the fold of the log; whatever it showed before was the fold of a prefix, " +
      "and it never went back",
    blindSpots: [
      "changes that are not in the log",
      "wrong effects that were overwritten before anybody read them",
      "events that were applied without a record of it",
    ],
    check: (history, budget) => withinBudget(history, budget, (watch) => check(history, options, watch)),
  };
}

function check(history: History, options: ProjectionOptions, watch: BudgetWatch): CheckResult {
  const anomalies = new AnomalyList(options.maxAnomalies);
  watch.keep(anomalies);
  watch.begin(0, 0.2, history.length);
  const log = collectLog(history, options.fold);
  const reasons: string[] = [];
  if (log.problem !== null) {
    return resultOf({ operations: 0, anomalies: [], reasons: [log.problem] });
  }
  const task = new ProjectionTask(history, log, options, anomalies);
  const lag = new LagMeter(task);
  watch.begin(0.2, 0.5, history.length);
  const progress = new ProjectionProgress(task, lag);
  let operations = progress.compared;
  if (log.count > 0) {
    watch.begin(0.5, 0.8, history.length);
    const causes = new MismatchCauses(task, progress);
    const observed = checkObservedStates(task, lag, causes);
    watch.begin(0.8, 1, history.length);
    const { compared, models } = checkFinalModels(task, causes);
    operations += observed.compared + checkLists(task) + compared;
    if (models === 0 && observed.finalReads === 0) {
      reasons.push("no final record or read shows a read model once all was quiet");
    }
  } else if (isProjected(history)) reasons.push("no final record says which events the log has");
  return resultOf({ operations, reasons, measures: lag.measures(), ...anomalies.report(history) });
}

/** Is there anything in the history that a log would have to explain? */
function isProjected(history: History): boolean {
  const kinds = ["event", "applied", "projected", "rebuilt"].map((kind) => functionNumber(history, kind));
  for (let row = 0; row < history.length; row++) {
    if (!kinds.includes(history.f[row]!)) continue;
    if (isRecord(history, row, history.f[row]!, "final") || isRecord(history, row, history.f[row]!, "live")) {
      return true;
    }
  }
  return false;
}
