import type { Hono } from "hono";
import { type Kysely, sql } from "kysely";

/** Resolves where a service can do its work; rejects where it cannot, such as when its store is away. */
export type Readiness = () => Promise<unknown>;

/**
 * `GET /health`: the process is up; whoever starts it again asks this, so a store that is away must not
 * fail it. `GET /ready`: it can do its work, else 503; whoever sends it traffic asks this.
 */
export function addHealthRoutes(app: Hono, readiness: Readiness = () => Promise.resolve()): void {
  app.get("/health", (context) => context.json({ status: "up" }));
  app.get("/ready", (context) =>
    readiness().then(
      () => context.json({ status: "ready" }),
      () => context.json({ status: "not-ready" }, 503),
    ),
  );
}

/** Ready while the store answers. */
export function storeAnswers<Tables>(database: Kysely<Tables>): Readiness {
  return () => sql`select 1`.execute(database);
}
