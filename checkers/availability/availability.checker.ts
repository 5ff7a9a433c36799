import { AnomalyList } from "../anomaly-list.ts";
import type { Checker, CheckResult } from "../checker.ts";
import { evidenceOf, operationName, sessionName } from "../history/describe-operation.ts";
import { durationText } from "../history/duration-text.ts";
import { clippedText } from "../history/excerpt.ts";
import type { History } from "../history/history.ts";
import type { Measure } from "../measure.ts";
import { resultOf } from "../result.ts";
import { type BudgetWatch, withinBudget } from "../within-budget.ts";
import { type FaultWindow, faultWindows, lastHeals, quietStretches } from "./fault-windows.ts";
import { recoveryOf } from "./recovery.ts";
import { longestOutage, type TriedCalls, triedCalls } from "./tried-calls.ts";

/** What {@link availability} asks for. What is not given is measured only. */
export interface AvailabilityOptions {
  /** Functions whose calls count; all unless given. */
  readonly functions?: readonly string[];
  /** Codes of a `fail` that is an answer of a service that is there, such as `conflict`; none unless given. */
  readonly answeredCodes?: readonly string[];
  /** Least part, from 0 to 1, of the calls outside of any fault that must be served. */
  readonly minOkOutside?: number;
  /**
   * How long after each heal calls are not yet outside of any fault, in milliseconds: the time in which a system may
   * still recover; 0 unless given.
   */
  readonly graceMs?: number;
  /** Least part, from 0 to 1, of the calls during each fault that must be served. */
  readonly minOkDuring?: number;
  /** Longest time that anybody who calls may have to wait until anybody is served, in milliseconds. */
  readonly maxOutageMs?: number;
  /** Longest time from the last heal, or from the first call after it, until somebody is served, in milliseconds. */
  readonly recoverWithinMs?: number;
  /** Anomalies reported per type; 10 unless given. */
  readonly maxAnomalies?: number;
}

/**
 * Claim: clients are served, as far as the options ask for it.
 *
 * Reads all operations but final reads, and fault lines. Served is what ended `ok`, or with a `fail` of one
 * of `answeredCodes`. A call is *during* a fault if any moment between its two lines lies between `inject` and
 * `heal` of that fault (one without a second line counts at its sending), and *outside* if that is so for no fault, and none was healed within `graceMs` before it was sent. An outage lasts from the sending of a call
 * until the first moment after it at which any call is served (its own or another), so that time in which
 * nobody calls is none. Recovery lasts from the last `heal`, or from the first call after it if none was open
 * then, until any call is served; final reads count here.
 *
 * Decides exactly: `unavailable` where a part is below its minimum or an outage is longer than asked for;
 * `slow-recovery` where recovery takes longer. Measures the parts, the longest outage and the recovery. A part of no
 * calls, or a recovery that nobody tried, is unknown where it is asked for.
 *
 * Cannot see: which service was to blame, whether answers are right, and times in files without times.
 * Linear, and logarithmic for each fault. Source: availability as in Gilbert and Lynch, "Brewer's conjecture", 2002,
 * measured per fault.
 *
 * @throws RangeError where a part is not from 0 to 1, a time is below 0, or `maxAnomalies` is not a whole number of at least 1.
 */
export function availability(options: AvailabilityOptions = {}): Checker {
  // Bad options are refused here, not in the midst of a run.
  new AnomalyList(options.maxAnomalies);
  refuseOutside("minOkOutside", options.minOkOutside, 1);
  refuseOutside("minOkDuring", options.minOkDuring, 1);
  refuseOutside("graceMs", options.graceMs, Number.MAX_VALUE);
  refuseOutside("maxOutageMs", options.maxOutageMs, Number.MAX_VALUE);
  refuseOutside("recoverWithinMs", options.recoverWithinMs, Number.MAX_VALUE);
  return {
    name: "availability",
    claim:
      "clients are served, as far as it is asked for, during faults, between them and after the last one",
    blindSpots: ["which service was to blame for an outage", "whether the answers that came were right"],
    check: (history, budget) => withinBudget(history, budget, (watch) => check(history, options, watch)),
  };
}

function refuseOutside(name: string, value: number | undefined, max: number): void {
  if (value === undefined || (value >= 0 && value <= max)) return;
  const range = max === 1 ? "from 0 to 1" : "of at least 0";
  throw new RangeError(`${name}: expected a number ${range}, found ${value}`);
}

const nanosPerMs = 1e6;

/** What is being found out. */
interface Search {
  readonly history: History;
  readonly options: AvailabilityOptions;
  readonly anomalies: AnomalyList;
  readonly reasons: string[];
  readonly measures: Measure[];
}

function check(history: History, options: AvailabilityOptions, watch: BudgetWatch): CheckResult {
  const choice = {
    functions: options.functions === undefined ? null : new Set(options.functions),
    answeredCodes: new Set(options.answeredCodes),
  };
  const anomalies = new AnomalyList(options.maxAnomalies);
  watch.keep(anomalies);
  const search: Search = { history, options, anomalies, reasons: [], measures: [] };
  watch.begin(0, 0.4, history.length);
  const calls = triedCalls(history, { ...choice, withFinal: false });
  watch.begin(0.4, 0.7, history.length);
  const windows = faultWindows(history);
  checkOutside(search, calls, windows);
  for (const window of windows) checkDuring(search, calls, window);
  watch.begin(0.7, 1, history.length);
  checkOutages(search, calls);
  const atEnd = triedCalls(history, { ...choice, withFinal: true });
  checkRecovery(search, atEnd, windows);
  return resultOf({
    operations: calls.endedBefore[history.length]!,
    reasons: search.reasons,
    measures: search.measures,
    ...anomalies.report(history),
  });
}

