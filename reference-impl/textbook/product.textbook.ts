import { Hono } from "hono";
import type { DocumentDatabase } from "../document-database.ts";
import { movementKinds } from "../services/inventory/movement.ts";
import { ProductDatabase } from "./product-database.ts";

/**
 * The seed's product service (section 1) on {@link ProductDatabase}: an exception is a 500. That a caller chooses the id of a
 * product is ours, and so is the address of `update_inventory`.
 */
export function textbookProductService(database: DocumentDatabase): Hono {
  const products = new ProductDatabase(database);
  const app = new Hono();
  app.onError((_error, context) => context.json({ error: "Internal Server Error" }, 500));

  app.post("/products", async (context) => {
    const { id, name, price, category, stock } = await context.req.json();
    const product = { name, price, category, stock, reserved: 0, shipped: 0 };
    return context.json(await products.createProduct(id, product), 201);
  });

  app.get("/products/:id", async (context) => {
    const product = await products.getProduct(context.req.param("id"));
    return product === null ? context.json({ error: "Product not found" }, 404) : context.json(product);
  });

  for (const kind of movementKinds) {
    app.post(`/products/:id/${kind.route}`, async (context) => {
      const { quantity } = await context.req.json();
      const modified = await products.updateInventory(context.req.param("id"), kind, quantity);
      return modified ? context.json({ modified }) : context.json({ error: "Product not found" }, 404);
    });
  }

  return app;
}
