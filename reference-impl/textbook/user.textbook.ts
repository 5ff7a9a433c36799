import { Hono } from "hono";
import type { ServiceNeeds } from "../service-needs.ts";
import { type SeedUserTables, UserDatabase } from "./user-database.ts";

/**
 * The seed's user service: `service.py` of section 1, on {@link UserDatabase}. An exception is a 500, as
 * Flask makes it one. Two things are ours, since the seed leaves them open: a caller may choose the id
 * of a user (so that several clients can speak of the same one), and `update_user` has a route, which
 * hands on the two columns that a profile has.
 */
export async function textbookUserService(needs: ServiceNeeds<SeedUserTables>): Promise<Hono> {
  const database = await UserDatabase.connect(needs.database);
  const app = new Hono();
  app.onError((_error, context) => context.json({ error: "Internal Server Error" }, 500));

  app.post("/users", async (context) => {
    const body = await context.req.json();
    const user = await database.createUser({
      id: body.id ?? needs.newId(),
      email: body.email,
      name: body.name,
      created_at: new Date(needs.clock.nowMs()).toISOString(),
    });
    return context.json(user, 201);
  });

  app.get("/users/:id", async (context) => {
    const user = await database.getUser(context.req.param("id"));
    return user === null ? context.json({ error: "User not found" }, 404) : context.json(user);
  });

  app.put("/users/:id", async (context) => {
    const { email, name } = await context.req.json();
    const user = await database.updateUser(context.req.param("id"), { email, name });
    return user === null ? context.json({ error: "User not found" }, 404) : context.json(user);
  });

  return app;
}
