import { AnomalyList } from "../anomaly-list.ts";
import type { Checker, CheckResult } from "../checker.ts";
import { keyName, operationName, valueText } from "../history/describe-operation.ts";
import { UnreadableRecords } from "../history/final-records.ts";
import { type FunctionNames, functionRoles } from "../history/function-roles.ts";
import { type History, OK } from "../history/history.ts";
import type { Json } from "../history/operation.ts";
import { resultOf } from "../result.ts";
import { type BudgetWatch, withinBudget } from "../within-budget.ts";

/** How {@link bank} reads a history. */
export interface BankOptions {
  /** Name of the function that reads all accounts; `read` unless given. */
  readonly functions?: { readonly read?: FunctionNames };
  /** May an account be below zero? No, unless given. */
  readonly negativeBalances?: boolean;
  /** The sum of all accounts; that of the first read unless given. */
  readonly total?: number;
  /** Anomalies reported per type; 10 unless given. */
  readonly maxAnomalies?: number;
}

/**
 * Claim: whoever reads all accounts sees the same sum, whatever is transferred between them meanwhile, and
 * no account below zero.
 *
 * Reads the answers of `read`: an object of account and balance. Decides exactly what it claims, per key.
 * Which transfers happened is not looked at.
 *
 * Cannot see: a transfer that was lost or done twice as a whole, for that keeps the sum; what reads of
 * single accounts show.
 *
 * Linear in the accounts read. Source: Jepsen's bank test.
 *
 * @throws RangeError where `maxAnomalies` is not a whole number of at least 1.
 */
export function bank(options: BankOptions = {}): Checker {
  new AnomalyList(options.maxAnomalies);
  return {
    name: "bank",
    claim: "every read of all accounts shows the same sum, and no account below zero",
    blindSpots: [
      "transfers that were lost or done twice as a whole: they keep the sum",
      "money that is missing in every read alike, unless the total is given",
    ],
    check: (history, budget) => withinBudget(history, budget, (watch) => check(history, options, watch)),
  };
}

/** The read that others are compared with. */
interface Reference {
  readonly row: number;
  readonly total: number;
}

function check(history: History, options: BankOptions, watch: BudgetWatch): CheckResult {
  const roles = functionRoles(history, [options.functions?.read ?? "read"]);
  const anomalies = new AnomalyList(options.maxAnomalies);
  watch.keep(anomalies);
  const unreadable = new UnreadableRecords();
  const references = new Map<number, Reference>();
  let reads = 0;
  watch.begin(0, 1, history.length);
  for (let row = 0; row < history.length; row++) {
    watch.at(row);
    if (history.type[row] !== OK || roles[history.f[row]!]! !== 0) continue;
    const total = totalOf(history.value[row]);
    if (total === null) {
      unreadable.add(row, '{"account":balance,…}');
      continue;
    }
    reads++;
    const key = history.key[row]!;
    const reference = references.get(key);
    if (reference === undefined) references.set(key, { row, total });
    checkTotal(history, row, total, reference, options.total, anomalies);
    if (options.negativeBalances !== true) checkBalances(history, row, anomalies);
  }
  const reasons = unreadable.reasons(history);
  return resultOf({ operations: reads, reasons, ...anomalies.report(history) });
}

/** The sum of an object of numbers; null where it is none. */
function totalOf(value: Json | undefined): number | null {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  let total = 0;
  const accounts = value as Readonly<Record<string, Json>>;
  for (const account of Object.keys(accounts)) {
    const balance = accounts[account];
    if (typeof balance !== "number") return null;
    total += balance;
  }
  return total;
}

function checkTotal(
  history: History,
  row: number,
  total: number,
  reference: Reference | undefined,
  given: number | undefined,
  anomalies: AnomalyList,
): void {
  const key = history.key[row]!;
  if (given !== undefined) {
    if (isSameAmount(total, given)) return;
    const proof = () => `${operationName(history, row)} shows ${total} in all accounts, not ${given}`;
    anomalies.add({ type: "total-changed", key, rows: [row], proof });
  } else if (reference !== undefined && !isSameAmount(total, reference.total)) {
    const proof = () =>
      `${operationName(history, reference.row)} shows ${reference.total} in all accounts, but ` +
      `${operationName(history, row)} shows ${total}: transfers cannot change the sum of ${keyName(history, key)}`;
    anomalies.add({ type: "total-changed", key, rows: [reference.row, row], proof });
  }
}

function checkBalances(history: History, row: number, anomalies: AnomalyList): void {
  const accounts = history.value[row] as Readonly<Record<string, number>>;
  for (const account of Object.keys(accounts)) {
    const balance = accounts[account]!;
    if (balance >= 0) continue;
    const proof = () => `${operationName(history, row)} shows ${balance} in account ${valueText(account)}`;
    anomalies.add({ type: "negative-balance", key: history.key[row]!, rows: [row], proof });
    return;
  }
}

/** Amounts that are no whole numbers lose their last digits when they are added up. */
function isSameAmount(a: number, b: number): boolean {
  return a === b || Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b), 1);
}
