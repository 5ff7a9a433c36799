import type { ProjectionMechanisms } from "../patterns/projection.ts";
import type { Defect } from "./defect.ts";

/** A message that comes before one that precedes it is dropped. */
export const dropOutOfOrder: Defect<ProjectionMechanisms> = {
  name: "drop-out-of-order",
  missing: "a message that comes before one that precedes it does not wait for that one: it is dropped",
  needs: "a price change while the read models are rebuilt; no fault",
  shows: [
    {
      checker: "projection",
      types: ["not-converged", "rebuild-differs", "missing-entity", "state-went-back"],
    },
  ],
  replacement: () => ({ early: "drop" }),
};
