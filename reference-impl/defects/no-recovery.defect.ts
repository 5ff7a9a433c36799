import type { OrderSagaMechanisms } from "../services/order-saga/order-saga.service.ts";
import type { Defect } from "./defect.ts";

/** Nobody looks for unfinished sagas, neither after a restart nor later. */
export const noRecovery: Defect<OrderSagaMechanisms> = {
  name: "no-recovery",
  missing: "nobody looks for unfinished sagas, neither after a restart nor later",
  needs: "a crash of the orchestrator, or a log that cannot be written for a while",
  shows: [{ checker: "saga-atomicity", types: ["stuck-saga"] }],
  replacement: () => ({ findUnfinished: async () => [] }),
};
