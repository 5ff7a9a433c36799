import type { Json } from "../../history/operation.ts";
import type { LinearizabilityModel } from "../linearizability-model.ts";

/**
 * A lock that one can hold: `acquire` takes it where it is free, `release` gives it back where it is held, by
 * whomever. Locks that expire and tokens are the matter of `lock-safety`. `initial`: is it held at the start?
 */
export function mutexModel(initial: Json = false): LinearizabilityModel<boolean> {
  if (typeof initial !== "boolean") throw new RangeError("the model mutex begins with true (held) or false");
  return {
    name: "mutex",
    functions: ["acquire", "release"],
    init: () => initial,
    describe: (isHeld) => (isHeld ? "held" : "free"),
    step: (isHeld, { f, isAnswered }) => {
      if (isHeld !== (f === "acquire")) return !isHeld;
      return isAnswered ? undefined : isHeld;
    },
  };
}
