import { undoRules } from "../patterns/saga-step.ts";
import type { OrderSagaMechanisms } from "../services/order-saga/order-saga.service.ts";
import type { Defect } from "./defect.ts";

/** Only steps that are known to be done are compensated; one whose outcome is unknown is not. */
export const skipUnknownOutcome: Defect<OrderSagaMechanisms> = {
  name: "skip-unknown-outcome",
  missing: "only steps that are known to be done are compensated; one whose outcome is unknown is not",
  needs: "the answers to a command are lost until the saga gives up",
  shows: [{ checker: "saga-atomicity", types: ["lost-compensation"] }],
  replacement: () => ({
    rules: { ...undoRules, mayHaveHappened: (event) => event === "done" },
  }),
};
