import type { LinearizabilityModel } from "./linearizability-model.ts";
import type { ObjectCalls } from "./object-calls.ts";
import { NEVER } from "./window-plan.ts";

/** The order in which calls probably took effect: as the model guesses, else that in which they returned. */
export function likelyOrder<State>(model: LinearizabilityModel<State>, calls: ObjectCalls): Float64Array {
  const returned = Float64Array.from(calls.returned, (at) => (at === NEVER ? Number.POSITIVE_INFINITY : at));
  return model.likelyOrder?.(calls.calls, Float64Array.from(calls.invoked), returned) ?? returned;
}
