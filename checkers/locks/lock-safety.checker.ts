import { AnomalyList } from "../anomaly-list.ts";
import type { Checker, CheckResult } from "../checker.ts";
import { operationName, wholeKeyName } from "../history/describe-operation.ts";
import type { History } from "../history/history.ts";
import { type RowsByKey, rowsByKey } from "../history/rows-by-key.ts";
import { recordsByKey } from "../records/records-by-key.ts";
import { resultOf } from "../result.ts";
import { type BudgetWatch, withinBudget } from "../within-budget.ts";
import {
  type Acquisitions,
  collectAcquisitions,
  type LockReading,
  numberOf,
} from "./collect-acquisitions.ts";
import { GrantedNumbers } from "./granted-numbers.ts";
import { checkHolders, checkTokens } from "./holders.ts";
import { type LockSafetyOptions, lockFields, lockRoles, writeRoles } from "./lock-options.ts";
import { checkResource } from "./resource-writes.ts";
import { type LocksByName, WriteOrder } from "./write-order.ts";

/**
 * Claim: a lock has one holder at a time, its fencing tokens rise, and what it guards accepts no write of
 * a holder after one of a newer holder.
 *
 * Reads `acquire` on a lock → `{token, ttlMs}`, `release` `{token}`, `guarded-write` on a resource
 * `{lock, token, value}`, and final records `accepted` of the resource `{lock, token, value, order}`. A lock without
 * tokens says null; acquisitions, releases and writes then carry `acquisition`, a number of their own.
 *
 * Decides exactly:
 * - two holders: a client certainly holds a lock from the answer to its `acquire` until it sends the `release`, or
 *   until `ttlMs`, counted from the moment at which it *asked* (less `marginMs`), is over; no two such
 *   intervals of one lock overlap;
 * - tokens: no two acquisitions of a lock have the same, and of two of which one was asked for after the
 *   answer to the other the later has the higher;
 * - the accepted writes of a resource, in the order of the store: no token of a lock is lower than one before it;
 *   without tokens, no write of an acquisition comes after one of an acquisition that was asked for when the
 *   first had already been granted. Without `accepted` records: the same of acknowledged writes of which
 *   one was sent after the answer to the other; the verdict is then unknown unless something is broken;
 * - no write is accepted with a token (or number) of a lock that no client was granted, unless an acquisition of
 *   unknown outcome can have got it; only of locks that somebody asked for in the history;
 * - every acknowledged write was accepted, no refused one, and none that nobody asked for.
 *
 * Cannot see: acquisitions of unknown outcome, holders that overlap only by what expired between the question and
 * the answer, clocks of different speed, refusals of a lock that was free, stale writes that reach the store
 * before any of the newer holder (harmless by themselves). n log n. Source: Gray and
 * Cheriton, "Leases", 1989; Kleppmann, "How to do distributed locking", 2016 (fencing tokens).
 *
 * @throws RangeError where `maxAnomalies` is not a whole number of at least 1 or `marginMs` is below 0.
 */
export function lockSafety(options: LockSafetyOptions = {}): Checker {
  // Bad options are refused here, not in the midst of a run.
  new AnomalyList(options.maxAnomalies);
  const { marginMs = 1 } = options;
  if (!Number.isFinite(marginMs) || marginMs < 0) {
    throw new RangeError(`marginMs: expected a number of at least 0, found ${marginMs}`);
  }
  return {
    name: "lock-safety",
    claim:
      "a lock has one holder at a time, its tokens rise, and what it guards accepts no write of an older holder " +
      "after one of a newer",
    blindSpots: [
      "acquisitions whose outcome the client does not know",
      "two holders in the time between asking for a lock and the answer",
      "clocks that run at different speeds",
    ],
    check: (history, budget) =>
      withinBudget(history, budget, (watch) => check(history, options, marginMs, watch)),
  };
}

function check(
  history: History,
  options: LockSafetyOptions,
  marginMs: number,
  watch: BudgetWatch,
): CheckResult {
  const fields = lockFields(options.fields);
  const anomalies = new AnomalyList(options.maxAnomalies);
  watch.keep(anomalies);
  const reasons: string[] = [];
  const locks = new Map<string, Acquisitions>();
  const roles = lockRoles(history, options.functions);
  const hasTime = history.length > 0 && history.time[history.length - 1]! > history.time[0]!;
  const reading: LockReading = { history, roles, fields, marginMs, hasTime };
  const calls = rowsByKey(history, roles);
  const granted = new GrantedNumbers(history);
  let operations = 0;
  let expires = false;
  watch.begin(0, 0.5, calls.rows.length);
  for (const [at, lock] of calls.keys.entries()) {
    watch.at(calls.starts[at]!);
    const rows = sliceOf(calls, at);
    const found = collectAcquisitions(reading, lock, rows);
    granted.add(reading, found, rows);
    locks.set(wholeKeyName(history, lock), found);
    operations += found.count;
    expires ||= found.told.some((row) => !Number.isNaN(numberOf(history.value[row], fields.ttlMs)));
    checkHolders(history, found, anomalies);
    checkTokens(history, found, anomalies);
  }
  if (expires && !hasTime) reasons.push("the history has no times, so nothing is known of expiry");
  watch.begin(0.5, 1, history.length);
  operations += checkWrites(history, options, { locks, granted }, anomalies, reasons);
  return resultOf({ operations, reasons, ...anomalies.report(history) });
}

/** Judges each resource; says how many writes took part. */
function checkWrites(
  history: History,
  options: LockSafetyOptions,
  { locks, granted }: { readonly locks: LocksByName; readonly granted: GrantedNumbers },
  anomalies: AnomalyList,
  reasons: string[],
): number {
  const fields = lockFields(options.fields);
  const writes = rowsByKey(history, writeRoles(history, options.functions));
  const records = recordsByKey(history, options.functions?.accepted ?? "accepted", "final");
  const isInspected = records.rows.length > 0;
  const [first] = writes.rows;
  if (first !== undefined && !isInspected) {
    reasons.push(
      `${operationName(history, first)} writes under a lock, but no final record says what was accepted`,
    );
  }
  const writesOf = slicesOf(writes);
  const recordsOf = slicesOf(records);
  const numbers = new Map<Acquisitions, Map<number, number>>();
  let compared = 0;
  for (const resource of new Set([...writes.keys, ...records.keys])) {
    const findings = checkResource({
      history,
      resource,
      writes: writesOf.get(resource) ?? new Int32Array(0),
      accepted: recordsOf.get(resource) ?? new Int32Array(0),
      isInspected,
      fields,
      anomalies,
      granted,
      order: new WriteOrder(history, resource, locks, numbers, anomalies),
    });
    compared += findings.compared;
    if (findings.unclear !== null) reasons.push(findings.unclear);
  }
  return compared;
}

function slicesOf(grouped: RowsByKey): Map<number, Int32Array> {
  return new Map(grouped.keys.map((key, at) => [key, sliceOf(grouped, at)]));
}

function sliceOf({ rows, starts }: RowsByKey, at: number): Int32Array {
  return rows.subarray(starts[at], starts[at + 1]);
}
