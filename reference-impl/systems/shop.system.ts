import type { Kysely } from "kysely";
import type { ServiceContext, SystemDefinition } from "../../harness/run/system.ts";
import type { Defect } from "../defects/defect.ts";
import { databasePart } from "../patterns/database-part.ts";
import { type EventMechanisms, hardenedEventMechanisms, startEventDriven } from "../patterns/event-driven.ts";
import { idempotentConsumer } from "../patterns/idempotent-consumer.ts";
import { hardenedParticipantMechanisms } from "../patterns/participant-mechanisms.ts";
import type { ProjectionMechanisms } from "../patterns/projection.ts";
import { createSagaTables, type SagaTables } from "../patterns/saga-log.ts";
import { hardenedInventoryMechanisms, inventoryService } from "../services/inventory/inventory.service.ts";
import { createInventoryTables, type InventoryTables } from "../services/inventory/inventory-tables.ts";
import { createNoticeTables, type NoticeTables } from "../services/notification/notices/notice-tables.ts";
import {
  noticeOfCustomer,
  notificationGroup,
  storeNotice,
} from "../services/notification/notices/notices.service.ts";
import { notificationService } from "../services/notification/notification.service.ts";
import {
  createNotificationLedger,
  type NotificationLedgerTables,
} from "../services/notification/notification-ledger.ts";
import {
  type AnnouncedOrderTables,
  createAnnouncedOrderTables,
} from "../services/order/announcing/announced-order-tables.ts";
import { orderTopic } from "../services/order/announcing/order-message.ts";
import { orderService } from "../services/order/order.service.ts";
import type { OrderTables } from "../services/order/order-tables.ts";
import {
  hardenedOrderSagaMechanisms,
  type OrderSagaMechanisms,
  orderSagaService,
} from "../services/order-saga/order-saga.service.ts";
import { paymentService } from "../services/payment/payment.service.ts";
import { createPaymentTables, type PaymentTables } from "../services/payment/payment-tables.ts";
import { createProductIndexes } from "../services/product/product.service.ts";
import { productTopic } from "../services/product/product-events.ts";
import {
  catalogueGroup,
  createCatalogueIndexes,
  hardenedProductQueryMechanisms,
} from "../services/product-query/product-query.service.ts";
import { hardenedProfileMechanisms } from "../services/recommendation/profile-mechanisms.ts";
import { recommendationGroup } from "../services/recommendation/recommendation.service.ts";
import { createRecommendationTables } from "../services/recommendation/recommendation-tables.ts";
import { createAnnouncedUserTables } from "../services/user/announcing/announced-user-tables.ts";
import { profileTopic } from "../services/user/announcing/profile-message.ts";
import {
  hardenedReplicatedUserMechanisms,
  type ReplicatedUserMechanisms,
} from "../services/user/replicated/replicated-user-mechanisms.ts";
import type { UserTables } from "../services/user/user-tables.ts";
import { announcingProduct, projectingQuery } from "./catalogue-starts.ts";
import { announcingUser, followingRecommendation } from "./profile-starts.ts";
import {
  announcedDocumentService,
  callerNeeds,
  databaseService,
  eventDrivenService,
  type StartParts,
} from "./service-definitions.ts";
import { kafkaStore, mongodbStore, postgresStore } from "./store-definitions.ts";
import type { TopicDelivery } from "./topic-delivery.ts";

/** The services of the shop, and the store of each. The names are those of the systems that hold a part of it. */
export const shopNodes = {
  user: "user",
  userStore: "user-db",
  userReplica: "user-db-replica",
  recommendation: "recommendation",
  recommendationStore: "recommendation-db",
  product: "product",
  productStore: "product-db",
  query: "product-query",
  queryStore: "product-query-db",
  saga: "order-saga",
  sagaStore: "order-saga-db",
  order: "order",
  orderStore: "order-db",
  inventory: "inventory",
  inventoryStore: "inventory-db",
  payment: "payment",
  paymentStore: "payment-db",
  notification: "notification",
  notificationStore: "notification-db",
  bus: "kafka",
} as const;

/** One mechanism of one part of the shop, replaced by a defect. */
export interface ShopDefects {
  readonly user?: Defect<ReplicatedUserMechanisms>;
  readonly query?: Defect<ProjectionMechanisms>;
  readonly saga?: Defect<OrderSagaMechanisms>;
  /** Of the way from the order service to the notices. */
  readonly orderEvents?: Defect<EventMechanisms>;
}

const nodes = shopNodes;

/** Who is told what by Kafka. */
export const shopDeliveries: readonly TopicDelivery[] = [
  { broker: nodes.bus, topic: profileTopic, group: recommendationGroup, consumer: nodes.recommendation },
  { broker: nodes.bus, topic: productTopic, group: catalogueGroup, consumer: nodes.query },
  { broker: nodes.bus, topic: orderTopic, group: notificationGroup, consumer: nodes.notification },
];
const bus = { kind: "kafka", name: nodes.bus } as const;
const participants = [nodes.order, nodes.inventory, nodes.payment, nodes.notification];

