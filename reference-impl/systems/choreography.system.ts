import type { ServiceDefinition, StoreDefinition, SystemDefinition } from "../../harness/run/system.ts";
import type { Defect } from "../defects/defect.ts";
import { startEventDriven } from "../patterns/event-driven.ts";
import { poolLimits } from "../service-needs.ts";
import {
  type ChoreographedInventoryTables,
  createChoreographedInventoryTables,
} from "../services/inventory/choreography/choreographed-inventory-tables.ts";
import { stockApp } from "../services/inventory/choreography/stock-app.ts";
import { stockReaction } from "../services/inventory/choreography/stock-reaction.ts";
import type { InventoryTables } from "../services/inventory/inventory-tables.ts";
import { choreographedOrderService } from "../services/order/choreography/choreographed-order.service.ts";
import {
  type ChoreographedOrderTables,
  createChoreographedOrderTables,
} from "../services/order/choreography/choreographed-order-tables.ts";
import {
  type ChoreographyMechanisms,
  hardenedChoreographyMechanisms,
} from "../services/order/choreography/choreography-mechanisms.ts";
import { orderTopics } from "../services/order/choreography/order-events.ts";
import { orderReaction } from "../services/order/choreography/order-reaction.ts";
import {
  type ChoreographedPaymentTables,
  createChoreographedPaymentTables,
} from "../services/payment/choreography/choreographed-payment-tables.ts";
import { paymentApp } from "../services/payment/choreography/payment-app.ts";
import { paymentReaction } from "../services/payment/choreography/payment-reaction.ts";
import type { PaymentTables } from "../services/payment/payment-tables.ts";
import { textbookShop } from "../textbook/shop.textbook.ts";
import type { SeedOrderTables } from "../textbook/shop-services.ts";
import { type BusStore, basicNeeds, eventDrivenService, type StartParts } from "./service-definitions.ts";
import { kafkaStore, postgresStore, redisStore } from "./store-definitions.ts";
import type { TopicDelivery } from "./topic-delivery.ts";

/** The nodes of the choreographed shop. The bus is `kafka` or `redis`. */
export const choreographyNodes = {
  order: "order",
  orderStore: "order-db",
  payment: "payment",
  paymentStore: "payment-db",
  inventory: "inventory",
  inventoryStore: "inventory-db",
  kafka: "kafka",
  redis: "redis",
} as const;

const nodes = choreographyNodes;
const { orders, payments, stock } = orderTopics;

/** Who is told what where the bus is Kafka. */
export const choreographyDeliveries: readonly TopicDelivery[] = [
  { broker: nodes.kafka, topic: orders, group: "payment", consumer: nodes.payment },
  { broker: nodes.kafka, topic: orders, group: "inventory", consumer: nodes.inventory },
  { broker: nodes.kafka, topic: payments, group: "order", consumer: nodes.order },
  { broker: nodes.kafka, topic: stock, group: "order", consumer: nodes.order },
];

/** The bus that the three services speak over. */
export type ChoreographyBus = "kafka" | "redis";

/** Order, payment and inventory, each of which does its part when it hears of what the others did. */
export function choreographySystem(
  bus: ChoreographyBus,
  defect?: Defect<ChoreographyMechanisms>,
): SystemDefinition {
  const mechanisms = { ...hardenedChoreographyMechanisms(), ...defect?.replacement() };
  const store: BusStore = { kind: bus, name: nodes[bus] };
  const payOnce = mechanisms.payOnce(mechanisms.handleOnce);
  const order: StartParts<ChoreographedOrderTables> = (needs) => {
    const reaction = orderReaction(mechanisms.answersOf);
    const consumption = { group: nodes.order, topics: [payments, stock], reaction };
    const { announcer, stop } = startEventDriven(needs, mechanisms, consumption);
    return { app: choreographedOrderService(needs, announcer), stop };
  };
  const payment: StartParts<ChoreographedPaymentTables> = (needs) => {
    const consumption = { group: nodes.payment, topics: [orders], reaction: paymentReaction(needs) };
    const { stop } = startEventDriven(needs, { ...mechanisms, handleOnce: payOnce }, consumption);
    return { app: paymentApp(needs), stop };
  };
  const inventory: StartParts<ChoreographedInventoryTables> = (needs) => {
    const reaction = stockReaction(needs, mechanisms.reserve);
    const consumption = { group: nodes.inventory, topics: [orders], reaction };
    const { stop } = startEventDriven(needs, mechanisms, consumption);
    return { app: stockApp(needs), stop };
  };
  return {
    stores: storesWith(store),
    services: [
      eventDrivenService(nodes.order, nodes.orderStore, store, order),
      eventDrivenService(nodes.payment, nodes.paymentStore, store, payment),
      eventDrivenService(nodes.inventory, nodes.inventoryStore, store, inventory),
    ],
  };
}

function storesWith({ kind, name }: BusStore): readonly StoreDefinition[] {
  return [
    postgresStore(nodes.orderStore, createChoreographedOrderTables),
    postgresStore(nodes.paymentStore, createChoreographedPaymentTables),
    postgresStore(nodes.inventoryStore, createChoreographedInventoryTables),
    kind === "redis" ? redisStore(name) : kafkaStore(name, [orders, payments, stock]),
  ];
}

/**
 * The seed's shop: order, payment and inventory in the process `order`, over a bus in its memory. The
 * other two processes only show what is in their databases, so that all forms meet the same faults.
 */
export function textbookShopSystem(bus: ChoreographyBus): SystemDefinition {
  const store: BusStore = { kind: bus, name: nodes[bus] };
  const payment: StartParts<ChoreographedPaymentTables> = (needs) => ({
    app: paymentApp(needs),
    stop: async () => {},
  });
  const inventory: StartParts<ChoreographedInventoryTables> = (needs) => ({
    app: stockApp(needs),
    stop: async () => {},
  });
  const order: ServiceDefinition = {
    name: nodes.order,
    stores: [nodes.orderStore, nodes.paymentStore, nodes.inventoryStore, store.name],
    start: (context) =>
      textbookShop(basicNeeds(context), {
        orders: context.postgres<SeedOrderTables>(nodes.orderStore, poolLimits),
        payments: context.postgres<PaymentTables>(nodes.paymentStore, poolLimits),
        inventory: context.postgres<InventoryTables>(nodes.inventoryStore, poolLimits),
      }),
  };
  return {
    stores: storesWith(store),
    services: [
      order,
      eventDrivenService(nodes.payment, nodes.paymentStore, store, payment),
      eventDrivenService(nodes.inventory, nodes.inventoryStore, store, inventory),
    ],
  };
}
