import type { OrderSagaMechanisms } from "../services/order-saga/order-saga.service.ts";
import type { Defect } from "./defect.ts";

/** Every attempt of a step has a request key of its own, so that each may have its effect. */
export const noStepKey: Defect<OrderSagaMechanisms> = {
  name: "no-step-key",
  missing: "every attempt of a step has a request key of its own, so that each may have its effect",
  needs: "the answer to a command is lost, or comes too late",
  shows: [
    {
      checker: "saga-atomicity",
      types: ["double-effect", "double-compensation", "lost-compensation", "late-effect", "amount-mismatch"],
    },
    { checker: "outgoing-calls", types: ["repeated-effect"] },
  ],
  replacement: () => ({
    keyOfAttempt: (key, attempt) => (attempt === 1 ? key : `${key}/attempt-${attempt}`),
  }),
};
