import { AnomalyList } from "../anomaly-list.ts";
import type { Checker } from "../checker.ts";
import { checkIsolation } from "./check-isolation.ts";
import type { WeakIsolationOptions } from "./isolation-evidence.ts";

/**
 * Claim: a transaction sees all writes of another one or none, and all of its own session before it.
 *
 * Reads what `readCommitted` reads.
 *
 * Decides exactly: is there an order of commits that agrees with session order and with reads-from, in
 * which whatever a transaction reads from, or follows in its session, comes on each key that it reads no later than
 * what it reads from? Anomalies: those of `readCommitted` for single reads, `causality-cycle`,
 * `non-repeatable-read` (two values of one key by two transactions), `fractured-read` (it read from a
 * transaction, and something older than what that one wrote), `stale-session-read` (something older than
 * what its session had written before), `commit-order-cycle`. Of each tangle of contradictions one shortest found
 * cycle of each type is shown.
 *
 * Unknown outcomes, values that are not unique, and details: as for `readCommitted`. Cannot see: writes
 * that nobody read. O(n^1.5) for n micro-operations, linear where transactions are short.
 * Sources: Biswas and Enea, OOPSLA 2019 (the axiom); Møldrup and Pavlogiannis, AWDIT, PLDI 2025; names of
 * anomalies after Liu et al., "Plume: efficient and complete black-box checking of weak isolation levels",
 * OOPSLA 2024.
 *
 * @throws RangeError where `maxAnomalies` is not a whole number of at least 1.
 */
export function readAtomic(options: WeakIsolationOptions = {}): Checker {
  // Bad options are refused here, not in the midst of a run.
  new AnomalyList(options.maxAnomalies);
  return {
    name: "read-atomic",
    claim: "a transaction sees all writes of another one or none, and all of its own session before it",
    blindSpots: [
      "writes that nobody read, and values that more than one transaction wrote",
      "whether what a seen transaction had seen is seen too: that is what causal checks",
    ],
    check: (history, budget) => checkIsolation(history, "read-atomic", options, budget),
  };
}
