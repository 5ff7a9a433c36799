import type { FaultChoice } from "../../harness/faults/fault.ts";
import { systemFaults } from "./system-faults.ts";

/** Faults for clients, one service and its PostgreSQL store; most of what matters happens before the store. */
export function oneServiceFaults(nodes: {
  readonly service: string;
  readonly store: string;
}): readonly FaultChoice[] {
  const { service, store } = nodes;
  return systemFaults({
    edges: [
      { from: "clients", to: service, speaks: "http" },
      { from: service, to: store, speaks: "sql", weight: 2 },
    ],
    processes: [service, store],
  });
}
