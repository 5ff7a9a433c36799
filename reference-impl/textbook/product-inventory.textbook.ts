import { Hono } from "hono";
import type { ServiceNeeds } from "../service-needs.ts";
import type { InventoryTables } from "../services/inventory/inventory-tables.ts";
import { movementKinds } from "../services/inventory/movement.ts";
import { ProductInventory } from "./product-inventory.ts";

/** An inventory service in the seed's manner on {@link ProductInventory}: an exception is a 500. */
export function textbookInventoryService(needs: ServiceNeeds<InventoryTables>): Hono {
  const inventory = new ProductInventory(needs.database);
  const app = new Hono();
  app.onError((_error, context) => context.json({ error: "Internal Server Error" }, 500));

  app.post("/items", async (context) => {
    const { id, stock } = await context.req.json();
    return context.json(await inventory.createItem({ id, stock, reserved: 0, shipped: 0 }), 201);
  });

  app.get("/items/:id", async (context) => {
    const item = await inventory.getItem(context.req.param("id"));
    return item === null ? context.json({ error: "Product not found" }, 404) : context.json(item);
  });

  for (const kind of movementKinds) {
    app.post(`/items/:id/${kind.route}`, async (context) => {
      const { quantity } = await context.req.json();
      const modified = await inventory.updateInventory(context.req.param("id"), kind, quantity);
      return modified ? context.json({ modified }) : context.json({ error: "Product not found" }, 404);
    });
  }

  return app;
}
