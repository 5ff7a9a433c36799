import type { CheckoutMechanisms } from "../services/checkout/checkout.service.ts";
import type { Defect } from "./defect.ts";

/** A call waits for its answer for as long as it takes. */
export const noTimeout: Defect<CheckoutMechanisms> = {
  name: "no-timeout",
  missing: "a call waits for its answer for as long as it takes",
  needs: "a message that is lost without a word, or a partition",
  shows: [{ checker: "outgoing-calls", types: ["slow-call"] }],
  replacement: () => ({ timeoutMs: null }),
};
