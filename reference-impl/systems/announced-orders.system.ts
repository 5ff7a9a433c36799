import type { SystemDefinition } from "../../harness/run/system.ts";
import type { Defect } from "../defects/defect.ts";
import { type EventMechanisms, hardenedEventMechanisms, startEventDriven } from "../patterns/event-driven.ts";
import { idempotentConsumer } from "../patterns/idempotent-consumer.ts";
import { serviceApp } from "../patterns/service-app.ts";
import { createNoticeTables, type NoticeTables } from "../services/notification/notices/notice-tables.ts";
import {
  noticeOfContact,
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
import { eventDrivenService, type StartParts } from "./service-definitions.ts";
import { kafkaStore, postgresStore } from "./store-definitions.ts";
import type { TopicDelivery } from "./topic-delivery.ts";

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

/** Who is told what by Kafka. */
export const announcedOrderDeliveries: readonly TopicDelivery[] = [
  { broker: nodes.bus, topic: nodes.topic, group: notificationGroup, consumer: nodes.notification },
];
const bus = { kind: "kafka", name: nodes.bus } as const;
const stores: SystemDefinition["stores"] = [
  postgresStore(nodes.orderStore, createChoreographedOrderTables),
  postgresStore(nodes.notificationStore, createNoticeTables),
  kafkaStore(nodes.bus, [nodes.topic]),
];

/**
 * Orders are placed and changed, the order service announces it, the notification service makes a notice
 * of each message. Two relays serve the outbox: the order service's own, and a process of its own.
 */
export function announcedOrderSystem(defect?: Defect<EventMechanisms>): SystemDefinition {
  const mechanisms = { ...hardenedEventMechanisms(), ...defect?.replacement() };
  return announcedOrders({
    order: (needs) => {
      const { announcer, stop } = startEventDriven(needs, mechanisms);
      return { app: choreographedOrderService(needs, announcer), stop };
    },
    relay: (needs) => ({ app: serviceApp(), stop: startEventDriven(needs, mechanisms).stop }),
    notification: (needs) => {
      const { database, clock } = needs;
      const consumer = {
        name: notificationGroup,
        database,
        clock,
        mechanisms,
        effect: storeNotice(noticeOfContact),
      };
      const subscription = needs.bus.subscribe(
        notificationGroup,
        [nodes.topic],
        idempotentConsumer(consumer),
      );
      return { app: noticesApp(needs), stop: () => subscription.stop() };
    },
  });
}

/** The same with the seed's bus in the place of outbox and inbox: store, then publish; print errors. */
export function textbookAnnouncedOrderSystem(): SystemDefinition {
  return announcedOrders({
    order: (needs) => ({ app: textbookAnnouncedOrderService(needs), stop: () => needs.bus.close() }),
    // The seed has no relay. The process is there, so that all forms meet the same faults.
    relay: () => ({ app: serviceApp(), stop: async () => {} }),
    notification: (needs) => ({ app: textbookNotificationService(needs), stop: () => needs.bus.close() }),
  });
}

/** How each service starts. */
interface AnnouncedOrderStarts {
  readonly order: StartParts<ChoreographedOrderTables>;
  readonly relay: StartParts<ChoreographedOrderTables>;
  readonly notification: StartParts<NoticeTables>;
}

function announcedOrders({ order, relay, notification }: AnnouncedOrderStarts): SystemDefinition {
  return {
    stores,
    services: [
      eventDrivenService(nodes.order, nodes.orderStore, bus, order),
      eventDrivenService(nodes.relay, nodes.orderStore, bus, relay),
      eventDrivenService(nodes.notification, nodes.notificationStore, bus, notification),
    ],
  };
}
