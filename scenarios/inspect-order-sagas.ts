import type { InspectedRecord } from "../harness/run/scenario.ts";
import type { StoreClients } from "../harness/run/system.ts";
import type { SagaTables } from "../reference-impl/patterns/saga-log.ts";
import type {
  InventoryTables,
  ReservationRow,
} from "../reference-impl/services/inventory/inventory-tables.ts";
import type { NotificationLedgerTables } from "../reference-impl/services/notification/notification-ledger.ts";
import type { OrderLine } from "../reference-impl/services/order/order-input.ts";
import type { OrderState, OrderTables } from "../reference-impl/services/order/order-tables.ts";
import type { PaymentTables } from "../reference-impl/services/payment/payment-tables.ts";
import { orderSagaNodes as nodes } from "../reference-impl/systems/order-saga.system.ts";
import { type OrderBooks, orderHoldings, readBooks } from "./order-holdings.ts";
import { firstStockOf } from "./order-saga.workload.ts";

/** Something done or undone for an order. */
interface FoundEffect {
  readonly orderId: string;
  readonly node: string;
  readonly step: string;
  readonly kind: "do" | "undo";
  readonly at: number;
  /** Money, or pieces. */
  readonly amount?: number;
}

/** The steps of an order's saga, by the names that its effects bear. */
export const orderSagaStepNames: readonly string[] = [
  "order",
  "reserve",
  "payment",
  "ship",
  "confirm",
  "notify",
];

const stateOf: Readonly<Record<OrderState, string>> = {
  PENDING: "running",
  CONFIRMED: "completed",
  CANCELLED: "aborted",
};

/**
 * What was done for each order, from the ledgers of all services, and how its saga ended: as the saga's own
 * log says, or, where no log knows of it, as the order's state says.
 */
export async function inspectOrderSagas(stores: StoreClients): Promise<readonly InspectedRecord[]> {
  const orders = await stores
    .postgres<OrderTables>(nodes.orderStore)
    .selectFrom("orders")
    .select(["id", "state", "amount", "items", "created_at", "ended_at"])
    .orderBy("id")
    .execute();
  const sagas = await stores
    .postgres<SagaTables>(nodes.sagaStore)
    .selectFrom("sagas")
    .select(["id", "state"])
    .orderBy("id")
    .execute();
  const states = new Map(
    orders.map(({ id, state }) => [id, { node: nodes.order as string, state: stateOf[state] }]),
  );
  for (const { id, state } of sagas) states.set(id, { node: nodes.saga, state });
  const effects: FoundEffect[] = [];
  for (const { id, state, created_at, ended_at } of orders) {
    const of = { orderId: id, node: nodes.order };
    effects.push({ ...of, step: "order", kind: "do", at: created_at });
    if (ended_at === null || state === "PENDING") continue;
    effects.push(
      state === "CANCELLED"
        ? { ...of, step: "order", kind: "undo", at: ended_at }
        : { ...of, step: "confirm", kind: "do", at: ended_at },
    );
  }
  effects.push(...(await reservationEffects(stores)), ...(await otherEffects(stores)));
  return [
    ...[...states].map(([id, { node, state }]) => {
      return { f: "saga", key: `order/${id}`, node, value: { state: state ?? null } };
    }),
    ...effects.map(({ orderId, node, ...effect }) => {
      return { f: "effect", key: `order/${orderId}`, node, value: effect };
    }),
    ...orderHoldings({
      nodes,
      completed: orders.flatMap(({ state, amount, items }) =>
        state === "CONFIRMED" ? [{ amount, lines: readLines(items) }] : [],
      ),
      ...(await readBooks(stores, nodes)),
      firstStock: firstStockOf,
    }),
  ];
}

function readLines(items: string): OrderBooks["completed"][number]["lines"] {
  const lines = JSON.parse(items) as readonly OrderLine[];
  return lines.map(({ itemId, quantity }) => ({ item: itemId, quantity }));
}

const reservationSteps: Readonly<Record<ReservationRow["kind"], readonly [string, "do" | "undo"]>> = {
  reserve: ["reserve", "do"],
  release: ["reserve", "undo"],
  ship: ["ship", "do"],
  return: ["ship", "undo"],
};

/** Rows of one moment are one effect on several items. */
async function reservationEffects(stores: StoreClients): Promise<FoundEffect[]> {
  const rows = await stores
    .postgres<InventoryTables>(nodes.inventoryStore)
    .selectFrom("reservations")
    .select(["order_id", "kind", "quantity", "at"])
    .orderBy("at")
    .execute();
  const effects = new Map<string, FoundEffect>();
  for (const { order_id, kind, quantity, at } of rows) {
    const group = `${order_id} ${kind} ${at}`;
    const [step, direction] = reservationSteps[kind];
    const amount = (effects.get(group)?.amount ?? 0) + quantity;
    effects.set(group, { orderId: order_id, node: nodes.inventory, step, kind: direction, at, amount });
  }
  return [...effects.values()];
}

async function otherEffects(stores: StoreClients): Promise<FoundEffect[]> {
  const payments = await stores
    .postgres<PaymentTables>(nodes.paymentStore)
    .selectFrom("payments")
    .select(["order_id", "kind", "amount", "at"])
    .orderBy("at")
    .execute();
  const notifications = await stores
    .postgres<NotificationLedgerTables>(nodes.notificationStore)
    .selectFrom("notifications")
    .select(["order_id", "at"])
    .orderBy("at")
    .execute();
  return [
    ...payments.map(({ order_id, kind, amount, at }): FoundEffect => {
      const direction = kind === "charge" ? "do" : "undo";
      return { orderId: order_id, node: nodes.payment, step: "payment", kind: direction, at, amount };
    }),
    ...notifications.map(({ order_id, at }): FoundEffect => {
      return { orderId: order_id, node: nodes.notification, step: "notify", kind: "do", at };
    }),
  ];
}
