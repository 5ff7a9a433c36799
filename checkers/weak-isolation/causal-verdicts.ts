import type { CheckBudget } from "../check-budget.ts";
import type { Json } from "../history/operation.ts";
import { type CausalVariant, causalVariants } from "./causal-variant.ts";
import { commitGraph, cyclicComponents } from "./commit-graph.ts";
import { ConsistencyPass } from "./consistency-pass.ts";
import type { HappensBefore } from "./happens-before.ts";
import { InferredEdges } from "./inferred-edges.ts";
import { addLevelEdges } from "./level-edges.ts";
import { MemoryPass } from "./memory-pass.ts";
import type { VisibleHistory } from "./visible-history.ts";

/** Sessions times transactions up to which also those variants are decided that nobody asked for. */
const unaskedMax = 10_000_000;

/** Which of the three kinds of causal consistency hold: those that are known, and what follows from them. */
export class CausalVerdicts {
  readonly #holds = new Map<CausalVariant, boolean>();

  /** Notes whether a variant holds. Causal consistency follows from the others, so they fail where it fails. */
  set(variant: CausalVariant, holds: boolean): void {
    this.#holds.set(variant, holds);
    if (holds) this.#holds.set("causal-consistency", true);
    else if (variant === "causal-consistency")
      for (const each of causalVariants) this.#holds.set(each, false);
  }

  /**
   * Decides what is not known where that is cheap: for at most ten million sessions times transactions. Needs
   * reads without anomalies of their own and a happens-before without cycles.
   */
  complete(visible: VisibleHistory, before: HappensBefore, budget: CheckBudget | undefined): void {
    if (visible.chains.count * visible.chains.order.length > unaskedMax) return;
    if (visible.reads.isRepeat.includes(1)) this.set("causal-consistency", false);
    if (!this.#holds.has("causal-convergence")) {
      const edges = new InferredEdges(1);
      if (addLevelEdges("causal", visible, before, edges, budget) !== null) return;
      const isCyclic = cyclicComponents(commitGraph(before, edges)).components > 0;
      this.set("causal-convergence", edges.initialCount === 0 && !isCyclic);
    }
    if (!this.#holds.has("causal-memory")) {
      const { broken, stopped } = new MemoryPass(visible, before).run(budget);
      if (broken.length > 0 || stopped === null) this.set("causal-memory", broken.length === 0);
    }
    if (!this.#holds.has("causal-consistency")) {
      const { broken, stopped } = new ConsistencyPass(visible, before).run(budget);
      if (broken.length > 0 || stopped === null) this.set("causal-consistency", broken.length === 0);
    }
  }

  /**
   * `strongestCausal`: those of the variants that hold which no other one that holds implies; `undecided`:
   * those of which it is not known, left out where there are none.
   */
  details(): Readonly<Record<string, Json>> {
    const holding = causalVariants.filter((variant) => this.#holds.get(variant) === true);
    const strongestCausal =
      holding.length > 1 ? holding.filter((one) => one !== "causal-consistency") : holding;
    const undecided = causalVariants.filter((variant) => !this.#holds.has(variant));
    return { strongestCausal, ...(undecided.length > 0 ? { undecided } : {}) };
  }
}
