import type { Kysely } from "kysely";
import type {
  HttpService,
  ServiceContext,
  ServiceDefinition,
  SystemDefinition,
} from "../../harness/run/system.ts";
import type { Defect } from "../defects/defect.ts";
import {
  hardenedParticipantMechanisms,
  type ParticipantMechanisms,
} from "../patterns/participant-mechanisms.ts";
import { createSagaTables, type SagaTables } from "../patterns/saga-log.ts";
import { type LedgerNeeds, poolLimits, type ServiceNeeds } from "../service-needs.ts";
import { hardenedInventoryMechanisms, inventoryService } from "../services/inventory/inventory.service.ts";
import { createInventoryTables, type InventoryTables } from "../services/inventory/inventory-tables.ts";
import { notificationService } from "../services/notification/notification.service.ts";
import {
  createNotificationLedger,
  type NotificationLedgerTables,
} from "../services/notification/notification-ledger.ts";
import { orderService } from "../services/order/order.service.ts";
import { createOrderTables, type OrderTables } from "../services/order/order-tables.ts";
import {
  hardenedOrderSagaMechanisms,
  type OrderSagaMechanisms,
  orderSagaService,
} from "../services/order-saga/order-saga.service.ts";
import { paymentService } from "../services/payment/payment.service.ts";
import { createPaymentTables, type PaymentTables } from "../services/payment/payment-tables.ts";
import { textbookOrderSagaService } from "../textbook/order-saga.textbook.ts";
import { textbookReservationService } from "../textbook/saga-inventory.textbook.ts";
import { textbookNotificationService } from "../textbook/saga-notification.textbook.ts";
import { textbookOrderService } from "../textbook/saga-order.textbook.ts";
import { textbookPaymentService } from "../textbook/saga-payment.textbook.ts";

/** The service that processes orders, and each service's store, as faults and workloads name them. */
export const orderSagaNodes = {
  saga: "order-saga",
  order: "order",
  inventory: "inventory",
  payment: "payment",
  notification: "notification",
  sagaStore: "order-saga-db",
  orderStore: "order-db",
  inventoryStore: "inventory-db",
  paymentStore: "payment-db",
  notificationStore: "notification-db",
} as const;

const nodes = orderSagaNodes;

/** One mechanism of the orchestrator, or of the services that take part, replaced by a defect. */
export interface OrderSagaDefects {
  readonly saga?: Defect<OrderSagaMechanisms>;
  readonly participant?: Defect<ParticipantMechanisms>;
}

/** Orders processed by sagas in the hardened form, or with one mechanism replaced by a defect. */
export function orderSagaSystem({ saga, participant }: OrderSagaDefects = {}): SystemDefinition {
  const taking = () => ({ ...hardenedParticipantMechanisms(), ...participant?.replacement() });
  return shop({
    saga: (context, needs) =>
      orderSagaService(
        { ...needs, ...outside(context) },
        { ...hardenedOrderSagaMechanisms(), ...saga?.replacement() },
      ),
    order: (needs) => orderService(needs, taking()),
    inventory: (needs) => inventoryService(needs, { ...hardenedInventoryMechanisms(), ...taking() }),
    payment: (needs) => paymentService(needs, taking()),
    notification: (needs) => notificationService(needs, taking()),
  });
}

/** Orders processed by the seed's `OrderSagaOrchestrator`. */
export function textbookOrderSagaSystem(): SystemDefinition {
  return shop({
    saga: (context, needs) => textbookOrderSagaService({ ...needs, ...outside(context) }),
    order: textbookOrderService,
    inventory: textbookReservationService,
    payment: textbookPaymentService,
    notification: textbookNotificationService,
  });
}

type Needs<Tables> = ServiceNeeds<Tables> & LedgerNeeds;
type Start<Tables> = (needs: Needs<Tables>) => HttpService;

/** What a shop is made of. */
interface ShopServices {
  readonly saga: (context: ServiceContext, needs: Needs<SagaTables>) => HttpService;
  readonly order: Start<OrderTables>;
  readonly inventory: Start<InventoryTables>;
  readonly payment: Start<PaymentTables>;
  readonly notification: Start<NotificationLedgerTables>;
}

/** Five services, each with a database of its own. */
function shop(services: ShopServices): SystemDefinition {
  const { saga, order, inventory, payment, notification } = services;
  const participants: readonly ServiceDefinition[] = [
    participant(nodes.order, nodes.orderStore, order),
    participant(nodes.inventory, nodes.inventoryStore, inventory),
    participant(nodes.payment, nodes.paymentStore, payment),
    participant(nodes.notification, nodes.notificationStore, notification),
  ];
  return {
    stores: [
      postgres(nodes.sagaStore, createSagaTables),
      postgres(nodes.orderStore, createOrderTables),
      postgres(nodes.inventoryStore, createInventoryTables),
      postgres(nodes.paymentStore, createPaymentTables),
      postgres(nodes.notificationStore, createNotificationLedger),
    ],
    services: [
      {
        name: nodes.saga,
        stores: [nodes.sagaStore],
        calls: participants.map(({ name }) => name),
        start: (context) => saga(context, needsOf(context, nodes.sagaStore)),
      },
      ...participants,
    ],
  };
}

function postgres(
  name: string,
  migrate: (database: Kysely<unknown>) => Promise<void>,
): SystemDefinition["stores"][number] {
  return { name, kind: "postgres", migrate };
}

function participant<Tables>(name: string, store: string, start: Start<Tables>): ServiceDefinition {
  return { name, stores: [store], start: (context) => start(needsOf(context, store)) };
}

function needsOf<Tables>(context: ServiceContext, store: string): Needs<Tables> {
  return {
    clock: context.clock,
    random: context.random,
    newId: context.newId,
    nowUs: () => Math.floor(context.clock.monotonicNs() / 1000),
    database: context.postgres<Tables>(store, poolLimits),
  };
}

/** What a service needs besides that calls others. */
function outside({ name, clock, fetch, record }: ServiceContext) {
  return { name, clock, fetch, record };
}
