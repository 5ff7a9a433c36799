import type { FaultChoice } from "../harness/faults/fault.ts";
import { choreographyDeliveries, choreographyNodes } from "../reference-impl/systems/choreography.system.ts";
import { systemFaults } from "./faults/system-faults.ts";

/** Every fault on every edge and process of the choreographed shop over one of its buses. */
export function shopFaults(bus: "kafka" | "redis"): readonly FaultChoice[] {
  const nodes = choreographyNodes;
  const broker = nodes[bus];
  return systemFaults({
    edges: [
      { from: "clients", to: nodes.order, speaks: "http" },
      { from: nodes.order, to: nodes.orderStore, speaks: "sql" },
      // Twice, since it is on this way that an order is stored of which nobody may ever hear.
      { from: nodes.order, to: nodes.orderStore, speaks: "sql" },
      { from: nodes.payment, to: nodes.paymentStore, speaks: "sql" },
      { from: nodes.inventory, to: nodes.inventoryStore, speaks: "sql" },
      { from: nodes.order, to: broker, speaks: "bus" },
      { from: nodes.payment, to: broker, speaks: "bus" },
      { from: nodes.inventory, to: broker, speaks: "bus" },
    ],
    processes: [
      nodes.order,
      nodes.payment,
      nodes.inventory,
      nodes.orderStore,
      nodes.paymentStore,
      nodes.inventoryStore,
      broker,
    ],
    // Only Kafka's groups have offsets that can be set back.
    deliveries: bus === "kafka" ? choreographyDeliveries : [],
  });
}
