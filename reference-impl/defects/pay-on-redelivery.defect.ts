import type { ChoreographyMechanisms } from "../services/order/choreography/choreography-mechanisms.ts";
import type { Defect } from "./defect.ts";
import { handleEveryTime } from "./handle-every-time.ts";

/** The payment service, and only that one, takes every copy of a message for a new one. */
export const payOnRedelivery: Defect<ChoreographyMechanisms> = {
  name: "pay-on-redelivery",
  missing: "the payment service takes every copy of `order.created` for a new order, and charges again",
  needs: "a message is delivered again: the payment service or a relay died, or an acknowledgement was lost",
  shows: [{ checker: "saga-atomicity", types: ["double-effect"] }],
  replacement: () => ({ payOnce: () => handleEveryTime }),
};
