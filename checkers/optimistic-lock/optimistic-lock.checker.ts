import { AnomalyList } from "../anomaly-list.ts";
import type { Checker, CheckResult } from "../checker.ts";
import { entityCalls } from "../entity/entity-calls.ts";
import { type EntityFields, type EntityFunctions, entityFields } from "../entity/versioned-entity.ts";
import { functionRoles } from "../history/function-roles.ts";
import type { History } from "../history/history.ts";
import { resultOf } from "../result.ts";
import { checkChain } from "./chain-check.ts";
import { type ChainReading, collectChain } from "./collect-chain.ts";

/** How {@link optimisticLock} reads a history. */
export interface OptimisticLockOptions {
  /** Names of the functions; `read`, `create`, `update` and `delete` unless given. */
  readonly functions?: EntityFunctions;
  /** Names of the fields of values; `version`, `value` and `expected` unless given. */
  readonly fields?: EntityFields;
  /** Codes of a refusal that claims that the version had changed; `["conflict"]` unless given. */
  readonly conflictCodes?: readonly string[];
  /** The version of a creation whose acknowledgement names none; 1 unless given. */
  readonly createdVersion?: number;
  /** Anomalies reported per type; 10 unless given. */
  readonly maxAnomalies?: number;
}

/**
 * Claim: of all writers that expected one version of an entity at most one succeeds; versions form one
 * chain without gap, each one more than the last; no acknowledged update is missing from it; a conflict
 * is reported only where there was one; a read never returns a state that is not on the chain.
 *
 * Reads `read` → `{version, value}` (null: not found), `update` `{expected, value}` → `{version}`,
 * `create` `{value}` → `{version}`; a `fail` with a conflict code is a conflict, any other a refusal
 * without a claim. An expected version of null, or of 0 where 0 is never seen as a version, is a creation.
 *
 * Decides exactly, per entity: is there a state at the start, a set of the writes of unknown outcome that
 * happened, and a moment for each write within its window (open-ended for unknown outcomes) such that each
 * write finds the version that it expected, every answer is true, every read returns a state that had
 * been reached before the read ended, and every conflict met another version than expected at some moment
 * of its window? All writes must be in the history. A value that is nowhere stated could be any.
 *
 * Cannot see: stale reads (see `read-your-writes`, `durability`), entities that are deleted, entities
 * without a write in the history, more than 64 versions of unknown writers before the first known one
 * (these give `unknown` where it matters).
 *
 * n log n in the operations of an entity, linear where versions come in rising order. The order argument
 * is that of interval constraints on a path; a versioned register makes the version order known
 * (cf. Gibbons and Korach, "Testing shared memories", 1997, the case with a known write order).
 *
 * @throws RangeError where `maxAnomalies` is not a whole number of at least 1.
 */
export function optimisticLock(options: OptimisticLockOptions = {}): Checker {
  // Bad options are refused here, not in the midst of a run.
  new AnomalyList(options.maxAnomalies);
  return {
    name: "optimistic-lock",
    claim:
      "versions of an entity form one chain: each expected version has one winner, no acknowledged update is lost, " +
      "and conflicts are real",
    blindSpots: [
      "reads that are out of date but show a state that did exist",
      "entities that are deleted, and entities that nobody writes",
      "writes that are not in the history",
    ],
    check: (history) => check(history, options),
  };
}

function check(history: History, options: OptimisticLockOptions): CheckResult {
  const { functions = {} } = options;
  const roles = functionRoles(history, [
    functions.read ?? "read",
    functions.create ?? "create",
    functions.update ?? "update",
    functions.delete ?? "delete",
  ]);
  const reading: ChainReading = {
    fields: entityFields(options.fields),
    conflictCodes: new Set(options.conflictCodes ?? ["conflict"]),
    createdVersion: options.createdVersion ?? 1,
  };
  const anomalies = new AnomalyList(options.maxAnomalies);
  const reasons: string[] = [];
  let operations = 0;
  const calls = entityCalls(history, roles, reading.fields);
  for (let position = 0; position < calls.keys.length; position++) {
    const facts = collectChain(history, calls, position, reading);
    if (facts.writes === 0) continue;
    const reason = checkChain(facts, anomalies);
    if (reason !== null) reasons.push(reason);
    else operations += facts.examined;
  }
  return resultOf({ operations, reasons, ...anomalies.report(history) });
}
