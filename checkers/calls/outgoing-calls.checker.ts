import { AnomalyList } from "../anomaly-list.ts";
import type { Checker, CheckResult } from "../checker.ts";
import type { History } from "../history/history.ts";
import { resultOf } from "../result.ts";
import { type BudgetWatch, withinBudget } from "../within-budget.ts";
import { judgeCalls } from "./call-rules.ts";
import { collectCalls } from "./collect-calls.ts";
import { repeatedEffects } from "./repeated-effects.ts";

/** What {@link outgoingCalls} asks for. What is not given is not asked for. */
export interface OutgoingCallsOptions {
  /** Most attempts of one call. */
  readonly attemptsMax?: number;
  /** Longest time from the beginning of a call to its end, attempts and pauses included, in milliseconds. */
  readonly callMsMax?: number;
  /** Most attempts without a definite answer that one caller may send within `windowMs`. */
  readonly failuresMax?: number;
  /** In milliseconds; 1000 unless given. */
  readonly windowMs?: number;
  /** Anomalies reported per type; 10 unless given. */
  readonly maxAnomalies?: number;
}

/**
 * Claim: a service that calls another one repeats what may help and nothing else. An attempt that was
 * refused is the last of its call; a call has an end within its time, and no more attempts than it may; a
 * dependency that does not answer is not flooded; and however often a call was sent, it had one effect.
 *
 * Reads the live records `call` `{life, call, event}` of the caller, where `life` names one life of its
 * process, `call` one call, and `event` is `begun`, `ended`, or `attempt` with an `outcome` (`done`,
 * `refused`, `unknown`, `not-sent`); and the final records `effect` `{step, kind}`.
 *
 * Decides exactly: `refusal-retried`, `too-many-attempts`, `slow-call` (a call without an end counts from
 * the last record of its process's life, since a killed process ends nothing), `overload`,
 * `repeated-effect` (a key with a step that was done twice, or undone twice).
 *
 * Cannot see: calls of which the caller writes nothing, and effects that no inspection shows. Linear.
 * Source: the stability patterns "Timeouts", "Circuit Breaker" and "Fail Fast" of Nygard, "Release It!", 2007.
 *
 * @throws RangeError where a limit is below 0, or `maxAnomalies` is not a whole number of at least 1.
 */
export function outgoingCalls(options: OutgoingCallsOptions = {}): Checker {
  // Bad options are refused here, not in the midst of a run.
  new AnomalyList(options.maxAnomalies);
  for (const name of ["attemptsMax", "callMsMax", "failuresMax", "windowMs"] as const) {
    const limit = options[name];
    if (limit === undefined || limit >= 0) continue;
    throw new RangeError(`${name}: expected a number of at least 0, found ${limit}`);
  }
  return {
    name: "outgoing-calls",
    claim:
      "a call is repeated only where that may help, ends in time, floods nobody, and has one effect however often it was sent",
    blindSpots: [
      "calls of which the caller writes nothing",
      "effects that the inspection of the stores does not show",
    ],
    check: (history, budget) => withinBudget(history, budget, (watch) => check(history, options, watch)),
  };
}

function check(history: History, options: OutgoingCallsOptions, watch: BudgetWatch): CheckResult {
  const anomalies = new AnomalyList(options.maxAnomalies);
  watch.keep(anomalies);
  watch.begin(0, 0.5, history.length);
  const calls = collectCalls(history, watch);
  watch.begin(0.5, 0.8, history.length);
  judgeCalls(history, calls, options, anomalies);
  watch.begin(0.8, 1, history.length);
  const unreadable = { call: calls.unreadable.length, effect: repeatedEffects(history, anomalies) };
  const reasons = Object.entries(unreadable).flatMap(([kind, count]) =>
    count === 0 ? [] : [`${count} records \`${kind}\` cannot be read`],
  );
  return resultOf({ operations: calls.records, reasons, ...anomalies.report(history) });
}
