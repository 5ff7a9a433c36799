import type { Hono } from "hono";
import type { Kysely } from "kysely";
import { toResponse } from "../../patterns/answer.ts";
import { readBody, readId } from "../../patterns/bad-input.ts";
import type { RetryNeeds } from "../../patterns/bounded-retry.ts";
import type { OncePerRequestKey } from "../../patterns/once-per-request-key.ts";
import { readStore } from "../../patterns/read-store.ts";
import { newItemSchema } from "./inventory-input.ts";
import { findItem, insertItem } from "./inventory-store.ts";
import type { InventoryTables } from "./inventory-tables.ts";

/** `POST /items` creates an item, `GET /items/:id` reads it. The first needs a `requestKey` in its body. */
export function addItemRoutes(
  app: Hono,
  needs: RetryNeeds & { readonly database: Kysely<InventoryTables> },
  once: OncePerRequestKey<InventoryTables>,
): void {
  app.post("/items", async (context) => {
    const body = await readBody(context.req.raw, newItemSchema);
    if (!body.good) return toResponse(body.answer);
    const { requestKey, ...item } = body.value;
    const request = { key: requestKey, fingerprint: `POST /items ${JSON.stringify(item)}` };
    return toResponse(await once(request, (transaction) => insertItem(transaction, body.value)));
  });

  app.get("/items/:id", async (context) => {
    const id = readId(context.req.param("id"));
    if (!id.good) return toResponse(id.answer);
    return toResponse(await readStore(needs, () => findItem(needs.database, id.value)));
  });
}
