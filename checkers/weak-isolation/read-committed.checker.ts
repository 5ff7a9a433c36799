import { AnomalyList } from "../anomaly-list.ts";
import type { Checker } from "../checker.ts";
import { checkIsolation } from "./check-isolation.ts";
import type { WeakIsolationOptions } from "./isolation-evidence.ts";

/**
 * Claim: transactions read only what was committed, and within a transaction time does not go back.
 *
 * Reads transactions on registers (`txn`: `["r", key, value]`, `["w", key, value]`; plain `read`, `write`
 * and `cas` are transactions of their own) whose values are unique per key. What a key has before any
 * write is nil, or 0 where nobody wrote 0 to it.
 *
 * Decides exactly: is there an order of commits that agrees with session order and with reads-from, in
 * which whatever a transaction has read from comes, on each key that it reads later, no later than what it
 * then reads from? Anomalies: `thin-air-read`, `aborted-read`, `intermediate-read`, `future-read` (of an
 * own write to come), `not-own-write`, `not-own-last-write`, `causality-cycle` (of session order and reads),
 * `non-monotonic-read` (a value older than what is seen already), `commit-order-cycle` (several such
 * demands contradict each other). Of each tangle of contradictions one shortest found cycle of each type is shown.
 *
 * A transaction of unknown outcome counts if a committed one has read from it; nothing follows it in its session.
 * A value that several transactions may have written is left out, and the verdict is unknown unless something is
 * broken without it. Details: `strongest`, `violated`, `anomalyTypes`. Cannot see: writes that nobody read.
 * O(n^1.5) for n micro-operations, linear where transactions are short.
 * Sources: Biswas and Enea, "On the complexity of checking transactional consistency", OOPSLA 2019 (the
 * axiom); Møldrup and Pavlogiannis, "AWDIT: an optimal weak database isolation tester", PLDI 2025.
 *
 * @throws RangeError where `maxAnomalies` is not a whole number of at least 1.
 */
export function readCommitted(options: WeakIsolationOptions = {}): Checker {
  // Bad options are refused here, not in the midst of a run.
  new AnomalyList(options.maxAnomalies);
  return {
    name: "read-committed",
    claim: "transactions read only what was committed, and within a transaction time does not go back",
    blindSpots: [
      "writes that nobody read, and values that more than one transaction wrote",
      "whether the reads of a transaction fit together: that is what read-atomic checks",
    ],
    check: (history, budget) => checkIsolation(history, "read-committed", options, budget),
  };
}
