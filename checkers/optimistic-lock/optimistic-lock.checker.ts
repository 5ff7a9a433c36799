import { AnomalyList } from "../anomaly-list.ts";
import type { Checker, CheckResult } from "../checker.ts";
import type { EntityCalls } from "../entity/entity-calls.ts";
import { DELETE, READ } from "../entity/key-kind.ts";
import { type EntityFields, type EntityFunctions, entityFields } from "../entity/versioned-entity.ts";
import { keyName, operationName } from "../history/describe-operation.ts";
import { functionRoles } from "../history/function-roles.ts";
import type { History } from "../history/history.ts";
import { resultOf } from "../result.ts";
import { type BudgetWatch, withinBudget } from "../within-budget.ts";
import { checkChain } from "./chain-check.ts";
import type { ChainReading } from "./chain-reading.ts";
import { checkWritersAndValues } from "./chain-rules.ts";
import { collectChain } from "./collect-chain.ts";
import { entityLives } from "./entity-lives.ts";
import { checkReturnedVersions } from "./returned-versions.ts";
import { type VersionKind, versionedCalls, versionKinds } from "./version-reading.ts";

/** How {@link optimisticLock} reads a history. */
export interface OptimisticLockOptions {
  /** Names of the functions; `read`, `create`, `update` and `delete` unless given. */
  readonly functions?: EntityFunctions;
  /** Names of the fields of values; `version`, `value` and `expected` unless given. */
  readonly fields?: EntityFields;
  /** Codes of a refusal that claims that the version had changed; `["conflict"]` unless given. */
  readonly conflictCodes?: readonly string[];
  /**
   * The version of a creation whose acknowledgement names none; unless given 0 where 0 is seen as a version of that
   * entity, else 1. Of consecutive versions only. Where 0 is given, an expected version of 0 is never a creation.
   */
  readonly createdVersion?: number;
  /**
   * What versions are, `consecutive` unless given: `rising` ones may skip (1000, 1010), `opaque` ones are texts or
   * numbers without an order, such as ETags, and may come back.
   */
  readonly versions?: VersionKind;
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
 * without a claim. An expected version of null, or of 0 where 0 is never seen as a version (nor `createdVersion`), is a creation.
 *
 * Decides exactly, per entity: is there a state at the start, a set of the writes of unknown outcome that
 * happened, and a moment for each write within its window (open-ended for unknown outcomes) such that each
 * write finds the version that it expected, every answer is true, every read returns a state that had
 * been reached before the read ended, and every conflict met another version than expected at some moment
 * of its window? All writes must be in the history. A value that is nowhere stated could be any.
 *
 * An entity that is deleted is decided exactly up to the first delete that may have happened, as a history that is cut
 * there; after it two winners, versions that do not follow and shared ones are found among writes that were sent
 * and acknowledged between two deletes. `aba`: a session knew a version, it was deleted and something was created, and
 * an update that the session sent then on that version was accepted (`stale-accept` where nobody can have created it).
 *
 * With `versions: "rising"` or `"opaque"` there is no chain to follow: found are two winners, values that are lost or
 * differ, versions that fall or are shared (rising), conflicts over what nobody can have changed, and `aba`, for opaque
 * versions also after an update away from the version. What is found is certain; what is not found may be there.
 *
 * Cannot see: stale reads (see `read-your-writes`, `durability`), whether an update that was under way during a delete
 * met the old or the new entity, entities without a write in the history, more than 64 versions of unknown writers before the first known one
 * (these give `unknown` where it matters).
 *
 * n log n in the operations of an entity, linear where versions come in rising order. The order argument
 * is that of interval constraints on a path; a versioned register makes the version order known
 * (cf. Gibbons and Korach, "Testing shared memories", 1997, the case with a known write order). ABA: IBM, "System/370
 * Extended Architecture, Principles of Operation", 1983 (compare and swap).
 *
 * @throws RangeError where `maxAnomalies` is not a whole number of at least 1, `versions` is no kind of version, or
 * `createdVersion` is no version.
 */
export function optimisticLock(options: OptimisticLockOptions = {}): Checker {
  // Bad options are refused here, not in the midst of a run.
  new AnomalyList(options.maxAnomalies);
  if (options.versions !== undefined && !versionKinds.includes(options.versions)) {
    throw new RangeError(`versions: expected ${versionKinds.join(", ")}, found ${options.versions}`);
  }
  const { createdVersion = 1 } = options;
  if (!Number.isSafeInteger(createdVersion) || createdVersion < 0) {
    throw new RangeError(`createdVersion: expected a whole number of at least 0, found ${createdVersion}`);
  }
  return {
    name: "optimistic-lock",
    claim:
      "versions of an entity form one chain: each expected version has one winner, no acknowledged update is lost, " +
      "and conflicts are real",
    blindSpots: [
      "reads that are out of date but show a state that did exist",
      "most of what happens to an entity after it was deleted, and entities that nobody writes",
      "writes that are not in the history",
    ],
    check: (history, budget) => withinBudget(history, budget, (watch) => check(history, options, watch)),
  };
}

function check(history: History, options: OptimisticLockOptions, watch: BudgetWatch): CheckResult {
  const { functions = {} } = options;
  const roles = functionRoles(history, [
    functions.read ?? "read",
    functions.create ?? "create",
    functions.update ?? "update",
    functions.delete ?? "delete",
  ]);
  const fields = entityFields(options.fields);
  const kind = options.versions ?? "consecutive";
  watch.begin(0, 0.4, history.length);
  const { calls, versionName } = versionedCalls(history, roles, fields, kind);
  const reading: ChainReading = {
    fields,
    kind,
    versionName,
    conflictCodes: new Set(options.conflictCodes ?? ["conflict"]),
    createdVersion: options.createdVersion ?? null,
  };
  const anomalies = new AnomalyList(options.maxAnomalies);
  watch.keep(anomalies);
  const reasons: string[] = [];
  let operations = 0;
  watch.begin(0.4, 1, calls.role.length);
  for (let position = 0; position < calls.keys.length; position++) {
    watch.at(calls.starts[position]!);
    const before = anomalies.count;
    const { reason, examined } = checkEntity(history, calls, position, reading, anomalies);
    if (reason !== null) reasons.push(reason);
    if (reason === null || anomalies.count > before) operations += examined;
  }
  return resultOf({ operations, reasons, ...anomalies.report(history) });
}

function checkEntity(
  history: History,
  calls: EntityCalls,
  position: number,
  reading: ChainReading,
  anomalies: AnomalyList,
): { readonly reason: string | null; readonly examined: number } {
  let reason: string | null = null;
  let examined = 0;
  const lives = entityLives(calls, position);
  for (const life of lives) {
    const facts = collectChain(history, calls, position, reading, life);
    if (facts.writes === 0) continue;
    examined += facts.examined;
    if (life.from < 0) reason = checkChain(facts, anomalies);
    else checkWritersAndValues(facts, anomalies);
  }
  const end = lives[0]?.to ?? Number.POSITIVE_INFINITY;
  const isDeleted = end < Number.POSITIVE_INFINITY;
  if (isDeleted || reading.kind === "opaque")
    checkReturnedVersions(history, calls, position, reading, anomalies);
  if (isDeleted && hasWrites(calls, position)) {
    reason ??= `${keyName(history, calls.keys[position]!)} was judged in part: ${operationName(history, end)} deletes it: versions may start anew`;
  }
  return { reason, examined };
}

function hasWrites(calls: EntityCalls, position: number): boolean {
  const roles = calls.role.subarray(calls.starts[position]!, calls.starts[position + 1]!);
  return roles.some((role) => role !== READ && role !== DELETE);
}
