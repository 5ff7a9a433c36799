import { AnomalyList } from "../anomaly-list.ts";
import type { Checker } from "../checker.ts";
import { checkSessions, type SessionOptions } from "./check-sessions.ts";
import { monotonicWritesGuarantee } from "./session-guarantee.ts";

/**
 * Claim: writes of one session take effect in the order in which the session made them.
 *
 * Reads the same operations as `readYourWrites`: versioned entities and registers. Of two acknowledged
 * writes of a session the later one was sent after the answer to the earlier one.
 *
 * Decides, per key. Versioned: does each acknowledged write have a higher version than every write
 * acknowledged to its session before? Register: is there an order of the values, the value at the start
 * first, in which the acknowledged writes of each session follow each other, that each session's reads go
 * through without going back, and in which each successful `cas` leads from old to new? Both exactly; of a
 * contradictory order one shortest cycle is shown per key. Only readers show in which order the values of
 * a register were written: where their reads go back by themselves (see `monotonicReads`), and where the
 * writer of a value is not certain, the key is undecided and the verdict unknown.
 *
 * Cannot see: own writes of unknown outcome, writes that nobody saw in the wrong order, keys that are
 * deleted, registers of which one session has more than 64 calls that all overlap. n log n at worst, linear where
 * sessions have few calls open at a time. Source: Terry et al., "Session guarantees for weakly consistent
 * replicated data", 1994.
 *
 * @throws RangeError where `maxAnomalies` is not a whole number of at least 1.
 */
export function monotonicWrites(options: SessionOptions = {}): Checker {
  // Bad options are refused here, not in the midst of a run.
  new AnomalyList(options.maxAnomalies);
  return {
    name: "monotonic-writes",
    claim: "writes of one session take effect in the order in which the session made them",
    blindSpots: [
      "writes whose outcome the client does not know",
      "writes to a register that took effect in the wrong order without anybody seeing it",
      "keys that are deleted, and registers whose written values are not unique",
    ],
    check: (history, budget) => checkSessions(history, monotonicWritesGuarantee, options, budget),
  };
}
