import type { Hono } from "hono";
import type { Kysely } from "kysely";
import type { Announcer } from "../../../patterns/announcer.ts";
import { type Answer, toResponse } from "../../../patterns/answer.ts";
import { readBody, readId, readRequestKey } from "../../../patterns/bad-input.ts";
import { databasePart } from "../../../patterns/database-part.ts";
import type { EventTables } from "../../../patterns/event-tables.ts";
import { storeAnswers } from "../../../patterns/health-routes.ts";
import { addMessageRoute } from "../../../patterns/message-route.ts";
import { oncePerRequestKey } from "../../../patterns/once-per-request-key.ts";
import { readStore } from "../../../patterns/read-store.ts";
import type { KeyedRequest } from "../../../patterns/request-key.ts";
import { serviceApp } from "../../../patterns/service-app.ts";
import { guardedSave } from "../../../patterns/versioned-repository.ts";
import type { ServiceNeeds } from "../../../service-needs.ts";
import { hardenedUserMechanisms } from "../user.service.ts";
import { newUserSchema, profileChangeSchema } from "../user-input.ts";
import { findUser, insertUser, updateUser } from "../user-store.ts";
import type { UserTables } from "../user-tables.ts";
import type { AnnouncedUserTables } from "./announced-user-tables.ts";
import { type Profile, profileMessage } from "./profile-message.ts";

/** What this service needs besides. */
export interface AnnouncedUserNeeds extends ServiceNeeds<AnnouncedUserTables> {
  /** Told of each profile once it is stored. */
  readonly stored: (profile: Profile) => void;
}

/**
 * The user service of `user.service.ts`, which also tells others of each profile that it stores: `POST /users` creates,
 * `GET /users/:id` reads, `PUT /users/:id` changes from the version in the body's `expectedVersion`. What changes
 * something needs an `Idempotency-Key` header. `GET /messages` counts what was announced.
 *
 * Errors: as there.
 */
export function announcedUserService(needs: AnnouncedUserNeeds, announcer: Announcer): Hono {
  const { database, clock } = needs;
  const announced = announcedOnce(needs, announcer);
  const app = serviceApp(storeAnswers(database));

  app.post("/users", async (context) => {
    const key = readRequestKey(context.req.raw.headers);
    if (!key.good) return toResponse(key.answer);
    const body = await readBody(context.req.raw, newUserSchema);
    if (!body.good) return toResponse(body.answer);
    const user = { ...body.value, id: body.value.id ?? needs.newId() };
    const request = { key: key.value, fingerprint: `POST /users ${JSON.stringify(body.value)}` };
    const profile = { userId: user.id, version: 1, email: user.email, name: user.name };
    return toResponse(
      await announced(request, profile, (transaction) =>
        insertUser(databasePart<UserTables, AnnouncedUserTables>(transaction), user, clock),
      ),
    );
  });

  app.get("/users/:id", async (context) => {
    const id = readId(context.req.param("id"));
    if (!id.good) return toResponse(id.answer);
    const users = databasePart<UserTables, AnnouncedUserTables>(database);
    return toResponse(await readStore(needs, () => findUser(users, id.value)));
  });

  app.put("/users/:id", async (context) => {
    const id = readId(context.req.param("id"));
    if (!id.good) return toResponse(id.answer);
    const key = readRequestKey(context.req.raw.headers);
    if (!key.good) return toResponse(key.answer);
    const body = await readBody(context.req.raw, profileChangeSchema);
    if (!body.good) return toResponse(body.answer);
    const { expectedVersion, email, name } = body.value;
    const request = { key: key.value, fingerprint: `PUT /users/${id.value} ${JSON.stringify(body.value)}` };
    const profile = { userId: id.value, version: expectedVersion + 1, email, name };
    return toResponse(
      await announced(request, profile, (transaction) => {
        const users = databasePart<UserTables, AnnouncedUserTables>(transaction);
        return updateUser(users, id.value, body.value, guardedSave, clock);
      }),
    );
  });

  addMessageRoute(app, needs);
  return app;
}

/**
 * Performs a request once; where that stores a profile, its message is stored in the same transaction, numbered by the
 * version that the guarded UPDATE counts up.
 */
function announcedOnce(needs: AnnouncedUserNeeds, announcer: Announcer) {
  const once = oncePerRequestKey<AnnouncedUserTables>(needs, hardenedUserMechanisms());
  return async (
    request: KeyedRequest,
    profile: Profile,
    work: (transaction: Kysely<AnnouncedUserTables>) => Promise<Answer>,
  ): Promise<Answer> => {
    const messages = [profileMessage(profile)];
    let isNew = false;
    const answer = await once(request, async (transaction) => {
      const stored = await work(transaction);
      isNew = stored.status < 300;
      if (isNew) {
        const { userId: user_id, ...values } = profile;
        await transaction
          .insertInto("profile_changes")
          .values({ user_id, ...values })
          .execute();
        await announcer.store(databasePart<EventTables, AnnouncedUserTables>(transaction), messages);
      }
      return stored;
    });
    if (isNew && answer.status < 300) {
      needs.stored(profile);
      await announcer.send(messages);
    }
    return answer;
  };
}
