import type { CheckoutMechanisms } from "../services/checkout/checkout.service.ts";
import type { Defect } from "./defect.ts";

/** Every attempt has a request key of its own, so that each may have its effect. */
export const retryWithoutKey: Defect<CheckoutMechanisms> = {
  name: "retry-without-key",
  missing: "every attempt has a request key of its own, so that each may have its effect",
  needs: "the answer to a payment is lost, or comes too late",
  shows: [{ checker: "outgoing-calls", types: ["repeated-effect"] }],
  replacement: () => ({
    keyOfAttempt: (key, attempt) => `${key}/attempt-${attempt}`,
  }),
};
