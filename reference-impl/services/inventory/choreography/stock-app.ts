import type { Hono } from "hono";
import { databasePart } from "../../../patterns/database-part.ts";
import { hardenedOnce } from "../../../patterns/hardened-once.ts";
import { storeAnswers } from "../../../patterns/health-routes.ts";
import { addMessageRoute } from "../../../patterns/message-route.ts";
import { oncePerRequestKey } from "../../../patterns/once-per-request-key.ts";
import { serviceApp } from "../../../patterns/service-app.ts";
import type { ServiceNeeds } from "../../../service-needs.ts";
import type { InventoryTables } from "../inventory-tables.ts";
import { addItemRoutes } from "../item-routes.ts";
import type { ChoreographedInventoryTables } from "./choreographed-inventory-tables.ts";

/**
 * The HTTP side of the event-driven inventory service, whose pieces move when it is told of orders:
 * `POST /items` creates an item, `GET /items/:id` reads it, `GET /messages` counts messages.
 *
 * Errors: 400 bad input · 404 `not-found` · 409 `already-exists` · 422 `request-key-reused` · 503
 * `unavailable`, `no-free-connection` or `unknown-outcome`.
 */
export function stockApp(needs: ServiceNeeds<ChoreographedInventoryTables>): Hono {
  const database = databasePart<InventoryTables, ChoreographedInventoryTables>(needs.database);
  const once = oncePerRequestKey<InventoryTables>({ ...needs, database }, hardenedOnce());
  const app = serviceApp(storeAnswers(database));

  addItemRoutes(app, { ...needs, database }, once);

  addMessageRoute(app, needs);
  return app;
}
