import type { FaultChoice } from "../harness/faults/fault.ts";
import { orderTopics } from "../reference-impl/services/order/choreography/order-events.ts";
import { choreographyNodes } from "../reference-impl/systems/choreography.system.ts";
import { systemFaults } from "./faults/system-faults.ts";

const { orders, payments, stock } = orderTopics;
const deliveries = [
  { broker: choreographyNodes.kafka, topic: orders, group: "payment", consumer: choreographyNodes.payment },
  {
    broker: choreographyNodes.kafka,
    topic: orders,
    group: "inventory",
    consumer: choreographyNodes.inventory,
  },
  { broker: choreographyNodes.kafka, topic: payments, group: "order", consumer: choreographyNodes.order },
  { broker: choreographyNodes.kafka, topic: stock, group: "order", consumer: choreographyNodes.order },
];

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
    deliveries: bus === "kafka" ? deliveries : [],
  });
}
