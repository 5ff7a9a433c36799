import { Hono } from "hono";
import { decodeMessage } from "../patterns/event-message.ts";
import { type RunningService, runningService } from "../patterns/running-service.ts";
import type { CachedEntity } from "../patterns/versioned-cache.ts";
import type { RecordSeen } from "../service-needs.ts";
import { productOfStream, productTopic } from "../services/product/product-events.ts";
import { type StorefrontNeeds, storefrontGroup } from "../services/storefront/storefront.service.ts";
import { CacheInvalidationHandler } from "./cache-invalidation-handler.ts";

/**
 * A storefront behind the seed's `CacheInvalidationHandler`: an error of a handler is printed, and that change is over
 * for it (here it is recorded, so that it can be told which entries it concerned). The seed shows the invalidation only;
 * its reader is the usual one: what is not in the cache is loaded and put there, whatever became of it meanwhile.
 */
export function textbookStorefrontService(
  needs: StorefrontNeeds & { readonly record: RecordSeen },
): RunningService {
  const { bus, cache, fetch, record } = needs;
  const handler = new CacheInvalidationHandler(cache);
  const news = bus.subscribe(storefrontGroup, [productTopic], async ({ value }) => {
    const { stream, type } = decodeMessage(value);
    const operation = type === "product.created" ? "INSERT" : "UPDATE";
    try {
      await handler.handleProductChange({ operation, id: productOfStream(stream) });
    } catch {
      // print(f"Error in CDC handler: {e}")
      record("invalidation-failed", stream, {});
    }
  });
  const app = new Hono();
  app.onError((_error, context) => context.json({ error: "Internal Server Error" }, 500));
  app.get("/products/:id", async (context) => {
    const id = context.req.param("id");
    const key = `product:${id}`;
    const cached = await cache.command("get", (client) => client.get(key));
    if (cached !== null) return context.json(bodyIn(String(cached)));
    const response = await fetch(`http://product/products/${id}`);
    const body = (await response.json()) as { readonly version: number };
    if (response.status !== 200) return context.json(body, response.status === 404 ? 404 : 500);
    const entity: CachedEntity = { version: body.version, body: JSON.stringify(body) };
    await cache.command("set", (client) => client.set(key, JSON.stringify(entity)));
    return context.json(body);
  });
  return runningService(app, {
    stopWork: async () => {
      await news.stop();
      await bus.close();
    },
    closeClients: () => cache.close(),
  });
}

function bodyIn(entry: string): object {
  return JSON.parse((JSON.parse(entry) as CachedEntity).body) as object;
}
