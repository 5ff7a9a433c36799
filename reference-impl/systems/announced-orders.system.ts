import type { SystemDefinition } from "../../harness/run/system.ts";
import type { Defect } from "../defects/defect.ts";
import { type EventMechanisms, hardenedEventMechanisms, startEventDriven } from "../patterns/event-driven.ts";
import { idempotentConsumer } from "../patterns/idempotent-consumer.ts";
import { serviceApp } from "../patterns/service-app.ts";
import { createNoticeTables, type NoticeTables } from "../services/notification/notices/notice-tables.ts";
import {
  noticesApp,
  notificationGroup,
  storeNotice,
} from "../services/notification/notices/notices.service.ts";
import { choreographedOrderService } from "../services/order/choreography/choreographed-order.service.ts";
import {
  type ChoreographedOrderTables,
  createChoreographedOrderTables,
} from "../services/order/choreography/choreographed-order-tables.ts";
import { textbookNotificationService } from "../textbook/announced-notification.textbook.ts";
import { textbookAnnouncedOrderService } from "../textbook/announced-order.textbook.ts";
import { eventDrivenService } from "./event-driven-service.ts";

/** The nodes of the system of orders that are announced, and what is stored where. */
export const announcedOrderNodes = {
  order: "order",
  orderStore: "order-db",
  /** A process that does nothing but take messages from the order service's outbox to the bus. */
  relay: "order-relay",
  notification: "notification",
  notificationStore: "notification-db",
  bus: "kafka",
  topic: "orders",
} as const;

const nodes = announcedOrderNodes;
const bus = { kind: "kafka", name: nodes.bus } as const;
const stores: SystemDefinition["stores"] = [
  { name: nodes.orderStore, kind: "postgres", migrate: createChoreographedOrderTables },
  { name: nodes.notificationStore, kind: "postgres", migrate: createNoticeTables },
  { name: nodes.bus, kind: "kafka", topics: [{ name: nodes.topic, partitions: 3 }] },
];

/**
 * Orders are placed and changed, the order service announces it, the notification service makes a notice
 * of each message. Two relays serve the outbox: the order service's own, and a process of its own.
 */
export function announcedOrderSystem(defect?: Defect<EventMechanisms>): SystemDefinition {
  const mechanisms = { ...hardenedEventMechanisms(), ...defect?.replacement() };
  return {
    stores,
    services: [
      eventDrivenService<ChoreographedOrderTables>({
        name: nodes.order,
        store: nodes.orderStore,
        bus,
        start: (needs) => {
          const { announcer, stop } = startEventDriven(needs, mechanisms);
          return { app: choreographedOrderService(needs, announcer), stop };
        },
      }),
      eventDrivenService<ChoreographedOrderTables>({
        name: nodes.relay,
        store: nodes.orderStore,
        bus,
        start: (needs) => ({ app: serviceApp(), stop: startEventDriven(needs, mechanisms).stop }),
      }),
      eventDrivenService<NoticeTables>({
        name: nodes.notification,
        store: nodes.notificationStore,
        bus,
        start: (needs) => {
          const { database, clock } = needs;
          const consumer = { name: notificationGroup, database, clock, mechanisms, effect: storeNotice };
          const subscription = needs.bus.subscribe(
            notificationGroup,
            [nodes.topic],
            idempotentConsumer(consumer),
          );
          return { app: noticesApp(needs), stop: () => subscription.stop() };
        },
      }),
    ],
  };
}

/** The same with the seed's bus in the place of outbox and inbox: store, then publish; print errors. */
export function textbookAnnouncedOrderSystem(): SystemDefinition {
  return {
    stores,
    services: [
      eventDrivenService<ChoreographedOrderTables>({
        name: nodes.order,
        store: nodes.orderStore,
        bus,
        start: (needs) => ({ app: textbookAnnouncedOrderService(needs), stop: () => needs.bus.close() }),
      }),
      // The seed has no relay. The process is there, so that all forms meet the same faults.
      eventDrivenService<ChoreographedOrderTables>({
        name: nodes.relay,
        store: nodes.orderStore,
        bus,
        start: () => ({ app: serviceApp(), stop: async () => {} }),
      }),
      eventDrivenService<NoticeTables>({
        name: nodes.notification,
        store: nodes.notificationStore,
        bus,
        start: (needs) => ({ app: textbookNotificationService(needs), stop: () => needs.bus.close() }),
      }),
    ],
  };
}
