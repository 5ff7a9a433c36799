import type { Json } from "../../history/operation.ts";
import type { LinearizabilityModel, ModelCall } from "../linearizability-model.ts";

/**
 * A number: `read` answers it; `add` adds a number, `increment` and `decrement` one, too, or 1 where none is
 * given. An addition may answer the sum. `initial`: the number at the start, 0 unless given.
 */
export function counterModel(initial: Json = 0): LinearizabilityModel<number> {
  if (typeof initial !== "number") throw new RangeError("the model counter begins with a number");
  return {
    name: "counter",
    functions: ["read", "add", "increment", "decrement"],
    reads: ["read"],
    init: () => initial,
    expected: ({ f, input, output, isAnswered }) => {
      if (f === "read") return isAnswered && typeof output !== "number" ? "a number" : null;
      return typeof (input ?? 1) === "number" ? null : "a number";
    },
    step: (state, call) => {
      const { f, output, isAnswered } = call;
      if (f === "read") return !isAnswered || output === state ? state : undefined;
      return state + amountOf(call);
    },
    effect: (call) => (call.f === "read" ? undefined : amountOf(call)),
    sum: { of: (state) => state, by: (call) => (call.f === "read" ? Number(call.output) : amountOf(call)) },
  };
}

function amountOf({ f, input }: ModelCall): number {
  const amount = (input ?? 1) as number;
  return f === "decrement" ? -amount : amount;
}
