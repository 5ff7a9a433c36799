import { AnomalyList } from "../anomaly-list.ts";
import type { Checker, CheckResult } from "../checker.ts";
import { keyName } from "../history/describe-operation.ts";
import { UnreadableRecords } from "../history/final-records.ts";
import { type FunctionNames, functionRoles } from "../history/function-roles.ts";
import { type History, RECORD } from "../history/history.ts";
import { fieldOf } from "../history/json-value.ts";
import { groupedByKey, type RowsByKey } from "../history/rows-by-key.ts";
import { resultOf } from "../result.ts";
import { type BudgetWatch, withinBudget } from "../within-budget.ts";
import { balanceProof, negativeProof } from "./holding-wording.ts";

/** How {@link balancedHoldings} reads a history. */
export interface BalancedHoldingsOptions {
  /** Names of the two kinds of records; `holding` and `due` unless given. */
  readonly functions?: { readonly holding?: FunctionNames; readonly due?: FunctionNames };
  /** Anomalies reported per type; 10 unless given. */
  readonly maxAnomalies?: number;
}

const HOLDING = 0;
const DUE = 1;

/** Records that a witness names at most: those with the largest amounts. */
const witnessMax = 20;

/**
 * Claim: sums over all services are conserved. Of each good (money, the pieces of an item) the services together hold
 * exactly what is due, and nobody holds less than nothing.
 *
 * Reads final records, the key is the good: `holding` `{amount, of}` for each place where some of it is (a table, a
 * ledger), and `due` `{amount, of}` for each reason why some of it must be somewhere (what there was at first, what an
 * order that is complete must have paid). Amounts are whole numbers; a `due` may be negative. `of` says in a word what it is.
 *
 * Decides exactly, for each good: the sum of its holdings is the sum of what is due. A good of which only the one or the
 * other was recorded, or of which an amount cannot be read, makes the verdict unknown; a holding below nothing is wrong there, too.
 *
 * Cannot see: what was out of balance before the end, two errors that make up for each other, holdings that nobody
 * recorded. Linear.
 *
 * @throws RangeError where `maxAnomalies` is not a whole number of at least 1.
 */
export function balancedHoldings(options: BalancedHoldingsOptions = {}): Checker {
  // Bad options are refused here, not in the midst of a run.
  new AnomalyList(options.maxAnomalies);
  return {
    name: "balanced-holdings",
    claim: "of each good all services together hold what is due at the end, and none holds less than nothing",
    blindSpots: [
      "sums that were wrong for a while only",
      "two errors in one sum that make up for each other",
    ],
    check: (history, budget) => withinBudget(history, budget, (watch) => check(history, options, watch)),
  };
}

function check(
  history: History,
  { functions = {}, maxAnomalies }: BalancedHoldingsOptions,
  watch: BudgetWatch,
): CheckResult {
  const roles = functionRoles(history, [functions.holding ?? "holding", functions.due ?? "due"]);
  const anomalies = new AnomalyList(maxAnomalies);
  watch.keep(anomalies);
  watch.begin(0, 0.5, history.length);
  const unreadable = new UnreadableRecords();
  const oneSided: string[] = [];
  const goods = finalRecords(history, roles);
  let operations = 0;
  watch.begin(0.5, 1, goods.rows.length);
  for (const [at, key] of goods.keys.entries()) {
    watch.at(goods.starts[at]!);
    const rows = goods.rows.subarray(goods.starts[at], goods.starts[at + 1]);
    const isHolding = (row: number): boolean => roles[history.f[row]!] === HOLDING;
    // A holding below nothing is wrong whatever the other records of its good say.
    for (const row of rows) {
      if (!isHolding(row) || !isWhole(history, row) || amountOf(history, row) >= 0) continue;
      anomalies.add({ type: "negative-holding", key, rows: [row], proof: () => negativeProof(history, row) });
    }
    const unread = rows.filter((row) => !isWhole(history, row));
    for (const row of unread) unreadable.add(row, '{"amount": a whole number}');
    if (unread.length > 0) continue;
    const holdings = [...rows].filter(isHolding);
    const dues = [...rows].filter((row) => !isHolding(row));
    if (holdings.length === 0 || dues.length === 0) {
      const missing = holdings.length === 0 ? "who holds it" : "how much is due";
      oneSided.push(`no final record says of ${key < 0 ? "the good" : keyName(history, key)} ${missing}`);
      continue;
    }
    operations += rows.length;
    const held = sumOf(history, holdings);
    const due = sumOf(history, dues);
    if (held === due) continue;
    const [first = 0, ...others] = [...largest(history, holdings), ...largest(history, dues)];
    const balance = { key, holdings, dues, held, due };
    anomalies.add({
      ...{ type: "holdings-not-conserved", key, rows: [first, ...others] },
      proof: () => balanceProof(history, balance),
    });
  }
  const reasons = [...unreadable.reasons(history), ...oneSided];
  return resultOf({ operations, reasons, ...anomalies.report(history) });
}

function finalRecords(history: History, roles: Int8Array): RowsByKey {
  const chosen = new Int32Array(history.length);
  let count = 0;
  for (let row = 0; row < history.length; row++) {
    if (history.type[row] !== RECORD || history.final[row] !== 1) continue;
    const role = roles[history.f[row]!]!;
    if (role === HOLDING || role === DUE) chosen[count++] = row;
  }
  return groupedByKey(history, chosen.subarray(0, count));
}

function isWhole(history: History, row: number): boolean {
  return Number.isSafeInteger(fieldOf(history.value[row], "amount"));
}

function amountOf(history: History, row: number): number {
  return Number(fieldOf(history.value[row], "amount"));
}

function sumOf(history: History, rows: readonly number[]): bigint {
  return rows.reduce((sum, row) => sum + BigInt(amountOf(history, row)), 0n);
}

function largest(history: History, rows: readonly number[]): number[] {
  const size = (row: number): number => Math.abs(amountOf(history, row));
  return [...rows].sort((a, b) => size(b) - size(a) || a - b).slice(0, witnessMax);
}
