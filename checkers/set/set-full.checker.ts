import { AnomalyList } from "../anomaly-list.ts";
import type { Checker, CheckResult } from "../checker.ts";
import { keyName } from "../history/describe-operation.ts";
import { UnreadableRecords } from "../history/final-records.ts";
import { type FunctionNames, functionRoles } from "../history/function-roles.ts";
import { type History, INVOKE, OK } from "../history/history.ts";
import type { Measure } from "../measure.ts";
import { resultOf } from "../result.ts";
import { type BudgetWatch, withinBudget } from "../within-budget.ts";
import { SetFacts } from "./set-facts.ts";
import { judgeSet } from "./set-rules.ts";

/** How {@link setFull} reads a history. */
export interface SetFullOptions {
  /** Names of the functions; `add` and `read` unless given. */
  readonly functions?: { readonly add?: FunctionNames; readonly read?: FunctionNames };
  /** Must every read show every element that was known before it was sent? No, unless given. */
  readonly fresh?: boolean;
  /** Anomalies reported per type; 10 unless given. */
  readonly maxAnomalies?: number;
}

const ADD = 0;

/**
 * Claim: an element of a set that was acknowledged, or that a read has shown, is still shown by the last
 * reads; reads show nothing twice and nothing that nobody added. With `fresh` also: every read shows
 * every element that was known before it was sent.
 *
 * Reads `add` with the element, `read` → list. The set is empty at the start, and nothing is removed.
 * Decides exactly what it claims, per key. Measured: reads, elements that were never read although they
 * were acknowledged (no read was sent afterwards), stale elements that were missing in a read and shown
 * by one that was answered after that had been sent.
 *
 * Cannot see: losses after the last read. Without any read the verdict is unknown.
 *
 * Linear in the elements shown, n log n in the reads. Source: Jepsen's set-full checker.
 *
 * @throws RangeError where `maxAnomalies` is not a whole number of at least 1.
 */
export function setFull(options: SetFullOptions = {}): Checker {
  new AnomalyList(options.maxAnomalies);
  return {
    name: "set",
    claim: "elements of a set stay once they are acknowledged or shown, and are shown once",
    blindSpots: ["elements that are lost after the last read", "sets that elements are removed from"],
    check: (history, budget) => withinBudget(history, budget, (watch) => check(history, options, watch)),
  };
}

function check(history: History, options: SetFullOptions, watch: BudgetWatch): CheckResult {
  const { functions = {} } = options;
  const roles = functionRoles(history, [functions.add ?? "add", functions.read ?? "read"]);
  const anomalies = new AnomalyList(options.maxAnomalies);
  watch.keep(anomalies);
  const unreadable = new UnreadableRecords();
  const keys = new Map<number, SetFacts>();
  watch.begin(0, 0.8, history.length);
  for (let row = 0; row < history.length; row++) {
    watch.at(row);
    const role = roles[history.f[row]!]!;
    const type = history.type[row]!;
    if (role < 0 || (type !== INVOKE && type !== OK)) continue;
    const key = history.key[row]!;
    const facts = keys.get(key) ?? new SetFacts();
    keys.set(key, facts);
    if (role === ADD) facts.noteAdd(history, row);
    else if (type === OK) {
      const shown = history.value[row];
      if (Array.isArray(shown)) facts.noteRead(history, row, shown);
      else unreadable.add(row, "a list");
    }
  }
  let reads = 0;
  let unread = 0;
  let staleElements = 0;
  const reasons = unreadable.reasons(history);
  let operations = 0;
  let judged = 0;
  watch.begin(0.8, 1, keys.size);
  for (const [key, facts] of keys) {
    watch.at(judged++);
    const fresh = options.fresh === true;
    const { neverRead, stale } = judgeSet({ history, key, facts, anomalies, fresh });
    reads += facts.reads.length;
    unread += neverRead;
    staleElements += stale;
    operations += facts.acknowledged + facts.reads.length;
    if (facts.acknowledged > 0 && facts.reads.length === 0) {
      reasons.push(`nobody read ${keyName(history, key)}`);
    }
  }
  const measures: readonly Measure[] = [
    { name: "reads", unit: "count", value: reads, worse: "low" },
    { name: "elements never read", unit: "count", value: unread, worse: "high" },
    { name: "stale elements", unit: "count", value: staleElements, worse: "high" },
  ];
  return resultOf({ operations, reasons, measures, ...anomalies.report(history) });
}
