import type { OrderSagaMechanisms } from "../services/order-saga/order-saga.service.ts";
import type { Defect } from "./defect.ts";

/** A compensation is sent once; if it fails, the saga goes on as if it had worked. */
export const swallowCompensationFailure: Defect<OrderSagaMechanisms> = {
  name: "swallow-compensation-failure",
  missing: "a compensation is sent once; if it fails, the saga goes on as if it had worked",
  needs: "an order that is refused at a late step, and a fault on the way of a compensation",
  shows: [{ checker: "saga-atomicity", types: ["lost-compensation"] }],
  replacement: () => ({ tryUndoAgain: () => false }),
};
