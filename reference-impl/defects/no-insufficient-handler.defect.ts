import type { ChoreographyMechanisms } from "../services/order/choreography/choreography-mechanisms.ts";
import { answersOf } from "../services/order/choreography/order-outcome.ts";
import type { Defect } from "./defect.ts";

/** Nobody listens to `inventory.insufficient`. */
export const noInsufficientHandler: Defect<ChoreographyMechanisms> = {
  name: "no-insufficient-handler",
  missing: "nobody listens to `inventory.insufficient`: the order waits for ever, and its money is kept",
  needs: "an order of more than there is; no fault",
  shows: [{ checker: "saga-atomicity", types: ["stuck-saga"] }],
  replacement: () => {
    const { "inventory.insufficient": _, ...others } = answersOf;
    return { answersOf: others };
  },
};
