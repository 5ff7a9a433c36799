import { toResponse } from "../../patterns/answer.ts";
import { readBody, readId, readRequestKey } from "../../patterns/bad-input.ts";
import { storeAnswers } from "../../patterns/health-routes.ts";
import { oncePerRequestKey } from "../../patterns/once-per-request-key.ts";
import type { ParticipantMechanisms } from "../../patterns/participant-mechanisms.ts";
import { readStore } from "../../patterns/read-store.ts";
import { independentCopies } from "../../patterns/request-copies.ts";
import { type RunningService, runningService } from "../../patterns/running-service.ts";
import { serviceApp } from "../../patterns/service-app.ts";
import { undoOnce } from "../../patterns/undo-once.ts";
import type { LedgerNeeds, ServiceNeeds } from "../../service-needs.ts";
import { newOrderSchema } from "./order-input.ts";
import { endOrder, findOrder, insertOrder } from "./order-store.ts";
import type { OrderTables } from "./order-tables.ts";

/**
 * Orders and their states. `POST /orders` stores a PENDING order, `GET /orders/:id` reads,
 * `POST /orders/:id/confirmation` and `…/cancellation` end it. What changes something needs an
 * `Idempotency-Key` header; a cancellation names in `undoes` the key of the `POST /orders` that it takes back.
 *
 * Errors: 400 bad input · 404 `not-found` · 409 `already-exists`, `not-pending` or `withdrawn` ·
 * 422 `request-key-reused` · 503 `unavailable` (a read) or `unknown-outcome` (may have been done).
 */
export function orderService(
  needs: ServiceNeeds<OrderTables> & LedgerNeeds,
  mechanisms: ParticipantMechanisms,
): RunningService {
  const { database, nowUs } = needs;
  const once = oncePerRequestKey(needs, mechanisms, independentCopies);
  const undo = undoOnce<OrderTables>(once, mechanisms.withdraw);
  const app = serviceApp(storeAnswers(database));

  app.post("/orders", async (context) => {
    const key = readRequestKey(context.req.raw.headers);
    if (!key.good) return toResponse(key.answer);
    const body = await readBody(context.req.raw, newOrderSchema);
    if (!body.good) return toResponse(body.answer);
    const request = { key: key.value, fingerprint: `POST /orders ${JSON.stringify(body.value)}` };
    return toResponse(await once(request, (transaction) => insertOrder(transaction, body.value, nowUs())));
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
    return toResponse(
      await once(request, (transaction) => endOrder(transaction, id.value, "CONFIRMED", nowUs())),
    );
  });

  app.post("/orders/:id/cancellation", async (context) => {
    const id = readId(context.req.param("id"));
    if (!id.good) return toResponse(id.answer);
    return toResponse(
      await undo(context.req.raw, `cancellation of ${id.value}`, (transaction) =>
        endOrder(transaction, id.value, "CANCELLED", nowUs()),
      ),
    );
  });

  return runningService(app, { closeClients: () => database.destroy() });
}
