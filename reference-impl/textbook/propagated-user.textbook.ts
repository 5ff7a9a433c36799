import { Hono } from "hono";
import type { EventDrivenNeeds } from "../patterns/event-driven.ts";
import { encodeMessage } from "../patterns/event-message.ts";
import type { AnnouncedUserTables } from "../services/user/announcing/announced-user-tables.ts";
import { type Profile, profileMessage } from "../services/user/announcing/profile-message.ts";
import { BaseConsistencyExample } from "./base-consistency-example.ts";

/** What the seed's user side is given. */
export interface PropagatedUserNeeds extends EventDrivenNeeds<AnnouncedUserTables> {
  /** Told of each profile once it is stored. */
  readonly stored: (profile: Profile) => void;
}

/**
 * The seed's `update_user_profile`: the profile is written over what is there, the update waits in
 * {@link BaseConsistencyExample}, and related services are updated over a bus. An exception is a 500. Ours: the store
 * counts versions and keeps every profile, so that it can be told afterwards which one was the last.
 */
export function textbookPropagatedUserService(needs: PropagatedUserNeeds): Hono {
  const { database, bus, clock } = needs;
  const example = new BaseConsistencyExample({
    clock,
    updateRelatedServices: async (update) => {
      const { topic, message } = profileMessage(update);
      await bus.publish(topic, [{ key: message.stream, value: encodeMessage(message) }]);
    },
  });
  const app = new Hono();
  app.onError((_error, context) => context.json({ error: "Internal Server Error" }, 500));

  const store = (id: string, email: string, name: string): Promise<Profile> =>
    database.transaction().execute(async (transaction) => {
      const created_at = new Date(clock.nowMs()).toISOString();
      const { version } = await transaction
        .insertInto("users")
        .values({ id, version: 1, email, name, created_at })
        .onConflict((conflict) =>
          conflict.column("id").doUpdateSet((eb) => ({ email, name, version: eb("users.version", "+", 1) })),
        )
        .returning("version")
        .executeTakeFirstOrThrow();
      await transaction.insertInto("profile_changes").values({ user_id: id, version, email, name }).execute();
      return { userId: id, version, email, name };
    });

  const update = async (id: string, email: string, name: string): Promise<Profile> => {
    const profile = await store(id, email, name);
    needs.stored(profile);
    example.queueUpdate(profile);
    return profile;
  };

  app.post("/users", async (context) => {
    const { id = needs.newId(), email, name } = await context.req.json();
    return context.json(await update(id, email, name), 201);
  });

  app.put("/users/:id", async (context) => {
    const { email, name } = await context.req.json();
    return context.json(await update(context.req.param("id"), email, name));
  });

  app.get("/users/:id", async (context) => {
    const id = context.req.param("id");
    const user = await database.selectFrom("users").selectAll().where("id", "=", id).executeTakeFirst();
    return user === undefined ? context.json({ error: "User not found" }, 404) : context.json(user);
  });

  return app;
}
