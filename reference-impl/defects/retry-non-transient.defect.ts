import { tryPassingFailures } from "../patterns/retried-call.ts";
import type { OrderSagaMechanisms } from "../services/order-saga/order-saga.service.ts";
import type { Defect } from "./defect.ts";

/** A refusal is taken for a passing failure: the step is sent again until it is done. */
export const retryNonTransient: Defect<OrderSagaMechanisms> = {
  name: "retry-non-transient",
  missing: "a refusal is taken for a passing failure: the step is sent again until it is done",
  needs: "an order that is refused; no fault",
  shows: [
    { checker: "saga-atomicity", types: ["stuck-saga"] },
    { checker: "outgoing-calls", types: ["refusal-retried", "too-many-attempts"] },
  ],
  replacement: () => ({
    tryAgain: (outcome, attempt, policy) =>
      outcome.kind === "refused" || tryPassingFailures(outcome, attempt, policy),
  }),
};