function checkOutside(
  { history, ...search }: Search,
  calls: TriedCalls,
  windows: readonly FaultWindow[],
): void {
  const stretches = quietStretches(history.length, windows);
  const lastHeal = lastHeals(history.length, windows);
  const graceNanos = (search.options.graceMs ?? 0) * nanosPerMs;
  let sent = 0;
  let served = 0;
  let unserved = -1;
  for (let at = 0; at < calls.count; at++) {
    const row = calls.sent[at]!;
    const stretch = stretches[row]!;
    if (stretch < 0 || stretches[calls.ended[at]!] !== stretch) continue;
    if (history.time[row]! - lastHeal[row]! < graceNanos) continue;
    sent++;
    if (calls.served[at] === 1) served++;
    else if (unserved < 0) unserved = at;
  }
  judgePart({ history, ...search }, "outside of faults", search.options.minOkOutside, {
    measured: { name: "part served outside of faults" },
    calls,
    sent,
    served,
    unserved: () => unserved,
  });
}

function checkDuring(
  search: Search,
  calls: TriedCalls,
  { id, fault, target, start, end }: FaultWindow,
): void {
  const sent = calls.sentBefore[end]! - calls.endedBefore[start]!;
  const served = calls.servedSentBefore[end]! - calls.servedBefore[start]!;
  const unserved = (): number => {
    for (let at = 0; at < calls.count && calls.sent[at]! < end; at++) {
      if (calls.served[at] === 0 && calls.ended[at]! >= start) return at;
    }
    return -1;
  };
  const name = `during fault ${id}, ${fault} on ${target}`;
  const measured = { name: `part served during ${fault}`, of: `fault ${id} on ${target}` };
  judgePart(search, name, search.options.minOkDuring, { measured, calls, sent, served, unserved });
}

/** Some calls: how many were sent, how many served, and the first one that was not. */
interface Part {
  /** Under what name the part of them that was served is measured. */
  readonly measured: Pick<Measure, "name" | "of">;
  readonly calls: TriedCalls;
  readonly sent: number;
  readonly served: number;
  readonly unserved: () => number;
}

function judgePart(search: Search, name: string, min: number | undefined, part: Part): void {
  const { history, anomalies, reasons, measures } = search;
  const { measured, calls, sent, served, unserved } = part;
  if (sent === 0) {
    if (min !== undefined) reasons.push(`nobody called ${clippedText(name)}`);
    return;
  }
  measures.push({ ...measured, unit: "part", value: served / sent, worse: "low" });
  if (min === undefined || served >= min * sent) return;
  const row = evidenceOf(history, calls.sent[unserved()]!);
  const proof = () =>
    `${served} of ${sent} calls ${clippedText(name)} were served; at least ${percentText(min)} should have been; the first that was ` +
    `not is one of ${sessionName(history, row)} (${operationName(history, row)})`;
  anomalies.add({ type: "unavailable", key: -1, rows: [row], proof });
}

function checkOutages({ history, options, anomalies, measures }: Search, calls: TriedCalls): void {
  const { call, endedBy, nanos } = longestOutage(history, calls);
  if (call < 0) return;
  measures.push({ name: "longest outage", unit: "ms", value: nanos / nanosPerMs, worse: "high" });
  const { maxOutageMs } = options;
  if (maxOutageMs === undefined || nanos <= maxOutageMs * nanosPerMs) return;
  const row = calls.sent[call]!;
  const rows: [number, ...number[]] = endedBy < 0 ? [row] : [row, endedBy];
  const proof = () =>
    `${sessionName(history, row)} called (${operationName(history, row)}), and ` +
    (endedBy < 0
      ? `nobody was served for the ${durationText(nanos / nanosPerMs)} that followed`
      : `${sessionName(history, endedBy)} was the next to be served (${operationName(history, endedBy)}), ` +
        `${durationText(nanos / nanosPerMs)} later`) +
    `; at most ${maxOutageMs} ms should pass`;
  anomalies.add({ type: "unavailable", key: -1, rows, proof });
}

function checkRecovery(search: Search, calls: TriedCalls, windows: readonly FaultWindow[]): void {
  const { history, options, anomalies, reasons, measures } = search;
  const { recoverWithinMs } = options;
  const recovery = recoveryOf(history, calls, windows);
  if (typeof recovery === "string") {
    if (recoverWithinMs !== undefined) reasons.push(recovery);
    return;
  }
  const { firstTry, servedBy, nanos } = recovery;
  if (servedBy >= 0)
    measures.push({ name: "recovery", unit: "ms", value: nanos / nanosPerMs, worse: "high" });
  if (recoverWithinMs === undefined) return;
  if (nanos > recoverWithinMs * nanosPerMs) {
    const rows: [number, ...number[]] = servedBy < 0 ? [firstTry] : [firstTry, servedBy];
    const proof = () =>
      `after the last fault was healed ${sessionName(history, firstTry)} was the first to call ` +
      `(${operationName(history, firstTry)}); ${durationText(nanos / nanosPerMs)} after the heal, or after that call if it came later, ` +
      (servedBy < 0
        ? "nobody had been served"
        : `the first was served (${operationName(history, servedBy)})`) +
      `; at most ${recoverWithinMs} ms should pass`;
    anomalies.add({ type: "slow-recovery", key: -1, rows, proof });
  } else if (servedBy < 0)
    reasons.push("the history ends before anybody was served after the last fault was healed");
}

function percentText(part: number): string {
  return `${Math.round(part * 1000) / 10} %`;
}
