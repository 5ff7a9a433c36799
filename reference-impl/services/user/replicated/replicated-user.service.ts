import type { Context, Hono } from "hono";
import { type Answer, toResponse } from "../../../patterns/answer.ts";
import { readBody, readId, readRequestKey } from "../../../patterns/bad-input.ts";
import { storeAnswers } from "../../../patterns/health-routes.ts";
import { type OncePerRequestKey, oncePerRequestKey } from "../../../patterns/once-per-request-key.ts";
import { readStore } from "../../../patterns/read-store.ts";
import { primaryPosition } from "../../../patterns/replica-router.ts";
import { storedRequestKeys } from "../../../patterns/request-key.ts";
import { type RunningService, runningService } from "../../../patterns/running-service.ts";
import { serviceApp } from "../../../patterns/service-app.ts";
import { laterToken, readSessionToken, type SessionToken } from "../../../patterns/session-token.ts";
import { commitBeforeAnswer } from "../../../patterns/transaction-per-request.ts";
import { guardedSave } from "../../../patterns/versioned-repository.ts";
import type { ServiceNeeds } from "../../../service-needs.ts";
import { newUserSchema, profileChangeSchema } from "../user-input.ts";
import { findUser, insertUser, updateUser } from "../user-store.ts";
import type { UserTables } from "../user-tables.ts";
import type { ReplicatedUserMechanisms } from "./replicated-user-mechanisms.ts";

/** What the service is given when it starts; `database` is the primary. */
export interface ReplicatedUserNeeds extends ServiceNeeds<UserTables> {
  /** A pool of connections to the read replica. */
  readonly replica: ServiceNeeds<UserTables>["database"];
}

/**
 * User profiles that are read at a replica. `POST /users`, `GET /users/:id` and `PUT /users/:id` as the user
 * service has them. Each answer carries a `session-token` header; whoever sends the last one back reads
 * what it wrote, and nothing older than what it read.
 *
 * Errors: as the user service; 503 `unavailable` also where no connection is free in time.
 */
export function replicatedUserService(
  needs: ReplicatedUserNeeds,
  mechanisms: Pick<ReplicatedUserMechanisms, "routeRead" | "handOut">,
): RunningService {
  const { database: primary, replica } = needs;
  const app = serviceApp(storeAnswers(primary));
  addWriteRoutes(app, needs, mechanisms);

  app.get("/users/:id", async (context) => {
    const id = readId(context.req.param("id"));
    if (!id.good) return toResponse(id.answer);
    const seen = readSessionToken(context.req.raw.headers);
    let token: SessionToken = null;
    const answer = await readStore(needs, async () => {
      const read = await mechanisms.routeRead({ ...needs, primary }, seen, (database) =>
        findUser(database, id.value),
      );
      token = read.token;
      return read.result;
    });
    return mechanisms.handOut(toResponse(answer), token);
  });

  const closeClients = async () => {
    await replica.destroy();
    await primary.destroy();
  };
  return runningService(app, { closeClients });
}

function addWriteRoutes(
  app: Hono,
  needs: ReplicatedUserNeeds,
  { handOut }: Pick<ReplicatedUserMechanisms, "handOut">,
): void {
  const { clock, newId } = needs;
  const once: OncePerRequestKey<UserTables> = oncePerRequestKey(needs, {
    transact: commitBeforeAnswer,
    requestKeys: storedRequestKeys,
    keyOfAttempt: (key) => key,
  });
  const respond = async ({ req }: Context, answer: Answer): Promise<Response> => {
    const seen = readSessionToken(req.raw.headers);
    return handOut(toResponse(answer), answer.status < 300 ? await tokenAfterWrite(needs, seen) : seen);
  };

  app.post("/users", async (context) => {
    const key = readRequestKey(context.req.raw.headers);
    if (!key.good) return toResponse(key.answer);
    const body = await readBody(context.req.raw, newUserSchema);
    if (!body.good) return toResponse(body.answer);
    const user = { ...body.value, id: body.value.id ?? newId() };
    const request = { key: key.value, fingerprint: `POST /users ${JSON.stringify(body.value)}` };
    return await respond(context, await once(request, (transaction) => insertUser(transaction, user, clock)));
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
    const work = once(request, (transaction) =>
      updateUser(transaction, id.value, change, guardedSave, clock),
    );
    return await respond(context, await work);
  });
}

/**
 * The position of a commit is known after it only. Where the primary cannot be asked the write has happened
 * all the same: then its client is sent to the primary until it knows better.
 */
async function tokenAfterWrite({ database }: ReplicatedUserNeeds, seen: SessionToken): Promise<SessionToken> {
  try {
    return laterToken(seen, await primaryPosition(database));
  } catch {
    return "primary";
  }
}
