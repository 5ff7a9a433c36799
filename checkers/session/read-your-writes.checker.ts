import { AnomalyList } from "../anomaly-list.ts";
import type { Checker } from "../checker.ts";
import { checkSessions, type SessionOptions } from "./check-sessions.ts";
import { readYourWritesGuarantee } from "./session-guarantee.ts";

/** How {@link readYourWrites} reads a history. */
export type ReadYourWritesOptions = SessionOptions;

/**
 * Claim: a session that was told that its write is stored sees that write, or a later one, ever after.
 *
 * Reads versioned entities (`create` and `update` → `{version}`, `read` → `{version, value}`) and
 * registers (`write` value, `cas` [old, new], `read` → value); what a key is, is told by the functions
 * that are called on it. "After" means: sent after the answer came, within one session.
 *
 * Decides, per key. Versioned: is each read at or after every version acknowledged to its session before?
 * Register: is there an order of the values, the value at the start first, in which the acknowledged
 * writes of each session follow each other, each read is at or after the last writes acknowledged to its
 * session, and each successful `cas` leads from old to new? Both exactly; of a contradictory order one
 * shortest cycle is shown per key. Where the writer of a value is not certain (values not unique, several
 * values that nobody wrote) nothing is guessed: the key is undecided and the verdict unknown.
 *
 * Cannot see: own writes of unknown outcome, reads before the first own write, keys that are deleted,
 * registers of which one session has more than 64 acknowledged writes that all overlap.
 * n log n at worst, linear where sessions have few calls open at a time. Source: Terry et al., "Session guarantees for weakly consistent replicated data", 1994.
 *
 * @throws RangeError where `maxAnomalies` is not a whole number of at least 1.
 */
export function readYourWrites(options: ReadYourWritesOptions = {}): Checker {
  // Bad options are refused here, not in the midst of a run.
  new AnomalyList(options.maxAnomalies);
  return {
    name: "read-your-writes",
    claim: "a session that was told that its write is stored sees that write, or a later one, ever after",
    blindSpots: [
      "own writes whose outcome the client does not know",
      "keys that are deleted, and registers whose written values are not unique",
    ],
    check: (history, budget) => checkSessions(history, readYourWritesGuarantee, options, budget),
  };
}
