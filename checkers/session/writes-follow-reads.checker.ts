import { AnomalyList } from "../anomaly-list.ts";
import type { Checker } from "../checker.ts";
import { checkSessions, type SessionOptions } from "./check-sessions.ts";
import { writesFollowReadsGuarantee } from "./session-guarantee.ts";

/**
 * Claim: a session's write takes effect after every state that the session had read before.
 *
 * Reads the same operations as `readYourWrites`: versioned entities and registers, each key by itself (for
 * dependencies between keys see `visibleDependencies`). A successful `cas` reads its old value.
 *
 * Decides, per key. Versioned: does each acknowledged write have a higher version than every version that
 * its session had read before it sent the write? Register: is there an order of the values, the value at the
 * start first, in which each acknowledged write comes after what its session had read before, that each
 * session's reads go through without going back, and in which each successful `cas` leads from old to new?
 * Both exactly; of a contradictory order one shortest cycle is shown per key. Only readers show in which
 * order the values of a register were written: where their reads go back by themselves (see
 * `monotonicReads`), and where the writer of a value is not certain, the key is undecided and the verdict
 * unknown.
 *
 * Cannot see: own writes of unknown outcome, writes that nobody saw in the wrong order, keys that are
 * deleted, registers of which one session has more than 64 reads that all overlap. n log n at worst, linear where
 * sessions have few calls open at a time. Source: Terry et al., "Session guarantees for weakly consistent
 * replicated data", 1994.
 *
 * @throws RangeError where `maxAnomalies` is not a whole number of at least 1.
 */
export function writesFollowReads(options: SessionOptions = {}): Checker {
  // Bad options are refused here, not in the midst of a run.
  new AnomalyList(options.maxAnomalies);
  return {
    name: "writes-follow-reads",
    claim: "a session's write takes effect after every state that the session had read before",
    blindSpots: [
      "writes whose outcome the client does not know",
      "writes to a register that took effect in the wrong order without anybody seeing it",
      "keys that are deleted, and registers whose written values are not unique",
    ],
    check: (history, budget) => checkSessions(history, writesFollowReadsGuarantee, options, budget),
  };
}
