import type { CheckBudget } from "../check-budget.ts";
import { brokenLevels } from "./isolation-anomalies.ts";
import type { IsolationDemand } from "./isolation-demand.ts";
import type { IsolationEvidence } from "./isolation-evidence.ts";
import { type OrderDemand, orderDemandOf, strongestHolding, withWeaker } from "./isolation-levels.ts";
import { contradictoryCore } from "./order-core.ts";
import { type OrderGoal, type OrderProblem, orderProblem } from "./order-problem.ts";
import { orderProof } from "./order-proof.ts";
import { orderRules } from "./order-rules.ts";
import type { VersionSuccessors } from "./register-dependencies.ts";
import { type RegisterTransactions, UNKNOWN } from "./register-transactions.ts";
import type { RegisterVersions } from "./register-versions.ts";
import { rowOf, transactionName } from "./transaction-words.ts";
import { findVersionOrder } from "./version-choices.ts";

/** Steps of work that the search may take, where its time is not limited: about ten seconds. */
const workAtMost = 2e8;

/** Bytes that may be learned, about. */
const learnedBytesAtMost = 1e9;

/** Steps of work to find a small witness. */
const coreWorkAtMost = 1e7;

/** Transactions of a witness up to which a proof is tried to be told. */
const provedAtMost = 24;

/** What {@link addMissingOrder} works on. */
export interface UnknownOrder {
  readonly txns: RegisterTransactions;
  readonly facts: RegisterVersions;
  readonly successors: VersionSuccessors;
  readonly demand: IsolationDemand;
  readonly evidence: IsolationEvidence;
  readonly budget: CheckBudget | undefined;
}

/** What {@link addMissingOrder} found. */
export interface MissingOrder {
  /** Why a demanded level is undecided, or null. */
  readonly reason: string | null;
  /** Was each level decided that would be named as the strongest that holds? */
  readonly isStrongestKnown: boolean;
}

/** Levels that a search for an order decides, with the order that is searched. */
const searched: ReadonlyMap<string, OrderGoal> = new Map([
  ["serializable", "serial"],
  ["strong-session-serializable", "serial"],
  ["strict-serializable", "serial"],
  ["snapshot-isolation", "snapshot"],
  ["strong-session-snapshot-isolation", "snapshot"],
  ["strong-snapshot-isolation", "snapshot"],
]);

const endings = { none: "", session: "-process", "real-time": "-realtime" } as const;

/**
 * Adds an anomaly `no-serial-order` or `no-snapshot-order` if no order of the values of registers, whichever
 * it is, explains what was read; with `-process` or `-realtime` where the order of sessions or of time makes
 * it so. Searched are the levels that nothing seen so far breaks, the strongest first, and what is weaker
 * only where that is refuted: so no level is named as the strongest that holds which an own search would refute.
 */
export function addMissingOrder(task: UnknownOrder): MissingOrder {
  const { demand, evidence } = task;
  const demanded = withWeaker(demand.levels);
  const isDone = new Set<string>();
  let reason: string | null = null;
  let isStrongestKnown = true;
  for (;;) {
    const holding = strongestHolding(brokenLevels(evidence.types), demand.order);
    const level = holding.find((name) => searched.has(name) && !isDone.has(name));
    if (level === undefined) return { reason, isStrongestKnown };
    isDone.add(level);
    const undecided = searchLevel(task, searched.get(level)!, orderDemandOf([level]));
    if (undecided === null) continue;
    isStrongestKnown = false;
    if (demanded.has(level)) reason ??= undecided;
  }
}

/** Adds the anomaly of a level for which there is no order; answers why it is not known, or null. */
function searchLevel(task: UnknownOrder, goal: OrderGoal, demand: OrderDemand): string | null {
  const { txns, facts, successors, evidence, budget } = task;
  const type = `no-${goal}-order${endings[demand]}`;
  const isTimed = budget?.isTimed === true;
  const exceeded = (work: number, learnedBytes: number): string | null => {
    const bytes = txns.kind.length * 100 + learnedBytes;
    if (!isTimed && work > workAtMost)
      return `${workAtMost} steps were taken (a budget of time lets it take more)`;
    if (learnedBytes > learnedBytesAtMost) return `what it learned takes ${learnedBytes} bytes`;
    return budget?.exceeded(bytes, 0.95) ?? null;
  };
  const problem = orderProblem(txns, facts, successors, goal, demand);
  const result = findVersionOrder(problem, exceeded);
  if (result.kind === "found") return null;
  const looked = goal === "serial" ? "a serial order" : "an order of snapshots and commits";
  if (result.kind === "ended") {
    return `nothing broken was seen, but the search for ${looked} that explains all reads ended: ${result.reason}`;
  }
  evidence.add({ type, key: -1, ...missingOrder(problem, result.transactions, txns, looked) });
  return null;
}

/** The transactions that show that there is no order, as few as are found, and a proof. */
function missingOrder(
  problem: OrderProblem,
  blamed: readonly number[],
  txns: RegisterTransactions,
  looked: string,
): { rows: [number, ...number[]]; proof: () => string } {
  const core = contradictoryCore(problem, blamed, coreWorkAtMost);
  const shown = core === null ? blamed : [...core.transaction];
  const [first = 0, ...others] = shown.map((transaction) => rowOf(txns, transaction));
  const proof = (): string => {
    const names = shown.map((transaction, at) => {
      const isUnknown = txns.outcome[transaction] === UNKNOWN;
      const note = isUnknown ? " (of unknown outcome, but what it wrote was read)" : "";
      return `T${at + 1} = ${transactionName(txns, transaction)}${note}`;
    });
    const cases = core === null || shown.length > provedAtMost ? null : orderProof(orderRules(core, txns));
    const why = cases ?? `It takes many cases to show that; the search of ${blamed.length} transactions did.`;
    return `${names.join(", ")}: for these alone there is no ${looked.replace(/^an? /, "")} that explains what they read of each other. ${why}`;
  };
  return { rows: [first, ...others], proof };
}
