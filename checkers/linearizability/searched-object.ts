import { callSums } from "./call-sums.ts";
import { likelyOrder } from "./likely-order.ts";
import type { LinearizabilityModel } from "./linearizability-model.ts";
import type { ObjectCalls } from "./object-calls.ts";
import { standInGroups } from "./stand-in-groups.ts";
import { StateTable } from "./state-table.ts";
import { StepMemory } from "./step-memory.ts";
import { NEVER, planWindow, type WindowPlan } from "./window-plan.ts";

/** What a search is about: an object, its calls, and how configurations of them are written down. */
export interface SearchedObject {
  readonly model: LinearizabilityModel;
  readonly calls: ObjectCalls;
  readonly plan: WindowPlan;
  readonly likely: Float64Array;
  /** By call: what it adds to the sum that a state is, or the sum that a read answered; null where it is none. */
  readonly sums: Float64Array | null;
  /** The number of the state at the start. */
  readonly start: number;
  readonly states: StateTable<unknown>;
  readonly steps: StepMemory<unknown>;
}

/** Plans a search. */
export function searchedObject(model: LinearizabilityModel, calls: ObjectCalls): SearchedObject {
  const states = new StateTable(model);
  return {
    model,
    calls,
    plan: planWindow(calls, calls.code, () => NEVER, standInGroups(model, calls)),
    likely: likelyOrder(model, calls),
    sums: callSums(model, calls),
    start: states.numberOf(model.init()),
    states,
    steps: new StepMemory(model, calls, states),
  };
}
