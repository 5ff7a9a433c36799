import { toResponse } from "../../patterns/answer.ts";
import { readBody, readId, readRequestKey } from "../../patterns/bad-input.ts";
import { type Connections, connectionPerTransaction } from "../../patterns/connection-per-transaction.ts";
import { storeAnswers } from "../../patterns/health-routes.ts";
import { type OncePerRequestKeyParts, oncePerRequestKey } from "../../patterns/once-per-request-key.ts";
import { readStore } from "../../patterns/read-store.ts";
import { storedRequestKeys } from "../../patterns/request-key.ts";
import { type RunningService, runningService } from "../../patterns/running-service.ts";
import { serviceApp } from "../../patterns/service-app.ts";
import { commitBeforeAnswer } from "../../patterns/transaction-per-request.ts";
import { guardedSave, type SaveWithVersionCheck } from "../../patterns/versioned-repository.ts";
import type { ServiceNeeds } from "../../service-needs.ts";
import { newUserSchema, profileChangeSchema } from "./user-input.ts";
import { findUser, insertUser, updateUser } from "./user-store.ts";
import type { UserTables } from "./user-tables.ts";

/** The safety mechanisms of the user service. Built at every start; a defect replaces exactly one. */
export interface UserMechanisms extends OncePerRequestKeyParts {
  readonly connections: Connections;
  readonly save: SaveWithVersionCheck;
}

/** The mechanisms of the hardened form. */
export function hardenedUserMechanisms(): UserMechanisms {
  return {
    connections: connectionPerTransaction,
    transact: commitBeforeAnswer,
    requestKeys: storedRequestKeys,
    keyOfAttempt: (key) => key,
    save: guardedSave,
  };
}

/**
 * User profiles. `POST /users` creates, `GET /users/:id` reads, `PUT /users/:id` changes from the
 * version in the body's `expectedVersion`. What changes something needs an `Idempotency-Key` header.
 *
 * Errors: 400 bad input · 404 `not-found` · 409 `conflict` or `already-exists` · 422 `request-key-reused` ·
 * 503 `unavailable` (certainly not done) or `unknown-outcome` (may have been done).
 */
export function userService(needs: ServiceNeeds<UserTables>, mechanisms: UserMechanisms): RunningService {
  const database = mechanisms.connections(needs.database);
  const once = oncePerRequestKey({ ...needs, database }, mechanisms);
  const app = serviceApp(storeAnswers(database));

  app.post("/users", async (context) => {
    const key = readRequestKey(context.req.raw.headers);
    if (!key.good) return toResponse(key.answer);
    const body = await readBody(context.req.raw, newUserSchema);
    if (!body.good) return toResponse(body.answer);
    const user = { ...body.value, id: body.value.id ?? needs.newId() };
    const request = { key: key.value, fingerprint: `POST /users ${JSON.stringify(body.value)}` };
    return toResponse(await once(request, (transaction) => insertUser(transaction, user, needs.clock)));
  });

  app.get("/users/:id", async (context) => {
    const id = readId(context.req.param("id"));
    if (!id.good) return toResponse(id.answer);
    return toResponse(await readStore(needs, () => findUser(database, id.value)));
  });

  app.put("/users/:id", async (context) => {
    const id = readId(context.req.param("id"));
    if (!id.good) return toResponse(id.answer);
    const key = readRequestKey(context.req.raw.headers);
    if (!key.good) return toResponse(key.answer);
    const body = await readBody(context.req.raw, profileChangeSchema);
    if (!body.good) return toResponse(body.answer);
    const change = body.value;
    const request = { key: key.value, fingerprint: `PUT /users/${id.value} ${JSON.stringify(change)}` };
    return toResponse(
      await once(request, (transaction) =>
        updateUser(transaction, id.value, change, mechanisms.save, needs.clock),
      ),
    );
  });

  return runningService(app, { closeClients: () => database.destroy() });
}
