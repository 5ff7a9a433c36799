import { isSameJson } from "../../history/json-value.ts";
import type { Json } from "../../history/operation.ts";
import type { LinearizabilityModel } from "../linearizability-model.ts";
import { likelyQueueOrder } from "./likely-queue-order.ts";

/**
 * A queue: `enqueue` puts a value at its end, `dequeue` answers and removes the one at its front, null where
 * there is none. `initial`: the values at the start, the front first.
 */
export function queueModel(initial: Json = []): LinearizabilityModel<readonly Json[]> {
  if (!Array.isArray(initial)) throw new RangeError("the model queue begins with a list");
  const start: readonly Json[] = initial;
  return {
    name: "queue",
    functions: ["enqueue", "dequeue"],
    init: () => start,
    expected: ({ f, input }) => (f === "enqueue" && (input ?? null) === null ? "a value" : null),
    step: (state, { f, input, output, isAnswered }) => {
      if (f === "enqueue") return [...state, input ?? null];
      if (isAnswered && !isSameJson(state[0] ?? null, output ?? null)) return undefined;
      return state.length === 0 ? state : state.slice(1);
    },
    likelyOrder: likelyQueueOrder,
  };
}
