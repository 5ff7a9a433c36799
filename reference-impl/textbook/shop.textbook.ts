import { Hono } from "hono";
import type { Kysely } from "kysely";
import type { InventoryTables } from "../services/inventory/inventory-tables.ts";
import type { PaymentTables } from "../services/payment/payment-tables.ts";
import { InProcessEventBus } from "./in-process-event-bus.ts";
import {
  type SeedOrderTables,
  ShopInventory,
  type ShopNeeds,
  ShopOrders,
  ShopPayments,
} from "./shop-services.ts";

/** The databases of the three services that the seed runs in one process. */
export interface ShopDatabases {
  readonly orders: Kysely<SeedOrderTables>;
  readonly payments: Kysely<PaymentTables>;
  readonly inventory: Kysely<InventoryTables>;
}

/**
 * The seed's `setup_services` (section 2) behind HTTP: order, payment and inventory in one process, over
 * a bus in its memory. `inventory.insufficient` has no subscriber. What the seed keeps in dictionaries is
 * in databases here, so that there is something left to look at after a crash.
 */
export function textbookShop(needs: ShopNeeds, databases: ShopDatabases): Hono {
  const bus = new InProcessEventBus();
  const orders = new ShopOrders(databases.orders, bus);
  const payments = new ShopPayments(databases.payments, bus, needs);
  const inventory = new ShopInventory(databases.inventory, bus, needs);
  bus.subscribe("order.created", (event) => payments.handleOrderCreated(event));
  bus.subscribe("order.created", (event) => inventory.handleOrderCreated(event));
  bus.subscribe("payment.processed", (event) => orders.handlePaymentProcessed(event));
  bus.subscribe("inventory.reserved", (event) => orders.handleInventoryReserved(event));

  const app = new Hono();
  app.onError((_error, context) => context.json({ error: "Internal Server Error" }, 500));

  app.post("/orders", async (context) => {
    const { id, contact, lines, amount } = await context.req.json();
    return context.json(await orders.createOrder({ orderId: id, contact, lines, amount }), 201);
  });

  app.get("/orders/:id", async (context) => {
    const id = context.req.param("id");
    const order = await databases.orders
      .selectFrom("orders")
      .selectAll()
      .where("id", "=", id)
      .executeTakeFirst();
    return order === undefined ? context.json({ error: "Order not found" }, 404) : context.json(order);
  });

  return app;
}
