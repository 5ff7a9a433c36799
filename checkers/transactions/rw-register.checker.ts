import type { CheckBudget } from "../check-budget.ts";
import type { Checker, CheckResult } from "../checker.ts";
import type { History } from "../history/history.ts";
import { addCyclicVersions } from "./cyclic-versions.ts";
import { addCycles } from "./isolation-cycles.ts";
import { demandText, type IsolationDemand, isolationDemand } from "./isolation-demand.ts";
import { IsolationEvidence } from "./isolation-evidence.ts";
import { withWeaker } from "./isolation-levels.ts";
import type { IsolationOptions } from "./isolation-options.ts";
import { isolationResult } from "./isolation-result.ts";
import { addRegisterAnomalies } from "./register-anomalies.ts";
import { registerDependencies, versionSuccessors } from "./register-dependencies.ts";
import {
  COMMITTED,
  type RegisterTransactions,
  registerTransactions,
  type TransactionFunctions,
} from "./register-transactions.ts";
import { registerVersions } from "./register-versions.ts";
import { registerWords } from "./register-words.ts";
import { keyText } from "./transaction-words.ts";
import { addMissingOrder } from "./unknown-order.ts";
import { assumedVersionOrder, type VersionAssumptions } from "./version-order.ts";
import { versionReasons } from "./version-reasons.ts";

/** What {@link rwRegister} can be told. */
export interface RwRegisterOptions extends Omit<IsolationOptions, "functions">, VersionAssumptions {
  /** Names of the functions that are read: `txn`, `read`, `write` and `cas` unless given. */
  readonly functions?: TransactionFunctions;
  /**
   * Committed transactions up to which an order of the values is searched that explains all reads, where
   * serializability or snapshot isolation is demanded; 50,000 unless given.
   */
  readonly searchedTransactions?: number;
}

/** See {@link RwRegisterOptions}. */
const searchedAtMost = 50_000;

/**
 * Claim: transactions that write registers and read them have the demanded isolation level, as far as the values
 * tell: no value may be written twice to a key.
 *
 * Reads operations `txn` whose value is a list of `["w", key, value]` and `["r", key, value]`, and plain
 * reads, writes and compare-and-sets of a key, each as a transaction of its own. Who read what is known;
 * which of two values came first only where one was there before any write, where a transaction read one
 * and then wrote the other, and as far as keys may be assumed to be sequentially consistent or
 * linearizable. So every anomaly is one, but a level that is not broken by what is known may still be by what
 * is not. For serializability and snapshot isolation, and the same for sessions and time, that is decided by a
 * search in histories that are not too large (`no-serial-order`, `no-snapshot-order`; unknown where it takes too
 * long). Else `valid` says that nothing broken can be seen. Anomalies, outcomes and details are those of
 * `list-append`, less those of lists, and `cyclic-versions`, where the assumptions contradict each other.
 * A value that nobody wrote is taken for the one that a key had before all writes, where it is the only
 * such one and nobody read nil; else it is a `garbage-read`.
 *
 * Linear in operations, but for the bounded search for G-single-item cycles where snapshot isolation is
 * broken, and that for an order of values, which is only nearly linear where values tell most of it. Sources: as of `list-append`.
 *
 * @throws RangeError where a level or anomaly is not known, or `maxAnomalies` is no whole number of at least 1.
 */
export function rwRegister(options: RwRegisterOptions = {}): Checker {
  const demand = isolationDemand(options);
  // Bad options are refused here, not in the midst of a run.
  new IsolationEvidence(demand.forbidden, options.maxAnomalies);
  return {
    name: "rw-register",
    claim: `transactions that write registers and read them have ${demandText(demand)} isolation`,
    blindSpots: [
      "in large histories, and for other levels than the serializable ones and those of snapshots: cycles that show " +
        "only if it is known which of two values came first",
      "reads that depend on a condition (predicates): only single keys are read",
      "transactions of unknown outcome of which nothing was read",
    ],
    check: (history, budget) => check(history, options, demand, budget),
  };
}

function check(
  history: History,
  options: RwRegisterOptions,
  demand: IsolationDemand,
  budget: CheckBudget | undefined,
): CheckResult {
  const txns = registerTransactions(history, options.functions);
  const evidence = new IsolationEvidence(demand.forbidden, options.maxAnomalies);
  const reasons: string[] = [];
  let operations = 0;
  for (let at = 0; at < txns.count; at++) if (txns.outcome[at] === COMMITTED) operations++;
  let isEmpty = false;
  let isStrongestKnown = true;
  const over = budget?.exceeded(txns.kind.length * 20, 0.4) ?? null;
  if (txns.unreadable !== null) {
    const { row, problem } = txns.unreadable;
    reasons.push(`operation ${history.index[row]} cannot be read: ${problem}`);
  } else if (over !== null) reasons.push(`stopped: ${over}`);
  else {
    if (txns.ambiguous !== null) reasons.push(ambiguousText(txns, txns.ambiguous));
    const facts = registerVersions(txns);
    addRegisterAnomalies(txns, facts, evidence);
    const assumed = assumedVersionOrder(txns, facts, options);
    const reasonsOfVersions = versionReasons(txns, facts, options);
    const cyclic = addCyclicVersions(txns, assumed, reasonsOfVersions, evidence);
    const mustBeCommitted = withWeaker(demand.levels).has("read-committed");
    const areUpdatesKnown = options.wfrKeys === undefined && mustBeCommitted;
    const successors = versionSuccessors(txns, facts, assumed, cyclic, areUpdatesKnown);
    const dependencies = registerDependencies(txns, facts, successors);
    const words = registerWords(txns, facts, successors, reasonsOfVersions);
    const { happened } = facts;
    const cycles = addCycles({ txns, happened, dependencies, words, demand, evidence, budget });
    isEmpty = cycles.isEmpty && txns.count > 0;
    if (cycles.reason !== null) reasons.push(cycles.reason);
    const most = options.searchedTransactions ?? (budget?.isTimed === true ? operations : searchedAtMost);
    const isSmall = operations <= most;
    if (isSmall && reasons.length === 0 && !isEmpty) {
      const missing = addMissingOrder({ txns, facts, successors, demand, evidence, budget });
      if (missing.reason !== null) reasons.push(missing.reason);
      isStrongestKnown = missing.isStrongestKnown;
    }
  }
  return isolationResult({ history, evidence, demand, operations, reasons, isEmpty, isStrongestKnown });
}

function ambiguousText(txns: RegisterTransactions, [first, second]: readonly [number, number]): string {
  const [a, b] = [first, second].map((write) => txns.history.index[txns.invocation[txns.owner[write]!]!]!);
  const name = keyText(txns.keys[txns.key[first]!]!);
  return `operations ${a} and ${b} wrote the same value to ${name}, so nobody can tell whose was read`;
}
