import { Hono } from "hono";
import { errorAnswer, toResponse } from "./answer.ts";

/** An HTTP application with what every service has: `/health`, and errors in one form. */
export function serviceApp(): Hono {
  const app = new Hono();
  app.get("/health", (context) => context.json({ status: "up" }));
  app.notFound(() => toResponse(errorAnswer(404, "no-such-route", "There is nothing at this address.")));
  app.onError(() => toResponse(errorAnswer(500, "internal", "The service made a mistake.")));
  return app;
}
