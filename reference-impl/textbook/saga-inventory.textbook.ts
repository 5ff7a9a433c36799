import { Hono } from "hono";
import type { LedgerNeeds, ServiceNeeds } from "../service-needs.ts";
import type { InventoryTables, ReservationRow } from "../services/inventory/inventory-tables.ts";
import { type MovementKind, movements } from "../services/inventory/movement.ts";
import type { OrderLine } from "../services/order/order-input.ts";
import { ProductInventory } from "./product-inventory.ts";

/** An order leaves in one parcel of at most so many pieces, as in the hardened form. */
const parcelMax = 8;

/**
 * The seed's inventory steps as a service: it looks whether there is enough, line by line, then takes the
 * pieces in statements of their own. What was reserved for an order, and for which, nobody looks up again.
 * An exception is a 500.
 */
export function textbookReservationService(needs: ServiceNeeds<InventoryTables> & LedgerNeeds): Hono {
  const { database, newId, nowUs } = needs;
  const inventory = new ProductInventory(database);
  const app = new Hono();
  app.onError((_error, context) => context.json({ error: "Internal Server Error" }, 500));

  const moveAll = async (
    order_id: string,
    items: readonly OrderLine[],
    movement: MovementKind,
    kind: ReservationRow["kind"],
  ) => {
    const at = nowUs();
    for (const { itemId, quantity } of items) {
      await inventory.updateInventory(itemId, movement, quantity);
      const row = { id: newId(), order_id, item_id: itemId, kind, quantity, at };
      await database.insertInto("reservations").values(row).execute();
    }
  };

  app.post("/items", async (context) => {
    const { id, stock } = await context.req.json();
    return context.json(await inventory.createItem({ id, stock, reserved: 0, shipped: 0 }), 201);
  });

  app.get("/items/:id", async (context) => {
    const item = await inventory.getItem(context.req.param("id"));
    return item === null ? context.json({ error: "Product not found" }, 404) : context.json(item);
  });

  app.post("/reserve", async (context) => {
    const { order_id, items } = await context.req.json();
    for (const { itemId, quantity } of items) {
      const item = await inventory.getItem(itemId);
      if (item === null || item.stock < quantity) return context.json({ error: "Out of stock" }, 409);
    }
    await moveAll(order_id, items, movements.reserve, "reserve");
    return context.json({ reservation_id: `reservation_${order_id}` });
  });

  app.post("/update", async (context) => {
    const { order_id, items } = await context.req.json();
    const pieces = (items as readonly OrderLine[]).reduce((sum, { quantity }) => sum + quantity, 0);
    if (pieces > parcelMax) return context.json({ error: "Parcel too large" }, 409);
    await moveAll(order_id, items, movements.ship, "ship");
    return context.json({ inventory_updated: true });
  });

  for (const [route, movement, kind] of [
    ["/release", movements.release, "release"],
    ["/revert", movements.return, "return"],
  ] as const) {
    app.post(route, async (context) => {
      const { order_id, items } = await context.req.json();
      await moveAll(order_id, items, movement, kind);
      return context.json({ done: true });
    });
  }

  return app;
}
