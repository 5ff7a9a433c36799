import { Hono } from "hono";
import type { DocumentDatabase } from "../document-database.ts";
import type { EventBus } from "../patterns/event-bus.ts";
import type { EventMessage } from "../patterns/event-message.ts";
import { productTopic } from "../services/product/product-events.ts";
import { BrokerEventBus } from "./broker-event-bus.ts";
import { CatalogueReadModel, type SeedProduct } from "./catalogue-read-model.ts";

/** What the seed's query side is given. */
export interface CatalogueQueryNeeds {
  readonly database: DocumentDatabase;
  readonly bus: EventBus;
  /** Told of each event that was applied. */
  readonly applied: (event: EventMessage) => void;
}

/** The group of the read model. */
const readModelGroup = "catalogue";

/**
 * The seed's `ProductQueryHandler` and `ProductReadModel` (section 3), fed over a bus. An exception is a 500, and one in
 * the read model is printed.
 */
export function textbookCatalogueQueries(needs: CatalogueQueryNeeds): Hono {
  const readModel = new CatalogueReadModel(needs.database);
  new BrokerEventBus(needs.bus).subscribe(readModelGroup, productTopic, async (event) => {
    await readModel.applyEvent(event);
    needs.applied(event);
  });
  const app = new Hono();
  app.onError((_error, context) => context.json({ error: "Internal Server Error" }, 500));
  const shown = ({ _id, ...product }: SeedProduct) => ({ id: _id, ...product });

  app.get("/products/:id", async (context) => {
    const product = await readModel.product(context.req.param("id"));
    return product === null
      ? context.json({ error: "Product not found" }, 404)
      : context.json(shown(product));
  });

  app.get("/categories/:name", async (context) => {
    const products = await readModel.category(context.req.param("name"));
    return context.json({ products: products.map(shown) });
  });

  app.get("/search", async (context) => {
    const words = (context.req.query("word") ?? "").toLowerCase().split(" ");
    const products = await readModel.search(words, Number(context.req.query("limit") ?? 20));
    return context.json({ products: products.map(shown) });
  });

  return app;
}
