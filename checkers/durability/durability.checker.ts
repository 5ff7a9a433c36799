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
import { type BudgetWatch, withinBudget } from "../within-budget.ts";
import type { DurabilityFindings, DurabilityTask } from "./final-state.ts";
import { checkRegisterDurability } from "./register-durability.ts";
import { checkSetDurability } from "./set-durability.ts";
import { checkVersionedDurability } from "./versioned-durability.ts";

/** How {@link durability} reads a history. */
export interface DurabilityOptions {
  /** Names of the functions; each is called like its field here unless given. */
  readonly functions?: StateFunctions;
  /** Names of the fields of versioned values; `version`, `value` and `expected` unless given. */
  readonly fields?: EntityFields;
  /** Anomalies reported per type; 10 unless given. */
  readonly maxAnomalies?: number;
}

/**
 * Claim: what was acknowledged as stored is there at the end. Each final read (`"final": true`) of a key
 * shows a state at or after every write acknowledged before the read was sent.
 *
 * Reads versioned entities (`create`, `update`), registers (`write`, `cas`) and sets (`add`, `read` → list);
 * `delete` writes "nothing". What a key is, is told by the functions that are called on it.
 *
 * Decides, for each final read by itself: the version shown is the highest acknowledged one or above, and
 * each acknowledged write of exactly that version has that value; a register shows the value of a write
 * that no acknowledged write certainly followed (by real time); a list has every acknowledged element.
 * With deletes on a versioned entity each of these is asked by itself: writes that a delete can have
 * followed are not demanded, and the entity may be there if some write can have followed each
 * acknowledged delete. Keys with acknowledged writes and without a final read make the verdict unknown.
 *
 * Cannot see: what happened in between, elements that come back, what a `cas` found. n log n at worst,
 * linear where few calls are open at a time. Source: durability as in Haerder and Reuter, "Principles of
 * transaction-oriented database recovery", 1983.
 *
 * @throws RangeError where `maxAnomalies` is not a whole number of at least 1.
 */
export function durability(options: DurabilityOptions = {}): Checker {
  // Bad options are refused here, not in the midst of a run.
  new AnomalyList(options.maxAnomalies);
  return {
    name: "durability",
    claim: "what was acknowledged as stored is there in the final reads",
    blindSpots: [
      "writes that were lost and found again before the final reads",
      "loss of what only the file system cache held, unless the fault took that away",
    ],
    check: (history, budget) => withinBudget(history, budget, (watch) => check(history, options, watch)),
  };
}

function check(history: History, options: DurabilityOptions, watch: BudgetWatch): CheckResult {
  const roles = stateRoles(history, options.functions);
  const fields = entityFields(options.fields);
  const anomalies = new AnomalyList(options.maxAnomalies);
  watch.keep(anomalies);
  const reasons: string[] = [];
  const unread: number[] = [];
  let operations = 0;
  watch.begin(0, 0.3, history.length);
  const profiles = keyProfiles(history, roles);
  const grouped = rowsByKey(history, roles);
  watch.begin(0.3, 1, grouped.rows.length);
  for (const [at, key] of grouped.keys.entries()) {
    watch.at(grouped.starts[at]!);
    const rows = grouped.rows.subarray(grouped.starts[at], grouped.starts[at + 1]);
    const findings = checkKey(profiles, { history, key, rows, roles, fields, anomalies });
    if (findings.unclear !== null)
      reasons.push(`${keyName(history, key)} was not judged: ${findings.unclear}`);
    else if (findings.acknowledged > 0 && findings.finalReads === 0) unread.push(key);
    else if (findings.acknowledged > 0) operations += findings.acknowledged + findings.finalReads;
  }
  const [first] = unread;
  if (first !== undefined) {
    const others =
      unread.length === 1 ? "" : ` and ${unread.length - 1} other${unread.length === 2 ? " key" : " keys"}`;
    const verb = unread.length === 1 ? "has" : "have";
    reasons.push(`${keyName(history, first)}${others} ${verb} acknowledged writes but no final read`);
  }
  return resultOf({ operations, reasons, ...anomalies.report(history) });
}

function checkKey(profiles: KeyProfiles, task: DurabilityTask): DurabilityFindings {
  const kind = kindOf(profiles, task.key);
  const deletedBy = profiles.deletedBy[task.key + 1]!;
  if (kind === "versioned") return checkVersionedDurability(task);
  if (kind === "register" || (kind === "none" && deletedBy >= 0)) return checkRegisterDurability(task);
  const findings = { acknowledged: 0, finalReads: 0 };
  if (kind === "none") return { ...findings, unclear: null };
  if (kind === "mixed") return { ...findings, unclear: "it is written in more than one manner" };
  if (deletedBy < 0) return checkSetDurability(task);
  return { ...findings, unclear: `${operationName(task.history, deletedBy)} deletes it` };
}
