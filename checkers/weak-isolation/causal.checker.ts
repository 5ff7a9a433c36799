import { AnomalyList } from "../anomaly-list.ts";
import type { Checker } from "../checker.ts";
import { type CausalVariant, causalVariant } from "./causal-variant.ts";
import { checkCausality } from "./check-causality.ts";
import { checkIsolation } from "./check-isolation.ts";
import type { WeakIsolationOptions } from "./isolation-evidence.ts";

/** What the checker `causal` can be told. */
export interface CausalOptions extends WeakIsolationOptions {
  /**
   * The kind of causal consistency that is demanded: `causal-consistency` (`cc`), `causal-memory` (`cm`) or
   * `causal-convergence` (`ccv`, `tcc`), which it is unless given.
   */
  readonly isolation?: string;
}

const claims: Readonly<Record<CausalVariant, string>> = {
  "causal-consistency": "who sees a transaction sees all that happened before it, at each time in some order",
  "causal-memory":
    "who sees a transaction sees all that happened before it, each session in one order of its own",
  "causal-convergence":
    "who sees a transaction sees all that happened before it, and all agree on one order of writes",
};

/**
 * Claim: who sees a transaction sees everything that happened before it. One happened before another if
 * session order and reads-from lead there. In which order it is seen is what the three kinds of Bouajjani et al. are about:
 * - `causal-consistency` (CC, weak): for each transaction there is an order of what happened before it that
 *   agrees with happened-before and explains its reads; the next one may see another order;
 * - `causal-memory` (CM): for each session there is one order that explains the reads of all its
 *   transactions; other sessions may see concurrent writes in another order;
 * - `causal-convergence` (CCv, the default): there is one order of all for all.
 * CM and CCv both imply CC, and neither implies the other.
 *
 * Reads what `readCommitted` reads; plain reads and writes are transactions of one operation. A transaction is
 * its reads of other transactions and its last writes, which take effect at once. Each kind is decided exactly.
 * Anomalies: those of `readAtomic`, and `causality-violation` (it reads something older than what happened
 * before it); for CCv `commit-order-cycle`; for CM `memory-order-cycle` (what a session read demands
 * contradicting orders) and `memory-initial-read` (what was there before any write, though a write must come before by what
 * the session read earlier), which name the session.
 *
 * Unknown outcomes and values that are not unique: as for `readCommitted`. Details: `strongestCausal` (the
 * strongest kinds that hold), `undecided` (kinds that were not asked for in a history of more than ten million sessions times
 * transactions, or for which the budget was too short), `violated`, `anomalyTypes`; for CCv also `strongest`.
 * Cannot see: writes that nobody read. For n micro-operations in k sessions: CCv O(n·k·log n), nearly n·k
 * additions in practice; CM nearly O(n·k·log n) where demands seldom rest on others; CC O(n·k·log n) for
 * transactions of few reads. Memory stays bounded however many sessions there are.
 * Sources: Bouajjani, Enea, Guerraoui and Hamza, "On verifying causal consistency", POPL 2017 (CC, CM, CCv);
 * Biswas and Enea, OOPSLA 2019 (CCv of transactions); Møldrup and Pavlogiannis, AWDIT, PLDI 2025.
 *
 * @throws RangeError where `maxAnomalies` is not a whole number of at least 1, or `isolation` names no kind.
 */
export function causal(options: CausalOptions = {}): Checker {
  // Bad options are refused here, not in the midst of a run.
  new AnomalyList(options.maxAnomalies);
  const variant = causalVariant(options.isolation ?? "causal-convergence");
  return {
    name: "causal",
    claim: claims[variant],
    blindSpots: [
      "writes that nobody read, and values that more than one transaction wrote",
      "whether concurrent updates got lost: causal consistency allows it",
    ],
    check: (history, budget) =>
      variant === "causal-convergence"
        ? checkIsolation(history, "causal", options, budget)
        : checkCausality(history, variant, options, budget),
  };
}
