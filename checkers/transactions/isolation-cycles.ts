import type { CheckBudget } from "../check-budget.ts";
import type { History } from "../history/history.ts";
import type { RelationWords } from "./cycle-proof.ts";
import { addDependencyAnomalies } from "./dependency-anomalies.ts";
import { type DependencyGraph, dependencyGraph, EdgeList, LINK, REALTIME } from "./dependency-graph.ts";
import type { IsolationDemand } from "./isolation-demand.ts";
import type { IsolationEvidence } from "./isolation-evidence.ts";
import type { Dependencies } from "./list-dependencies.ts";
import { addRealTimeOrder, addSessionOrder, type Timed } from "./order-edges.ts";

/** What {@link addCycles} works on. */
export interface CycleTask {
  readonly txns: Timed & { readonly history: History };
  /** 1 for each transaction that happened. */
  readonly happened: Uint8Array;
  /** Relations of the data; those of the demanded order are added to them. */
  readonly dependencies: Dependencies;
  readonly words: RelationWords;
  readonly demand: IsolationDemand;
  readonly evidence: IsolationEvidence;
  readonly budget: CheckBudget | undefined;
}

/** How the search for cycles ended. */
export interface CycleOutcome {
  /** Is no transaction related to another one? */
  readonly isEmpty: boolean;
  /** Why something was left undecided, or null. */
  readonly reason: string | null;
}

/** Adds the cycles in the relations of the data and of the order that is demanded. */
export function addCycles(task: CycleTask): CycleOutcome {
  const { txns, happened, dependencies, words, demand, evidence, budget } = task;
  const { edges } = dependencies;
  let { nodes } = dependencies;
  if (demand.order === "session") addSessionOrder(edges, txns, happened);
  if (demand.order === "real-time") nodes = addRealTimeOrder(edges, txns, happened, nodes);
  const over = budget?.exceeded(edges.length * 20, 0.7) ?? null;
  if (over !== null) return { isEmpty: false, reason: `stopped before looking for cycles: ${over}` };
  const sessions = (): DependencyGraph => {
    const chain = new EdgeList(txns.count);
    addSessionOrder(chain, txns, happened);
    return dependencyGraph(chain, txns.count, nodes);
  };
  const graph = dependencyGraph(edges, txns.count, nodes);
  const reason = addDependencyAnomalies({
    named: txns,
    graph,
    demand: demand.order,
    sessions,
    evidence,
    words,
    budget,
  });
  // That a transaction had ended at some moment, or what a helper leads to, relates nothing by itself.
  return { isEmpty: !graph.kinds.some((kind) => kind !== REALTIME && kind !== LINK), reason };
}
