import { isPair, isSameJson } from "../../history/json-value.ts";
import type { Json } from "../../history/operation.ts";
import type { LinearizabilityModel } from "../linearizability-model.ts";

/**
 * A register: `read` answers its value, `write` stores one, `cas` of `[old, new]` stores the new one where the old one
 * is there. Registers are judged by a search of their own; this one tells in which order calls took effect.
 */
export function registerModel(initial: Json): LinearizabilityModel<Json> {
  return {
    name: "register",
    functions: ["read", "write", "cas"],
    reads: ["read"],
    init: () => initial,
    step: (state, { f, input, output, isAnswered }) => {
      if (f === "read") return !isAnswered || isSameJson(output ?? null, state) ? state : undefined;
      if (f === "write") return input ?? null;
      const [old, next] = isPair(input) ? input : [null, null];
      if (isSameJson(old, state)) return next;
      return isAnswered ? undefined : state;
    },
  };
}
