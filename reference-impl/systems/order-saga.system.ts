import type { HttpService, ServiceContext, SystemDefinition } from "../../harness/run/system.ts";
import type { Defect } from "../defects/defect.ts";
import {
  hardenedParticipantMechanisms,
  type ParticipantMechanisms,
} from "../patterns/participant-mechanisms.ts";
import { createSagaTables, type SagaTables } from "../patterns/saga-log.ts";
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
import { callerNeeds, type DatabaseNeeds, databaseService } from "./service-definitions.ts";
import { postgresStore } from "./store-definitions.ts";

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
  return orderSagas({
    saga: (needs, context) =>
      orderSagaService(
        { ...needs, ...callerNeeds(context) },
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
  return orderSagas({
    saga: (needs, context) => textbookOrderSagaService({ ...needs, ...callerNeeds(context) }),
    order: textbookOrderService,
    inventory: textbookReservationService,
    payment: textbookPaymentService,
    notification: textbookNotificationService,
  });
}

type Start<Tables> = (needs: DatabaseNeeds<Tables>, context: ServiceContext) => HttpService;

/** How each service starts. */
interface OrderSagaStarts {
  readonly saga: Start<SagaTables>;
  readonly order: Start<OrderTables>;
  readonly inventory: Start<InventoryTables>;
  readonly payment: Start<PaymentTables>;
  readonly notification: Start<NotificationLedgerTables>;
}

/** Five services, each with a database of its own. */
function orderSagas({ saga, order, inventory, payment, notification }: OrderSagaStarts): SystemDefinition {
  const participants = [nodes.order, nodes.inventory, nodes.payment, nodes.notification];
  return {
    stores: [
      postgresStore(nodes.sagaStore, createSagaTables),
      postgresStore(nodes.orderStore, createOrderTables),
      postgresStore(nodes.inventoryStore, createInventoryTables),
      postgresStore(nodes.paymentStore, createPaymentTables),
      postgresStore(nodes.notificationStore, createNotificationLedger),
    ],
    services: [
      databaseService(nodes.saga, nodes.sagaStore, saga, participants),
      databaseService(nodes.order, nodes.orderStore, order),
      databaseService(nodes.inventory, nodes.inventoryStore, inventory),
      databaseService(nodes.payment, nodes.paymentStore, payment),
      databaseService(nodes.notification, nodes.notificationStore, notification),
    ],
  };
}
