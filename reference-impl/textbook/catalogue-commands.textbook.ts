import { Hono } from "hono";
import type { DocumentDatabase } from "../document-database.ts";
import type { EventBus } from "../patterns/event-bus.ts";
import type { EventMessage } from "../patterns/event-message.ts";
import { productStream, productTopic } from "../services/product/product-events.ts";
import { BrokerEventBus } from "./broker-event-bus.ts";
import { CatalogueEventStore } from "./catalogue-event-store.ts";

/** What the seed's command side is given. */
export interface CatalogueCommandNeeds {
  readonly database: DocumentDatabase;
  readonly bus: EventBus;
  readonly newId: () => string;
  /** Told of each event once it is in the list. */
  readonly appended: (event: EventMessage) => void;
}

/**
 * The seed's `ProductCommandHandler` (section 3): each command becomes an event, whatever there is or is not. The
 * subscriber of the event store is the read model at the other end of a bus. An exception is a 500. That a caller may
 * choose the id of a product is ours.
 */
export async function textbookCatalogueCommands(needs: CatalogueCommandNeeds): Promise<Hono> {
  const eventStore = await CatalogueEventStore.open(needs.database);
  const bus = new BrokerEventBus(needs.bus);
  eventStore.subscribe(async (event) => needs.appended(event));
  eventStore.subscribe((message) => bus.publish({ topic: productTopic, message }));
  const app = new Hono();
  app.onError((_error, context) => context.json({ error: "Internal Server Error" }, 500));

  app.post("/products", async (context) => {
    const { id = needs.newId(), name, price, category } = await context.req.json();
    await eventStore.append(productStream(id), "product.created", { name, price, category });
    return context.json({ id, name, price, category }, 201);
  });

  app.put("/products/:id/price", async (context) => {
    const { price } = await context.req.json();
    await eventStore.append(productStream(context.req.param("id")), "product.price-changed", { price });
    return context.json({ price });
  });

  return app;
}
