import { AnomalyList } from "../anomaly-list.ts";
import type { Checker, CheckResult } from "../checker.ts";
import { UnreadableRecords } from "../history/final-records.ts";
import { functionRoles } from "../history/function-roles.ts";
import type { History } from "../history/history.ts";
import { resultOf } from "../result.ts";
import { type BudgetWatch, withinBudget } from "../within-budget.ts";
import { checkAppendOrder } from "./append-order.ts";
import { checkAppends } from "./appended-events.ts";
import { numberAppended } from "./appended-numbers.ts";
import { type EventStreamOptions, streamFields, streamNames } from "./event-stream-options.ts";
import type { StreamTask } from "./event-stream-task.ts";
import { checkStates } from "./folded-states.ts";
import { collectStreamLogs } from "./stream-log.ts";
import { collectProgress } from "./stream-progress.ts";
import { readStreamRecords } from "./stream-records.ts";
import { checkUpcasts } from "./upcast-events.ts";

/**
 * Claim: the events of a stream have the versions 1 to n, each once; what was appended is there, where it was
 * said to be; and every state that somebody had of a stream is the fold of its events up to a version.
 *
 * Reads final records `event` (key = stream, `{version, event, state}`, in which `event` is its id and `state`
 * the whole state after it; live ones add states of events that were compacted away, and prove forks), records `snapshot`,
 * `replayed` and `compacted` (`{version, state}`: up to that version events may be gone); operations `append` of
 * `{expected, events: [id, …]}` or `{event: id}` → `{version}` of the last, `read` → `{version, state}` or nothing, and
 * `read-at` of `{version}` or `{at}` → `{state}`; events then have a time `at`.
 *
 * Decides exactly:
 * - `version-gap`, `version-fork`, `repeated-event`: the versions of a stream;
 * - `reordered-append`: an event whose version is not above one that was known before its append was sent;
 * - `lost-event`, `refused-event`, `split-append` (events of one append that are not one after the other, or not all
 *   there), `stale-append` (accepted on another version than was expected), `wrong-version` (acknowledged with another
 *   version than the log has);
 * - `wrong-snapshot`, `wrong-replay`, `wrong-compaction`, `wrong-read`, `wrong-read-at`: a state that is not the fold;
 *   `read-off-stream`: a version that the stream does not have at the end; `stale-final-read`: a final read that shows
 *   less than the whole stream;
 * - with the option `upcast` and records `upcasted` (`{version, event, state}`, in the new form; `event` may be a list, or
 *   null): `upcast-off-fold`: folding upcast events is not upcasting the fold; `wrong-upcast`: a state in the new form
 *   that is not the fold of the events in it; `unstable-upcast`: one event with two new forms.
 *
 * A read of the past that shows nothing is wrong only where its version was known to be there before it was sent, and
 * one at a time may lack the events that were not. What is missing is judged in streams only that a final record shows.
 *
 * Cannot see: reads of the present that are out of date, except final ones, whether the states that events are recorded
 * with are right in themselves, streams that no record shows, events without an id, effects that a replay had outside of the streams. Appends whose events were compacted
 * away are not asked for. Linear, and logarithmic for each read of the past at a time. Source: optimistic
 * concurrency on streams as in Young, "Versioning in an event sourced system", 2017 (also of upcasting); folds of a prefix as in
 * the checker `projection`.
 *
 * @throws RangeError where `maxAnomalies` is not a whole number of at least 1.
 */
export function eventStreams(options: EventStreamOptions = {}): Checker {
  // Bad options are refused here, not in the midst of a run.
  new AnomalyList(options.maxAnomalies);
  return {
    name: "event-streams",
    claim:
      "events have the versions 1 to n, what was appended is there, and every state is the fold of the events up to a version",
    blindSpots: [
      "whether the states that events were recorded with are right in themselves",
      "reads of the present that are out of date, except final ones",
      "what a replay did outside of the streams",
      "appends whose events were compacted away",
    ],
    check: (history, budget) => withinBudget(history, budget, (watch) => check(history, options, watch)),
  };
}

function check(history: History, options: EventStreamOptions, watch: BudgetWatch): CheckResult {
  const task: StreamTask = {
    history,
    roles: functionRoles(history, streamNames(options)),
    fields: streamFields(options),
    anomalies: new AnomalyList(options.maxAnomalies),
    unreadable: new UnreadableRecords(),
    reasons: new Set(),
    operations: 0,
  };
  watch.keep(task.anomalies);
  watch.begin(0, 0.2, history.length);
  const records = readStreamRecords(task);
  const logs = collectStreamLogs(task, records);
  watch.begin(0.2, 0.4, history.length);
  const appended = numberAppended(task, logs);
  checkAppends(task, logs, appended);
  watch.begin(0.4, 0.6, history.length);
  const progress = collectProgress(task, logs, records, appended);
  checkAppendOrder(task, logs, appended, progress);
  watch.begin(0.6, 0.8, history.length);
  checkStates(task, logs, progress);
  watch.begin(0.8, 1, history.length);
  checkUpcasts(task, logs, options.upcast);
  const reasons = [...task.unreadable.reasons(history), ...task.reasons];
  return resultOf({ operations: task.operations, reasons, ...task.anomalies.report(history) });
}
