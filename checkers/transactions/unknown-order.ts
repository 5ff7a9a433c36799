import type { CheckBudget } from "../check-budget.ts";
import { EdgeList } from "./dependency-graph.ts";
import { brokenLevels } from "./isolation-anomalies.ts";
import type { IsolationDemand } from "./isolation-demand.ts";
import type { IsolationEvidence } from "./isolation-evidence.ts";
import { type OrderDemand, orderDemandOf, strongestHolding, withWeaker } from "./isolation-levels.ts";
import { addRealTimeOrder, addSessionOrder } from "./order-edges.ts";
import type { VersionSuccessors } from "./register-dependencies.ts";
import type { RegisterTransactions } from "./register-transactions.ts";
import type { RegisterVersions } from "./register-versions.ts";
import { rowOf, transactionName } from "./transaction-words.ts";
import { findVersionOrder, type OrderGoal } from "./version-choices.ts";

/** Steps of work that the search may take. */
const workAtMost = 2e8;

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
  const order = new EdgeList(2 * txns.count);
  let nodes = txns.count;
  if (demand === "session") addSessionOrder(order, txns, facts.happened);
  if (demand === "real-time") nodes = addRealTimeOrder(order, txns, facts.happened, nodes);
  const exceeded = (work: number): string | null =>
    work > workAtMost
      ? `${workAtMost} steps were taken`
      : (budget?.exceeded(txns.kind.length * 100, 0.95) ?? null);
  const result = findVersionOrder({ txns, facts, successors, goal, demand, order, nodes, exceeded });
  if (result.kind === "found") return null;
  const looked = goal === "serial" ? "a serial order" : "an order of snapshots and commits";
  if (result.kind === "ended") {
    return `nothing broken was seen, but the search for ${looked} that explains all reads ended: ${result.reason}`;
  }
  const [first = 0, ...others] = result.witness.map((transaction) => rowOf(txns, transaction));
  const names = result.witness.map((transaction) => transactionName(txns, transaction)).join(", ");
  const proof = (): string =>
    `there is no ${looked.replace(/^an? /, "")} of all transactions that explains what they read, whatever came first ` +
    `where that is not known (${result.choices} choices were tried); it fails at last on ${names}, of which one ` +
    "wrote what the last one read, and another one wrote the same key: it can come neither before nor after both";
  evidence.add({ type, key: -1, rows: [first, ...others], proof });
  return null;
}
