import { announcedOnce } from "../../patterns/announced-once.ts";
import { toResponse } from "../../patterns/answer.ts";
import { type Connections, connectionPerTransaction } from "../../patterns/connection-per-transaction.ts";
import { hardenedOnce } from "../../patterns/hardened-once.ts";
import { storeAnswers } from "../../patterns/health-routes.ts";
import { addMessageRoute } from "../../patterns/message-route.ts";
import { type OncePerRequestKeyParts, oncePerRequestKey } from "../../patterns/once-per-request-key.ts";
import { readStore } from "../../patterns/read-store.ts";
import { type RunningService, runningService } from "../../patterns/running-service.ts";
import { serviceApp } from "../../patterns/service-app.ts";
import { guardedSave, type SaveWithVersionCheck } from "../../patterns/versioned-repository.ts";
import type { ServiceNeeds } from "../../service-needs.ts";
import {
  announcedPart,
  type ProfileAnnouncing,
  profileAnnouncer,
  storeChange,
} from "./announcing/profile-announcing.ts";
import { answersOfReplica, type ReplicaReading } from "./replicated/replica-reading.ts";
import { addUserRoutes, type UserAnswers } from "./user-routes.ts";
import { findUser } from "./user-store.ts";
import type { UserTables } from "./user-tables.ts";

/** The safety mechanisms of the user service. Built at every start; a defect replaces exactly one. */
export interface UserMechanisms extends OncePerRequestKeyParts {
  readonly connections: Connections;
  readonly save: SaveWithVersionCheck;
}

/** The mechanisms of the hardened form. */
export function hardenedUserMechanisms(): UserMechanisms {
  return { connections: connectionPerTransaction, ...hardenedOnce(), save: guardedSave };
}

/** What a user service may have besides its routes and its store. */
export interface UserParts {
  /** Others are told of each profile: its database has the `AnnouncedUserTables`. */
  readonly announcing?: ProfileAnnouncing;
  /** Profiles are read at replicas. */
  readonly replica?: ReplicaReading;
}

/**
 * User profiles. `POST /users` creates, `GET /users/:id` reads, `PUT /users/:id` changes from the
 * version in the body's `expectedVersion`. What changes something needs an `Idempotency-Key` header.
 *
 * One that announces: each profile that is stored goes out as a message, and `GET /messages` counts them. One with
 * replicas: profiles are read there, and each answer carries a `session-token` header; whoever sends the last one back
 * reads what it wrote, and nothing older than what it read.
 *
 * Errors: 400 bad input · 404 `not-found` · 409 `conflict` or `already-exists` · 422 `request-key-reused` ·
 * 503 `unavailable` or `no-free-connection` (certainly not done) or `unknown-outcome` (may have been done).
 */
export function userService(
  needs: ServiceNeeds<UserTables>,
  mechanisms: UserMechanisms,
  { announcing, replica }: UserParts = {},
): RunningService {
  const own = { ...needs, database: mechanisms.connections(needs.database) };
  const { database } = own;
  const once = oncePerRequestKey(own, mechanisms);
  const app = serviceApp(storeAnswers(database));
  addUserRoutes(app, {
    ...own,
    once: announcing === undefined ? once : announcedOnce(once, profileAnnouncer(announcing)),
    save: mechanisms.save,
    answers: replica === undefined ? answersOfStore(own) : answersOfReplica(own, replica),
    announce: announcing === undefined ? null : storeChange,
  });
  // The announcing service's database has the tables of its messages, too.
  if (announcing !== undefined) addMessageRoute(app, { ...own, database: announcedPart(database) });
  return runningService(app, {
    stopWork: async () => await announcing?.events.stop(),
    closeClients: async () => {
      await Promise.all((replica?.databases ?? []).map((reading) => reading.destroy()));
      await database.destroy();
    },
  });
}

/** One store, and nothing besides. */
function answersOfStore(needs: ServiceNeeds<UserTables>): UserAnswers {
  return {
    read: async (_headers, id) => toResponse(await readStore(needs, () => findUser(needs.database, id))),
    changed: async (_headers, answer) => toResponse(answer),
  };
}
