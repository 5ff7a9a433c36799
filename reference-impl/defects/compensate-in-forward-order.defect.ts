import { undoRules } from "../patterns/saga-step.ts";
import type { OrderSagaMechanisms } from "../services/order-saga/order-saga.service.ts";
import type { Defect } from "./defect.ts";

/** Steps are undone in the order in which they were done. */
export const compensateInForwardOrder: Defect<OrderSagaMechanisms> = {
  name: "compensate-in-forward-order",
  missing: "steps are undone in the order in which they were done",
  needs: "an order that is refused at a late step; no fault",
  shows: [{ checker: "saga-atomicity", types: ["out-of-order-compensation"] }],
  replacement: () => ({ rules: { ...undoRules, orderOfUndo: (steps) => steps } }),
};
