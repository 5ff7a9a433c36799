import type { ProjectionMechanisms } from "../patterns/projection.ts";
import type { Defect } from "./defect.ts";

/** Each copy of a message has its effect: nobody looks whether the read model has it already. */
export const nonIdempotentHandler: Defect<ProjectionMechanisms> = {
  name: "non-idempotent-handler",
  missing: "a handler has its effect for each copy of a message, whatever position the read model is at",
  needs: "a message that is delivered again",
  shows: [{ checker: "projection", types: ["applied-twice", "position-went-back", "state-off-log"] }],
  replacement: () => ({ isKnown: () => false }),
};
