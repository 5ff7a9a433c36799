import { AnomalyList } from "../anomaly-list.ts";
import type { Checker, CheckResult } from "../checker.ts";
import {
  type KeyProfiles,
  keyProfiles,
  kindOf,
  type StateFunctions,
  stateRoles,
} from "../entity/key-kind.ts";
import { type EntityFields, entityFields } from "../entity/versioned-entity.ts";
import { keyName, operationName } from "../history/describe-operation.ts";
import { firstAbove } from "../history/first-above.ts";
import type { History } from "../history/history.ts";
import { type RowsByKey, rowsByKey } from "../history/rows-by-key.ts";
import { resultOf } from "../result.ts";
import { type BudgetWatch, withinBudget } from "../within-budget.ts";
import { judgeRegisterReads } from "./register-staleness.ts";
import { StalenessMeter } from "./staleness-meter.ts";
import { isAnsweredRead, type StalenessTask } from "./staleness-task.ts";
import { versionColumn } from "./version-column.ts";
import { judgeVersionedReads } from "./versioned-staleness.ts";

/** How {@link boundedStaleness} reads a history, and what it asks for. */
export interface BoundedStalenessOptions {
  /** Longest time for which what a read shows may have been out of date, in milliseconds; measured only unless given. */
  readonly boundMs?: number;
  /** Names of the functions; `read`, `create`, `update`, `delete`, `write` and `cas` unless given. */
  readonly functions?: StateFunctions;
  /** Names of the fields of versioned values; `version`, `value` and `expected` unless given. */
  readonly fields?: EntityFields;
  /** Anomalies reported per type; 10 unless given. */
  readonly maxAnomalies?: number;
}

/**
 * Claim: no read shows a state that had been replaced by an acknowledged change longer than `boundMs` before the read
 * was sent.
 *
 * Reads versioned entities (`create`, `update`, `read` → `{version}` or nothing) and registers (`write`, `cas`, `read` → value)
 * whose written values are unique. What a key is, is told by the functions that are called on it. Reads of all sessions and
 * nodes, final ones too.
 *
 * Decides exactly, for each read by itself, by the first answer that proves a state which is certainly newer than the one
 * that the read shows: an answer to a write, or to a read (or `cas`) that saw the state, so that a write whose own outcome is unknown
 * counts from when somebody saw it, and not at all where nobody did. Certainly newer is a higher version; of a
 * register, a value whose write was sent after the value shown was known to be stored (by the answer to its write, or by
 * whoever saw it first), and any write where what is shown was there before all of them. The staleness of a read is
 * the time from that answer until the read was sent, 0 where there is none before it. `staleness-exceeded` where that
 * is more than `boundMs`; without a bound nothing is demanded, and the staleness is measured only: median, p95, p99 and
 * longest, and how many reads there were.
 *
 * A key is judged up to the first call that may have deleted it, since versions may start anew. What it has to leave
 * out (later reads, versions that are not told, values that several writes store) makes the verdict unknown.
 *
 * Cannot see: sets, lists and transactions, keys that nobody writes, writes that are not in the history, and how old a state
 * is beyond what is certain from outside: of two writes that overlap either may be the newer one, also where one is a
 * `cas` that found the value of the other. A file without times is unknown. n log n.
 * Source: Terry et al., "Consistency-based service level agreements for cloud storage", 2013 (bounded staleness);
 * Bailis et al., "Probabilistically bounded staleness for practical partial quorums", 2012 (t-visibility).
 *
 * @throws RangeError where `maxAnomalies` is not a whole number of at least 1 or `boundMs` is below 0.
 */
export function boundedStaleness(options: BoundedStalenessOptions = {}): Checker {
  // Bad options are refused here, not in the midst of a run.
  new AnomalyList(options.maxAnomalies);
  const { boundMs } = options;
  if (boundMs !== undefined && !(boundMs >= 0)) {
    throw new RangeError(`boundMs: expected a number of at least 0, found ${boundMs}`);
  }
  return {
    name: "bounded-staleness",
    claim:
      boundMs === undefined
        ? "reads are as stale as is measured: no bound is asked for"
        : `no read shows a state that had been replaced for more than ${boundMs} ms when the read was sent`,
    blindSpots: [
      "which of two writes that overlap was the later one, where no version tells",
      "changes that nobody was told of before a read was sent, or that are not in the history",
      "keys after they were deleted, and registers whose written values are not unique",
    ],
    check: (history, budget) => withinBudget(history, budget, (watch) => check(history, options, watch)),
  };
}

function check(history: History, options: BoundedStalenessOptions, watch: BudgetWatch): CheckResult {
  const roles = stateRoles(history, options.functions);
  const fields = entityFields(options.fields);
  const anomalies = new AnomalyList(options.maxAnomalies);
  watch.keep(anomalies);
  const meter = new StalenessMeter(history, options.boundMs, anomalies);
  const reasons: string[] = [];
  watch.begin(0, 0.3, history.length);
  const profiles = keyProfiles(history, roles);
  const versions = versionColumn(history, roles, fields, profiles);
  const grouped = rowsByKey(history, roles);
  watch.begin(0.3, 1, grouped.rows.length);
  for (const [at, key] of grouped.keys.entries()) {
    watch.at(grouped.starts[at]!);
    const deletedBy = profiles.deletedBy[key + 1]!;
    const limit = deletedBy < 0 ? history.length : deletedBy;
    const task = { history, key, rows: rowsOf(grouped, at), roles, fields, versions, limit, meter };
    const reason = judgeKey(profiles, task);
    if (reason !== null) reasons.push(`${keyName(history, key)} was ${reason}`);
  }
  // Of a file without times nothing is known of durations.
  if (meter.reads > 0 && history.time[history.length - 1] === 0) {
    return resultOf({ operations: 0, reasons: ["the lines of the history have no times"], anomalies: [] });
  }
  return resultOf({
    operations: meter.reads,
    reasons,
    measures: meter.measures(),
    ...anomalies.report(history),
  });
}

function rowsOf({ rows, starts }: RowsByKey, at: number): Int32Array {
  return rows.subarray(starts[at], starts[at + 1]);
}

/** Judges the reads of a key; returns why it left out some of them, null where it did not. */
function judgeKey(profiles: KeyProfiles, whole: StalenessTask): string | null {
  const { history, roles, key, limit } = whole;
  const kind = kindOf(profiles, key);
  if (kind === "none" || kind === "set") return null;
  if (!whole.rows.some((row) => isAnsweredRead(history, roles, row))) return null;
  if (kind === "mixed") return "not judged: it is written like a versioned entity and like a register";
  const task = { ...whole, rows: whole.rows.subarray(0, firstAbove(whole.rows, limit - 1)) };
  const unclear = kind === "versioned" ? judgeVersionedReads(task) : judgeRegisterReads(task);
  if (unclear !== null) return `${kind === "versioned" ? "judged in part" : "not judged"}: ${unclear}`;
  const isCut = whole.rows.some((row) => isAnsweredRead(history, roles, row) && history.mate[row]! >= limit);
  return isCut ? `judged in part: ${operationName(history, limit)} deletes it` : null;
}
