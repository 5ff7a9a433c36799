import { AnomalyList } from "../anomaly-list.ts";
import type { Checker } from "../checker.ts";
import { checkIsolation, type WeakIsolationOptions } from "./check-isolation.ts";

/**
 * Claim: who sees a transaction sees everything that happened before it, and all agree on one order of writes.
 *
 * Reads what `readCommitted` reads; plain reads and writes are transactions of one operation, for which
 * this is causal convergence (CCv).
 *
 * Decides exactly: is there an order of commits that agrees with session order and with reads-from, in
 * which whatever happened before a transaction comes on each key that it reads no later than what it reads
 * from? One happened before another if session order and reads-from lead there. Anomalies: those of
 * `readAtomic`, and `causality-violation` (it reads something older than what happened before it).
 *
 * Unknown outcomes, values that are not unique, and details: as for `readCommitted`. Cannot see: writes
 * that nobody read. O(n·k·log n) for n micro-operations in k sessions, nearly n·k additions in practice;
 * memory stays bounded however many sessions there are.
 * Sources: Biswas and Enea, OOPSLA 2019 (the axiom); Bouajjani et al., "On verifying causal consistency",
 * POPL 2017; Møldrup and Pavlogiannis, AWDIT, PLDI 2025.
 *
 * @throws RangeError where `maxAnomalies` is not a whole number of at least 1.
 */
export function causal(options: WeakIsolationOptions = {}): Checker {
  // Bad options are refused here, not in the midst of a run.
  new AnomalyList(options.maxAnomalies);
  return {
    name: "causal",
    claim: "who sees a transaction sees all that happened before it, and all agree on one order of writes",
    blindSpots: [
      "writes that nobody read, and values that more than one transaction wrote",
      "whether concurrent updates got lost: causal consistency allows it",
    ],
    check: (history, budget) => checkIsolation(history, "causal", options, budget),
  };
}
