import { AnomalyList } from "../anomaly-list.ts";
import type { Checker, CheckResult } from "../checker.ts";
import {
  type KeyProfiles,
  keyProfiles,
  kindOf,
  type StateFunctions,
  stateRoles,
} from "../entity/key-kind.ts";
import { type EntityFields, entityFields } from "../entity/versioned-entity.ts";
import { keyName, operationName } from "../history/describe-operation.ts";
import type { History } from "../history/history.ts";
import { rowsByKey } from "../history/rows-by-key.ts";
import { resultOf } from "../result.ts";
import { checkRegisterSessions } from "./register-sessions.ts";
import type { SessionFindings, SessionTask } from "./session-task.ts";
import { checkVersionedSessions } from "./versioned-sessions.ts";

/** How {@link readYourWrites} reads a history. */
export interface ReadYourWritesOptions {
  /** Names of the functions; `read`, `create`, `update`, `delete`, `write` and `cas` unless given. */
  readonly functions?: StateFunctions;
  /** Names of the fields of versioned values; `version`, `value` and `expected` unless given. */
  readonly fields?: EntityFields;
  /** Anomalies reported per type; 10 unless given. */
  readonly maxAnomalies?: number;
}

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
    check: (history) => check(history, options),
  };
}

function check(history: History, options: ReadYourWritesOptions): CheckResult {
  const roles = stateRoles(history, options.functions);
  const fields = entityFields(options.fields);
  const anomalies = new AnomalyList(options.maxAnomalies);
  const reasons: string[] = [];
  let operations = 0;
  const profiles = keyProfiles(history, roles);
  const grouped = rowsByKey(history, roles);
  for (const [at, key] of grouped.keys.entries()) {
    const rows = grouped.rows.subarray(grouped.starts[at], grouped.starts[at + 1]);
    const findings = checkKey(profiles, { history, key, rows, roles, fields, anomalies });
    operations += findings.compared;
    if (findings.unclear !== null) {
      reasons.push(`${keyName(history, key)} was not judged: ${findings.unclear}`);
    }
  }
  return resultOf({ operations, reasons, ...anomalies.report(history) });
}

function checkKey(profiles: KeyProfiles, task: SessionTask): SessionFindings {
  const kind = kindOf(profiles, task.key);
  const deletedBy = profiles.deletedBy[task.key + 1]!;
  if (kind === "none" || kind === "set") return { compared: 0, unclear: null };
  if (deletedBy >= 0) return { compared: 0, unclear: `${operationName(task.history, deletedBy)} deletes it` };
  if (kind === "versioned") return checkVersionedSessions(task);
  if (kind === "register") return checkRegisterSessions(task);
  return { compared: 0, unclear: "it is written like a versioned entity and like a register" };
}
