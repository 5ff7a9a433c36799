import {
  type SagaDrive,
  type SagaEntry,
  type SagaLog,
  SagaLost,
  type SagaStatus,
} from "../patterns/saga-log.ts";
import type { OrderSagaMechanisms } from "../services/order-saga/order-saga.service.ts";
import type { Defect } from "./defect.ts";

/** The log in the memory of the process. */
function memoryLog(): SagaLog {
  const sagas = new Map<string, SagaStatus>();
  const logs = new Map<string, SagaEntry[]>();
  const running = () => [...sagas].flatMap(([id, { state }]) => (state === "running" ? [id] : []));
  const openDrive = (id: string, input: string): SagaDrive => {
    const entries = logs.get(id) ?? [];
    logs.set(id, entries);
    return {
      saga: { id, input, entries: [...entries] },
      append: async (added) => {
        entries.push(...added);
      },
      keep: async () => {
        if (!sagas.has(id)) throw new SagaLost(id);
      },
      end: async (state) => {
        sagas.set(id, { input, state });
      },
    };
  };
  return {
    begin: async (id, input) => {
      const status = sagas.get(id) ?? { input, state: "running" };
      sagas.set(id, status);
      return status;
    },
    find: async (id) => sagas.get(id) ?? null,
    pending: async () => running().length,
    claimable: async () => running(),
    claim: async (id) => {
      const status = sagas.get(id);
      return status?.state === "running" ? openDrive(id, status.input) : null;
    },
  };
}

/** What was done and what comes next is known to the process only. */
export const memoryOnlyProgress: Defect<OrderSagaMechanisms> = {
  name: "memory-only-progress",
  missing: "what was done and what comes next is known to the process only",
  needs: "a crash of the orchestrator while it processes an order",
  shows: [{ checker: "saga-atomicity", types: ["stuck-saga"] }],
  replacement: () => ({ makeLog: memoryLog }),
};
