import type { Hono } from "hono";
import type { Kysely } from "kysely";
import { withMessages } from "../../patterns/announced-once.ts";
import { type Answer, toResponse } from "../../patterns/answer.ts";
import { readBody, readId, readRequestKey } from "../../patterns/bad-input.ts";
import type { OutgoingMessage } from "../../patterns/event-message.ts";
import type { OncePerRequestKey } from "../../patterns/once-per-request-key.ts";
import type { SaveWithVersionCheck } from "../../patterns/versioned-repository.ts";
import type { ServiceNeeds } from "../../service-needs.ts";
import type { Profile } from "./announcing/profile-message.ts";
import { newUserSchema, profileChangeSchema } from "./user-input.ts";
import { insertUser, updateUser } from "./user-store.ts";
import type { UserTables } from "./user-tables.ts";

/** How a user service answers: from which store, and with what besides. */
export interface UserAnswers {
  /** Reads a profile for whoever sent these headers. */
  read(headers: Headers, id: string): Promise<Response>;
  /** The response to a change, for whoever sent these headers. */
  changed(headers: Headers, answer: Answer): Promise<Response>;
}

/** What the routes of a user service are made of. */
export interface UserRouteParts extends Pick<ServiceNeeds<UserTables>, "clock" | "newId"> {
  readonly once: OncePerRequestKey<UserTables>;
  readonly save: SaveWithVersionCheck;
  readonly answers: UserAnswers;
  /** Called in the transaction that stored this profile: what others are told of it. Null: nothing. */
  readonly announce:
    | ((transaction: Kysely<UserTables>, profile: Profile) => Promise<readonly OutgoingMessage[]>)
    | null;
}

/**
 * `POST /users` creates, `GET /users/:id` reads, `PUT /users/:id` changes from the version in the body's
 * `expectedVersion`. What changes something needs an `Idempotency-Key` header.
 */
export function addUserRoutes(app: Hono, parts: UserRouteParts): void {
  const { once, save, answers, announce, clock, newId } = parts;
  const told = (profile: Profile, work: (transaction: Kysely<UserTables>) => Promise<Answer>) =>
    announce === null ? work : withMessages(work, (transaction) => announce(transaction, profile));

  app.post("/users", async (context) => {
    const { headers } = context.req.raw;
    const key = readRequestKey(headers);
    if (!key.good) return toResponse(key.answer);
    const body = await readBody(context.req.raw, newUserSchema);
    if (!body.good) return toResponse(body.answer);
    const user = { ...body.value, id: body.value.id ?? newId() };
    const request = { key: key.value, fingerprint: `POST /users ${JSON.stringify(body.value)}` };
    const profile = { userId: user.id, version: 1, email: user.email, name: user.name };
    const work = told(profile, (transaction) => insertUser(transaction, user, clock));
    return await answers.changed(headers, await once(request, work));
  });

  app.get("/users/:id", async (context) => {
    const id = readId(context.req.param("id"));
    return id.good ? await answers.read(context.req.raw.headers, id.value) : toResponse(id.answer);
  });

  app.put("/users/:id", async (context) => {
    const { headers } = context.req.raw;
    const id = readId(context.req.param("id"));
    if (!id.good) return toResponse(id.answer);
    const key = readRequestKey(headers);
    if (!key.good) return toResponse(key.answer);
    const body = await readBody(context.req.raw, profileChangeSchema);
    if (!body.good) return toResponse(body.answer);
    const { expectedVersion, email, name } = body.value;
    const request = { key: key.value, fingerprint: `PUT /users/${id.value} ${JSON.stringify(body.value)}` };
    const profile = { userId: id.value, version: expectedVersion + 1, email, name };
    const work = told(profile, (transaction) => updateUser(transaction, id.value, body.value, save, clock));
    return await answers.changed(headers, await once(request, work));
  });
}
