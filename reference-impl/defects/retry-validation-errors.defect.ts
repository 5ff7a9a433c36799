import type { CheckoutMechanisms } from "../services/checkout/checkout.service.ts";
import type { Defect } from "./defect.ts";

/** Every failure is tried again, refusals too. */
export const retryValidationErrors: Defect<CheckoutMechanisms> = {
  name: "retry-validation-errors",
  missing: "every failure is tried again, refusals too",
  needs: "a payment that is refused; no fault",
  shows: [{ checker: "outgoing-calls", types: ["refusal-retried"] }],
  replacement: () => ({
    tryAgain: (outcome, attempt, policy) => outcome.kind !== "done" && attempt < policy.attempts,
  }),
};
