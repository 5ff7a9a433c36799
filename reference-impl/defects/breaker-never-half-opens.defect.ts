import type { MakeBreaker } from "../patterns/circuit-breaker.ts";
import type { CheckoutMechanisms } from "../services/checkout/checkout.service.ts";
import type { Defect } from "./defect.ts";

/** Opens after so many failures in a row, and stays open: only a success closes it, and no call passes. */
const openForEver: MakeBreaker = (_clock, { failuresToOpen }) => {
  let failures = 0;
  return {
    get state() {
      return failures >= failuresToOpen ? "open" : "closed";
    },
    admit: () => failures < failuresToOpen,
    succeeded: () => {
      failures = 0;
    },
    failed: () => {
      failures++;
    },
  };
};

/** The circuit breaker opens and lets no call through any more. */
export const breakerNeverHalfOpens: Defect<CheckoutMechanisms> = {
  name: "breaker-never-half-opens",
  missing: "the circuit breaker opens and lets no call through any more",
  needs: "so many failures in a row that it opens",
  shows: [{ checker: "availability", types: ["slow-recovery"] }],
  replacement: () => ({ makeBreaker: openForEver }),
};
