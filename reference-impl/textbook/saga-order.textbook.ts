import { Hono } from "hono";
import type { LedgerNeeds, ServiceNeeds } from "../service-needs.ts";
import { orderAmount } from "../services/order/order-input.ts";
import type { OrderTables } from "../services/order/order-tables.ts";

/** Orders in the seed's manner: stored, read, and given another state by whoever asks. An exception is a 500. */
export function textbookOrderService({ database, nowUs }: ServiceNeeds<OrderTables> & LedgerNeeds): Hono {
  const app = new Hono();
  app.onError((_error, context) => context.json({ error: "Internal Server Error" }, 500));

  app.post("/orders", async (context) => {
    const { order_id, customer_id, items } = await context.req.json();
    const order = {
      id: order_id,
      customer_id,
      items: JSON.stringify(items),
      amount: orderAmount(items),
      state: "PENDING" as const,
      created_at: nowUs(),
      ended_at: null,
    };
    await database.insertInto("orders").values(order).execute();
    return context.json({ order_id }, 201);
  });

  app.put("/orders/:id", async (context) => {
    const { state } = await context.req.json();
    const id = context.req.param("id");
    await database.updateTable("orders").set({ state, ended_at: nowUs() }).where("id", "=", id).execute();
    return context.json({ state });
  });

  app.get("/orders/:id", async (context) => {
    const id = context.req.param("id");
    const row = await database.selectFrom("orders").selectAll().where("id", "=", id).executeTakeFirst();
    return row === undefined
      ? context.json({ error: "Order not found" }, 404)
      : context.json({ orderId: row.id, amount: row.amount, state: row.state });
  });

  return app;
}
