import type { Hono } from "hono";
import { storeAnswers } from "../../../patterns/health-routes.ts";
import { addMessageRoute } from "../../../patterns/message-route.ts";
import { serviceApp } from "../../../patterns/service-app.ts";
import type { ServiceNeeds } from "../../../service-needs.ts";
import type { ChoreographedPaymentTables } from "./choreographed-payment-tables.ts";

/** The HTTP side of the event-driven payment service: `GET /messages` counts messages. */
export function paymentApp(needs: ServiceNeeds<ChoreographedPaymentTables>): Hono {
  const app = serviceApp(storeAnswers(needs.database));
  addMessageRoute(app, needs);
  return app;
}
