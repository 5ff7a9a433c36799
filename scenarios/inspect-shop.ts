import type { InspectedRecord } from "../harness/run/scenario.ts";
import type { StoreClients } from "../harness/run/system.ts";
import type {
  InventoryTables,
  ReservationRow,
} from "../reference-impl/services/inventory/inventory-tables.ts";
import type { PaymentTables } from "../reference-impl/services/payment/payment-tables.ts";
import { choreographyNodes } from "../reference-impl/systems/choreography.system.ts";
import type { OrderedLine } from "./order-client.ts";
import { type OrderBooks, orderHoldings, readBooks } from "./order-holdings.ts";
import { firstStock } from "./shop.workload.ts";

const nodes = choreographyNodes;

/** How an order's status reads as the state of a saga; what is not here is still running. */
const states: ReadonlyMap<string, string> = new Map([
  ["CONFIRMED", "completed"],
  ["PAID", "completed"],
  ["CANCELLED", "aborted"],
]);

/** The steps of an order: it is paid, and its pieces are put aside. */
export const shopSteps = ["payment", "stock"] as const;

/** How every order ended, what was paid and given back for it, and what was put aside and put back. */
export async function inspectShop(stores: StoreClients): Promise<readonly InspectedRecord[]> {
  return [
    ...(await inspectOrders(stores)),
    ...(await inspectPayments(stores)),
    ...(await inspectReservations(stores)),
    ...orderHoldings({
      ...{ nodes, completed: await completedOrders(stores), firstStock: () => firstStock },
      ...(await readBooks(stores, nodes)),
    }),
  ];
}

async function completedOrders(stores: StoreClients): Promise<OrderBooks["completed"]> {
  const database = stores.postgres<{
    orders: { id: string; status: string; lines: string; amount: number };
  }>(nodes.orderStore);
  const orders = await database
    .selectFrom("orders")
    .select(["status", "lines", "amount"])
    .orderBy("id")
    .execute();
  await database.destroy();
  return orders.flatMap(({ status, lines, amount }) =>
    states.get(status) === "completed"
      ? [{ amount, lines: JSON.parse(lines) as readonly OrderedLine[] }]
      : [],
  );
}

async function inspectOrders(stores: StoreClients): Promise<InspectedRecord[]> {
  const database = stores.postgres<{ orders: { id: string; status: string } }>(nodes.orderStore);
  const orders = await database.selectFrom("orders").select(["id", "status"]).orderBy("id").execute();
  await database.destroy();
  return orders.map(({ id, status }) => ({
    f: "saga",
    key: `order/${id}`,
    node: nodes.order,
    value: { state: states.get(status) ?? "running" },
  }));
}

async function inspectPayments(stores: StoreClients): Promise<InspectedRecord[]> {
  const database = stores.postgres<PaymentTables>(nodes.paymentStore);
  const payments = await database
    .selectFrom("payments")
    .select(["order_id", "kind", "amount", "at"])
    .orderBy("at")
    .execute();
  await database.destroy();
  return payments.map(({ order_id, kind, amount, at }) => ({
    f: "effect",
    key: `order/${order_id}`,
    node: nodes.payment,
    value: { step: "payment", kind: kind === "charge" ? "do" : "undo", at, amount },
  }));
}

/** A reservation is one effect, of however many lines. */
async function inspectReservations(stores: StoreClients): Promise<InspectedRecord[]> {
  const database = stores.postgres<InventoryTables>(nodes.inventoryStore);
  const rows = await database
    .selectFrom("reservations")
    .select(["id", "order_id", "kind", "quantity", "at"])
    .orderBy("at")
    .execute();
  await database.destroy();
  const batches = new Map<string, Omit<ReservationRow, "id" | "item_id">>();
  for (const { id, ...row } of rows) {
    const [batch = id] = id.split("/");
    const quantity = (batches.get(batch)?.quantity ?? 0) + row.quantity;
    batches.set(batch, { ...row, quantity });
  }
  return [...batches.values()].map(({ order_id, kind, quantity, at }) => ({
    f: "effect",
    key: `order/${order_id}`,
    node: nodes.inventory,
    value: { step: "stock", kind: kind === "reserve" ? "do" : "undo", at, amount: quantity },
  }));
}
