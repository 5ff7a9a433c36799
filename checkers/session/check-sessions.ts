import { AnomalyList } from "../anomaly-list.ts";
import type { CheckBudget } from "../check-budget.ts";
import type { CheckResult } from "../checker.ts";
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
import { type BudgetWatch, withinBudget } from "../within-budget.ts";
import { checkRegisterSessions } from "./register-sessions.ts";
import type { SessionGuarantee } from "./session-guarantee.ts";
import type { SessionFindings, SessionTask } from "./session-task.ts";
import { checkVersionedSessions } from "./versioned-sessions.ts";

/** How a checker of a session guarantee reads a history. */
export interface SessionOptions {
  /** Names of the functions; `read`, `create`, `update`, `delete`, `write` and `cas` unless given. */
  readonly functions?: StateFunctions;
  /** Names of the fields of versioned values; `version`, `value` and `expected` unless given. */
  readonly fields?: EntityFields;
  /** Anomalies reported per type; 10 unless given. */
  readonly maxAnomalies?: number;
}

/** Does every session get what `guarantee` promises, on every key? n log n at worst. */
export function checkSessions(
  history: History,
  guarantee: SessionGuarantee,
  options: SessionOptions,
  budget?: CheckBudget,
): CheckResult {
  return withinBudget(history, budget, (watch) => checkKeys(history, guarantee, options, watch));
}

function checkKeys(
  history: History,
  guarantee: SessionGuarantee,
  options: SessionOptions,
  watch: BudgetWatch,
): CheckResult {
  const roles = stateRoles(history, options.functions);
  const fields = entityFields(options.fields);
  const anomalies = new AnomalyList(options.maxAnomalies);
  watch.keep(anomalies);
  watch.begin(0, 0.3, history.length);
  const reasons: string[] = [];
  let operations = 0;
  const profiles = keyProfiles(history, roles);
  const grouped = rowsByKey(history, roles);
  watch.begin(0.3, 1, grouped.rows.length);
  for (const [at, key] of grouped.keys.entries()) {
    watch.at(grouped.starts[at]!);
    const rows = grouped.rows.subarray(grouped.starts[at], grouped.starts[at + 1]);
    const findings = checkKey(profiles, { guarantee, history, key, rows, roles, fields, anomalies });
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
