import { Hono } from "hono";
import type { ServiceNeeds } from "../service-needs.ts";
import type { UserTables } from "../services/user/user-tables.ts";
import { ConcurrencyError, VersionedUserStore } from "./versioned-user-store.ts";

/** A user service in the seed's manner on {@link VersionedUserStore}: an exception is a 500. */
export function textbookVersionedUserService(needs: ServiceNeeds<UserTables>): Hono {
  const store = new VersionedUserStore(needs.database);
  const app = new Hono();
  app.onError((error, context) =>
    error instanceof ConcurrencyError
      ? context.json({ error: error.message }, 409)
      : context.json({ error: "Internal Server Error" }, 500),
  );

  app.post("/users", async (context) => {
    const body = await context.req.json();
    const user = await store.createUser({
      id: body.id ?? needs.newId(),
      version: 1,
      email: body.email,
      name: body.name,
      created_at: new Date(needs.clock.nowMs()).toISOString(),
    });
    return context.json(user, 201);
  });

  app.get("/users/:id", async (context) => {
    const user = await store.getUser(context.req.param("id"));
    return user === null ? context.json({ error: "User not found" }, 404) : context.json(user);
  });

  app.put("/users/:id", async (context) => {
    const { expectedVersion, email, name } = await context.req.json();
    const user = { id: context.req.param("id"), email, name };
    const version = await store.saveWithVersionCheck(user, expectedVersion);
    return context.json({ ...user, version });
  });

  return app;
}
