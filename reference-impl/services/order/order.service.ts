import type { Kysely } from "kysely";
import { announcedOnce, withMessages } from "../../patterns/announced-once.ts";
import { type Answer, toResponse } from "../../patterns/answer.ts";
import { readBody, readId, readRequestKey } from "../../patterns/bad-input.ts";
import type { EventDriven } from "../../patterns/event-driven.ts";
import { storeAnswers } from "../../patterns/health-routes.ts";
import { addMessageRoute } from "../../patterns/message-route.ts";
import { oncePerRequestKey } from "../../patterns/once-per-request-key.ts";
import type { ParticipantMechanisms } from "../../patterns/participant-mechanisms.ts";
import { readStore } from "../../patterns/read-store.ts";
import { independentCopies } from "../../patterns/request-copies.ts";
import { type RunningService, runningService } from "../../patterns/running-service.ts";
import { serviceApp } from "../../patterns/service-app.ts";
import { undoOnce } from "../../patterns/undo-once.ts";
import type { LedgerNeeds, ServiceNeeds } from "../../service-needs.ts";
import type { AnnouncedOrderTables } from "./announcing/announced-order-tables.ts";
import { orderMessage } from "./announcing/order-message.ts";
import { newOrderSchema } from "./order-input.ts";
import { endOrder, findOrder, insertOrder } from "./order-store.ts";
import type { OrderTables } from "./order-tables.ts";

/**
 * Orders and their states. `POST /orders` stores a PENDING order, `GET /orders/:id` reads,
 * `POST /orders/:id/confirmation` and `…/cancellation` end it. What changes something needs an
 * `Idempotency-Key` header; a cancellation names in `undoes` the key of the `POST /orders` that it takes back.
 *
 * With `events` it also tells others when an order is placed and when it ends, and `GET /messages` counts that; its
 * database then has the `AnnouncedOrderTables`.
 *
 * Errors: 400 bad input · 404 `not-found` · 409 `already-exists`, `not-pending` or `withdrawn` · 422
 * `request-key-reused` · 503 `unavailable` or `no-free-connection` (a read) or `unknown-outcome` (may have
 * been done).
 */
export function orderService(
  needs: ServiceNeeds<OrderTables> & LedgerNeeds,
  mechanisms: ParticipantMechanisms,
  events?: EventDriven,
): RunningService {
  const { database } = needs;
  const app = serviceApp(storeAnswers(database));
  addOrderRoutes(app, needs, mechanisms, events);
  if (events !== undefined) {
    // What announces has the tables for it.
    const announcing = database as unknown as Kysely<AnnouncedOrderTables>;
    addMessageRoute(app, { ...needs, database: announcing });
  }
  return runningService(app, {
    stopWork: async () => await events?.stop(),
    closeClients: () => database.destroy(),
  });
}

function addOrderRoutes(
  app: ReturnType<typeof serviceApp>,
  needs: ServiceNeeds<OrderTables> & LedgerNeeds,
  mechanisms: ParticipantMechanisms,
  events: EventDriven | undefined,
): void {
  const { database, nowUs } = needs;
  const silent = oncePerRequestKey(needs, mechanisms, independentCopies);
  const once = events === undefined ? silent : announcedOnce(silent, events.announcer);
  const undo = undoOnce<OrderTables>(once, mechanisms.withdraw);
  const told = (id: string, work: (transaction: Kysely<OrderTables>) => Promise<Answer>) =>
    events === undefined
      ? work
      : withMessages(work, async (transaction) => [await orderMessage(transaction, id)]);
  const end = (id: string, state: "CONFIRMED" | "CANCELLED") =>
    told(id, (transaction) => endOrder(transaction, id, state, nowUs()));

  app.post("/orders", async (context) => {
    const key = readRequestKey(context.req.raw.headers);
    if (!key.good) return toResponse(key.answer);
    const body = await readBody(context.req.raw, newOrderSchema);
    if (!body.good) return toResponse(body.answer);
    const order = body.value;
    const request = { key: key.value, fingerprint: `POST /orders ${JSON.stringify(order)}` };
    const work = told(order.orderId, (transaction) => insertOrder(transaction, order, nowUs()));
    return toResponse(await once(request, work));
  });

  app.get("/orders/:id", async (context) => {
    const id = readId(context.req.param("id"));
    if (!id.good) return toResponse(id.answer);
    return toResponse(await readStore(needs, () => findOrder(database, id.value)));
  });

  app.post("/orders/:id/confirmation", async (context) => {
    const id = readId(context.req.param("id"));
    if (!id.good) return toResponse(id.answer);
    const key = readRequestKey(context.req.raw.headers);
    if (!key.good) return toResponse(key.answer);
    const request = { key: key.value, fingerprint: `POST /orders/${id.value}/confirmation` };
    return toResponse(await once(request, end(id.value, "CONFIRMED")));
  });

  app.post("/orders/:id/cancellation", async (context) => {
    const id = readId(context.req.param("id"));
    if (!id.good) return toResponse(id.answer);
    const work = end(id.value, "CANCELLED");
    return toResponse(await undo(context.req.raw, `cancellation of ${id.value}`, work));
  });
}
