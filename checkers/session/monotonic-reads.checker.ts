import { AnomalyList } from "../anomaly-list.ts";
import type { Checker } from "../checker.ts";
import { checkSessions, type SessionOptions } from "./check-sessions.ts";
import { monotonicReadsGuarantee } from "./session-guarantee.ts";

/**
 * Claim: a session that has read a state never reads an older one afterwards.
 *
 * Reads the same operations as `readYourWrites`: versioned entities and registers. A successful `cas` reads its
 * old value. "Afterwards" means: sent after the answer came, within one session.
 *
 * Decides, per key. Versioned: does each read show at least every version that the session had read
 * before ("nothing" is older than any)? Register: is there an order of the values, the value at the start
 * first, that each session's reads go through without going back, and in which each successful `cas` leads
 * from old to new? Both exactly; of a contradictory order one shortest cycle is shown per key. Where the
 * writer of a value is not certain (values not unique, several values that nobody wrote) nothing is
 * guessed: the key is undecided and the verdict unknown.
 *
 * Cannot see: keys that are deleted, keys that nobody writes, whether a state is up to date, registers
 * that one session reads with more than 64 calls that all overlap. n log n at worst, linear where sessions have few calls
 * open at a time. Source: Terry et al., "Session guarantees for weakly consistent replicated data", 1994.
 *
 * @throws RangeError where `maxAnomalies` is not a whole number of at least 1.
 */
export function monotonicReads(options: SessionOptions = {}): Checker {
  // Bad options are refused here, not in the midst of a run.
  new AnomalyList(options.maxAnomalies);
  return {
    name: "monotonic-reads",
    claim: "a session that has read a state never reads an older one afterwards",
    blindSpots: [
      "whether what was read was up to date",
      "keys that are deleted, and registers whose written values are not unique",
    ],
    check: (history, budget) => checkSessions(history, monotonicReadsGuarantee, options, budget),
  };
}
