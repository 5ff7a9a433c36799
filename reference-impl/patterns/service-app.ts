import { Hono } from "hono";
import { errorAnswer, toResponse } from "./answer.ts";
import { addHealthRoutes, type Readiness } from "./health-routes.ts";

/** An HTTP application with what every service has: `/health`, `/ready`, and errors in one form. */
export function serviceApp(readiness?: Readiness): Hono {
  const app = new Hono();
  addHealthRoutes(app, readiness);
  app.notFound(() => toResponse(errorAnswer(404, "no-such-route", "There is nothing at this address.")));
  app.onError(() => toResponse(errorAnswer(500, "internal", "The service made a mistake.")));
  return app;
}
