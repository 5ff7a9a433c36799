import type { Hono } from "hono";
import { announcedOnce } from "../../../patterns/announced-once.ts";
import type { Announcer } from "../../../patterns/announcer.ts";
import { toResponse } from "../../../patterns/answer.ts";
import { readBody, readId } from "../../../patterns/bad-input.ts";
import { hardenedOnce } from "../../../patterns/hardened-once.ts";
import { storeAnswers } from "../../../patterns/health-routes.ts";
import { addMessageRoute } from "../../../patterns/message-route.ts";
import { oncePerRequestKey } from "../../../patterns/once-per-request-key.ts";
import { readStore } from "../../../patterns/read-store.ts";
import { serviceApp } from "../../../patterns/service-app.ts";
import type { ServiceNeeds } from "../../../service-needs.ts";
import { newOrderSchema, orderChangeSchema } from "./choreographed-order-input.ts";
import { changeContact, findOrder, insertOrder } from "./choreographed-order-store.ts";
import type { ChoreographedOrderTables } from "./choreographed-order-tables.ts";

/**
 * Orders that are announced to whom it may concern. `POST /orders` places one, `POST /orders/:id/changes`
 * changes its contact, `GET /orders/:id` reads it, `GET /messages` counts the messages. What changes
 * something needs a `requestKey` in its body.
 *
 * Errors: 400 bad input · 404 `not-found` · 409 `already-exists` · 422 `request-key-reused` · 503
 * `unavailable` or `no-free-connection` (certainly not done) or `unknown-outcome` (may have been done).
 */
export function choreographedOrderService(
  needs: ServiceNeeds<ChoreographedOrderTables>,
  announcer: Announcer,
): Hono {
  const { database } = needs;
  const once = announcedOnce(oncePerRequestKey<ChoreographedOrderTables>(needs, hardenedOnce()), announcer);
  const app = serviceApp(storeAnswers(database));

  app.post("/orders", async (context) => {
    const body = await readBody(context.req.raw, newOrderSchema);
    if (!body.good) return toResponse(body.answer);
    const { requestKey, ...order } = body.value;
    const request = { key: requestKey, fingerprint: `POST /orders ${JSON.stringify(order)}` };
    return toResponse(await once(request, (transaction) => insertOrder(transaction, body.value)));
  });

  app.post("/orders/:id/changes", async (context) => {
    const id = readId(context.req.param("id"));
    if (!id.good) return toResponse(id.answer);
    const body = await readBody(context.req.raw, orderChangeSchema);
    if (!body.good) return toResponse(body.answer);
    const { requestKey, contact } = body.value;
    const request = { key: requestKey, fingerprint: `POST /orders/${id.value}/changes ${contact}` };
    return toResponse(await once(request, (transaction) => changeContact(transaction, id.value, contact)));
  });

  app.get("/orders/:id", async (context) => {
    const id = readId(context.req.param("id"));
    if (!id.good) return toResponse(id.answer);
    return toResponse(await readStore(needs, () => findOrder(database, id.value)));
  });

  addMessageRoute(app, needs);

  return app;
}
