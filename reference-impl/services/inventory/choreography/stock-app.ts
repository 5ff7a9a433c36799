import type { Hono } from "hono";
import { toResponse } from "../../../patterns/answer.ts";
import { readBody, readId } from "../../../patterns/bad-input.ts";
import { databasePart } from "../../../patterns/database-part.ts";
import { storeAnswers } from "../../../patterns/health-routes.ts";
import { addMessageRoute } from "../../../patterns/message-route.ts";
import { oncePerRequestKey } from "../../../patterns/once-per-request-key.ts";
import { readStore } from "../../../patterns/read-store.ts";
import { storedRequestKeys } from "../../../patterns/request-key.ts";
import { serviceApp } from "../../../patterns/service-app.ts";
import { commitBeforeAnswer } from "../../../patterns/transaction-per-request.ts";
import type { ServiceNeeds } from "../../../service-needs.ts";
import { newItemSchema } from "../inventory-input.ts";
import { findItem, insertItem } from "../inventory-store.ts";
import type { InventoryTables } from "../inventory-tables.ts";
import type { ChoreographedInventoryTables } from "./choreographed-inventory-tables.ts";

/**
 * The HTTP side of the event-driven inventory service, whose pieces move when it is told of orders:
 * `POST /items` creates an item, `GET /items/:id` reads it, `GET /messages` counts messages.
 *
 * Errors: 400 bad input · 404 `not-found` · 409 `already-exists` · 422 `request-key-reused` · 503
 * `unavailable` or `unknown-outcome`.
 */
export function stockApp(needs: ServiceNeeds<ChoreographedInventoryTables>): Hono {
  const database = databasePart<InventoryTables, ChoreographedInventoryTables>(needs.database);
  const once = oncePerRequestKey<InventoryTables>(
    { ...needs, database },
    { transact: commitBeforeAnswer, requestKeys: storedRequestKeys, keyOfAttempt: (key) => key },
  );
  const app = serviceApp(storeAnswers(database));

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
    return toResponse(await readStore(needs, () => findItem(database, id.value)));
  });

  addMessageRoute(app, needs);
  return app;
}
