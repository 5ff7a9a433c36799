import { toResponse } from "../../patterns/answer.ts";
import { readBody, readId } from "../../patterns/bad-input.ts";
import { type Connections, connectionPerTransaction } from "../../patterns/connection-per-transaction.ts";
import { storeAnswers } from "../../patterns/health-routes.ts";
import { oncePerRequestKey } from "../../patterns/once-per-request-key.ts";
import {
  hardenedParticipantMechanisms,
  type ParticipantMechanisms,
} from "../../patterns/participant-mechanisms.ts";
import { independentCopies } from "../../patterns/request-copies.ts";
import { type RunningService, runningService } from "../../patterns/running-service.ts";
import { serviceApp } from "../../patterns/service-app.ts";
import type { LedgerNeeds, ServiceNeeds } from "../../service-needs.ts";
import { movementSchema } from "./inventory-input.ts";
import { moveItem } from "./inventory-store.ts";
import type { InventoryTables } from "./inventory-tables.ts";
import { addItemRoutes } from "./item-routes.ts";
import { type MovePieces, movementKinds, moveWhereEnough } from "./movement.ts";
import { addReservationRoutes } from "./reservation-routes.ts";

/** The safety mechanisms of the inventory service. Built at every start; a defect replaces exactly one. */
export interface InventoryMechanisms extends ParticipantMechanisms {
  readonly connections: Connections;
  readonly move: MovePieces;
}

/** The mechanisms of the hardened form. */
export function hardenedInventoryMechanisms(): InventoryMechanisms {
  return {
    connections: connectionPerTransaction,
    ...hardenedParticipantMechanisms(),
    move: moveWhereEnough,
  };
}

/**
 * Items with their amounts. `POST /items` creates, `GET /items/:id` reads, and `POST` to
 * `/items/:id/reservations`, `…/releases`, `…/shipments` or `…/restocks` moves a quantity. What changes
 * something needs a `requestKey` in its body. For whole orders see `addReservationRoutes`.
 *
 * Errors: 400 bad input · 404 `not-found` · 409 `not-enough` or `already-exists` · 422 `request-key-reused`
 * · 503 `unavailable` or `no-free-connection` (certainly not done) or `unknown-outcome` (may have been
 * done).
 */
export function inventoryService(
  needs: ServiceNeeds<InventoryTables> & LedgerNeeds,
  mechanisms: InventoryMechanisms,
): RunningService {
  const database = mechanisms.connections(needs.database);
  const once = oncePerRequestKey({ ...needs, database }, mechanisms);
  const app = serviceApp(storeAnswers(database));

  addItemRoutes(app, { ...needs, database }, once);

  for (const kind of movementKinds) {
    app.post(`/items/:id/${kind.route}`, async (context) => {
      const id = readId(context.req.param("id"));
      if (!id.good) return toResponse(id.answer);
      const body = await readBody(context.req.raw, movementSchema);
      if (!body.good) return toResponse(body.answer);
      const { requestKey, quantity } = body.value;
      const request = { key: requestKey, fingerprint: `POST /items/${id.value}/${kind.route} ${quantity}` };
      return toResponse(
        await once(request, (transaction) =>
          moveItem(transaction, id.value, kind, quantity, mechanisms.move),
        ),
      );
    });
  }

  const orderOnce = oncePerRequestKey({ ...needs, database }, mechanisms, independentCopies);
  addReservationRoutes(app, orderOnce, mechanisms.withdraw, { ...needs, move: mechanisms.move });
  return runningService(app, { closeClients: () => database.destroy() });
}