/**
 * The whole shop: every service once, each with a store of its own. Users and products are announced on Kafka, and
 * shown by services that keep replicas; orders are processed by sagas over HTTP, and announced to the notification
 * service.
 */
export function shopSystem(defects: ShopDefects = {}): SystemDefinition {
  const user = { ...hardenedReplicatedUserMechanisms(), ...defects.user?.replacement() };
  const query = { ...hardenedProductQueryMechanisms(), ...defects.query?.replacement() };
  const saga = () => ({ ...hardenedOrderSagaMechanisms(), ...defects.saga?.replacement() });
  const orderEvents = { ...hardenedEventMechanisms(), ...defects.orderEvents?.replacement() };
  const profiles = hardenedProfileMechanisms();
  const replicaOf = (context: ServiceContext) => ({
    databases: [context.postgres<UserTables>(nodes.userReplica, user.pool)] as const,
    mechanisms: user,
  });
  const users = eventDrivenService(nodes.user, nodes.userStore, bus, announcingUser(profiles, replicaOf));
  return {
    stores: shopStores(),
    services: [
      { ...users, stores: [...users.stores, nodes.userReplica] },
      eventDrivenService(
        nodes.recommendation,
        nodes.recommendationStore,
        bus,
        followingRecommendation(profiles),
      ),
      announcedDocumentService(nodes.product, nodes.productStore, nodes.bus, announcingProduct),
      announcedDocumentService(nodes.query, nodes.queryStore, nodes.bus, projectingQuery(query)),
      databaseService<SagaTables>(
        nodes.saga,
        nodes.sagaStore,
        (needs, context) => orderSagaService({ ...needs, ...callerNeeds(context) }, saga()),
        participants,
      ),
      eventDrivenService(nodes.order, nodes.orderStore, bus, announcingOrder(orderEvents)),
      databaseService<InventoryTables>(nodes.inventory, nodes.inventoryStore, (needs) =>
        inventoryService(needs, hardenedInventoryMechanisms()),
      ),
      databaseService<PaymentTables>(nodes.payment, nodes.paymentStore, (needs) =>
        paymentService(needs, hardenedParticipantMechanisms()),
      ),
      eventDrivenService(nodes.notification, nodes.notificationStore, bus, noticingNotification(orderEvents)),
    ],
  };
}

function shopStores(): SystemDefinition["stores"] {
  return [
    postgresStore(nodes.userStore, createAnnouncedUserTables, [nodes.userReplica]),
    postgresStore(nodes.recommendationStore, createRecommendationTables),
    mongodbStore(nodes.productStore, createProductIndexes),
    mongodbStore(nodes.queryStore, createCatalogueIndexes),
    postgresStore(nodes.sagaStore, createSagaTables),
    postgresStore(nodes.orderStore, createAnnouncedOrderTables),
    postgresStore(nodes.inventoryStore, createInventoryTables),
    postgresStore(nodes.paymentStore, createPaymentTables),
    postgresStore(nodes.notificationStore, createNotificationTables),
    kafkaStore(nodes.bus, [profileTopic, productTopic, orderTopic]),
  ];
}

/** The tables of a notification service that is asked over HTTP and hears of orders. */
interface NotificationTables extends NotificationLedgerTables, NoticeTables {}

async function createNotificationTables(database: Kysely<unknown>): Promise<void> {
  await createNotificationLedger(database);
  await createNoticeTables(database);
}

/** Takes part in sagas, and tells others of orders. */
function announcingOrder(mechanisms: EventMechanisms): StartParts<AnnouncedOrderTables> {
  return (needs) => {
    const events = startEventDriven(needs, mechanisms);
    const database = databasePart<OrderTables, AnnouncedOrderTables>(needs.database);
    return orderService({ ...needs, database }, hardenedParticipantMechanisms(), events);
  };
}

/** Takes part in sagas, and makes a notice of each message about an order. */
function noticingNotification(mechanisms: EventMechanisms): StartParts<NotificationTables> {
  return (needs) => {
    const { clock } = needs;
    const database = databasePart<NoticeTables, NotificationTables>(needs.database);
    const effect = storeNotice(noticeOfCustomer);
    const handle = idempotentConsumer({ name: notificationGroup, database, clock, mechanisms, effect });
    const subscription = needs.bus.subscribe(notificationGroup, [orderTopic], handle);
    const ledger = databasePart<NotificationLedgerTables, NotificationTables>(needs.database);
    return notificationService({ ...needs, database: ledger }, hardenedParticipantMechanisms(), {
      database,
      stop: () => subscription.stop(),
    });
  };
}
