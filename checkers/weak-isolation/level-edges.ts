import type { CheckBudget } from "../check-budget.ts";
import { addAtomicEdges } from "./atomic-edges.ts";
import { addCausalEdges } from "./causal-edges.ts";
import { addCommittedEdges } from "./committed-edges.ts";
import type { HappensBefore } from "./happens-before.ts";
import type { InferredEdges } from "./inferred-edges.ts";
import type { WeakLevel } from "./isolation-level.ts";
import type { VisibleHistory } from "./visible-history.ts";

/**
 * Adds what the axiom of a level demands of the order of commits, beyond session order and reads-from.
 * Answers why the budget made it stop, or null.
 *
 * The history has the level exactly if all edges together, with those of happens-before, have no cycle, no
 * demanded edge leads to a value before any write, and (above read committed) all reads are repeatable:
 * every demanded edge holds in each order of commits that explains the history; and where there is no
 * cycle any order that agrees with the edges is such an order.
 */
export function addLevelEdges(
  level: WeakLevel,
  history: VisibleHistory,
  before: HappensBefore,
  edges: InferredEdges,
  budget?: CheckBudget,
): string | null {
  if (level === "read-committed") return addCommittedEdges(history, edges, budget);
  const { isRepeat } = history.reads;
  for (let read = 0; read < history.reads.count; read++) if (isRepeat[read] === 1) edges.addRepeat(read);
  if (level === "causal") return addCausalEdges(history, before, edges, budget);
  return addAtomicEdges(history, edges, budget);
}
