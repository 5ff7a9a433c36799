import type { Json } from "../../history/operation.ts";
import type { LinearizabilityModel } from "../linearizability-model.ts";
import { likelyTextOrder } from "./likely-text-order.ts";

/**
 * A text under a key: `get` answers it, `put` replaces it, `append` adds to its end. Nothing and the empty
 * text are the same. `initial`: the text at the start.
 */
export function kvModel(initial: Json = null): LinearizabilityModel<string> {
  const start = textOf(initial);
  if (start === null) throw new RangeError("the model kv begins with a text");
  return {
    name: "kv",
    functions: ["get", "put", "append"],
    reads: ["get"],
    init: () => start,
    expected: ({ f, input, output }) => (textOf(f === "get" ? output : input) === null ? "a text" : null),
    step: (state, { f, input, output, isAnswered }) => {
      if (f === "get") return !isAnswered || textOf(output) === state ? state : undefined;
      const text = textOf(input) ?? "";
      return f === "put" ? text : state + text;
    },
    likelyOrder: likelyTextOrder,
  };
}

function textOf(value: Json | undefined): string | null {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : null;
}
