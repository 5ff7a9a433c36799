import { Hono } from "hono";
import type { EventDrivenNeeds } from "../patterns/event-driven.ts";
import { orderMessage } from "../services/order/choreography/choreographed-order-store.ts";
import type {
  ChoreographedOrderRow,
  ChoreographedOrderTables,
} from "../services/order/choreography/choreographed-order-tables.ts";
import { BrokerEventBus } from "./broker-event-bus.ts";

/**
 * The seed's `OrderService.create_order` (section 2): store the order, then publish `order.created`. A
 * change, which the seed does not have, is made in the same manner. An exception is a 500.
 */
export function textbookAnnouncedOrderService(needs: EventDrivenNeeds<ChoreographedOrderTables>): Hono {
  const { database } = needs;
  const bus = new BrokerEventBus(needs.bus);
  const app = new Hono();
  app.onError((_error, context) => context.json({ error: "Internal Server Error" }, 500));

  app.post("/orders", async (context) => {
    const { id, contact, lines, amount } = await context.req.json();
    const order: ChoreographedOrderRow = {
      id,
      version: 1,
      contact,
      lines: JSON.stringify(lines),
      amount,
      status: "PENDING",
      payment: "waiting",
      stock: "waiting",
    };
    await database.insertInto("orders").values(order).execute();
    await bus.publish(orderMessage(order, "order.created"));
    return context.json(order, 201);
  });

  app.post("/orders/:id/changes", async (context) => {
    const { contact } = await context.req.json();
    const order = await database
      .updateTable("orders")
      .set((eb) => ({ contact, version: eb("version", "+", 1) }))
      .where("id", "=", context.req.param("id"))
      .returningAll()
      .executeTakeFirst();
    if (order === undefined) return context.json({ error: "Order not found" }, 404);
    await bus.publish(orderMessage(order, "order.changed"));
    return context.json(order);
  });

  app.get("/orders/:id", async (context) => {
    const id = context.req.param("id");
    const order = await database.selectFrom("orders").selectAll().where("id", "=", id).executeTakeFirst();
    return order === undefined ? context.json({ error: "Order not found" }, 404) : context.json(order);
  });

  return app;
}
