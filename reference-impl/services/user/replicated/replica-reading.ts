import type { Kysely } from "kysely";
import { toResponse } from "../../../patterns/answer.ts";
import { readStore } from "../../../patterns/read-store.ts";
import { primaryPosition } from "../../../patterns/replica-router.ts";
import { laterToken, readSessionToken, type SessionToken } from "../../../patterns/session-token.ts";
import type { ServiceNeeds } from "../../../service-needs.ts";
import type { UserAnswers } from "../user-routes.ts";
import { findUser } from "../user-store.ts";
import type { UserTables } from "../user-tables.ts";
import type { ReplicatedUserMechanisms } from "./replicated-user-mechanisms.ts";

/** The part of a user service that reads at replicas. */
export interface ReplicaReading {
  /** A pool of connections to each read replica. */
  readonly databases: readonly [Kysely<UserTables>, ...Kysely<UserTables>[]];
  readonly mechanisms: Pick<ReplicatedUserMechanisms, "routeRead" | "recent" | "handOut">;
}

/** Reads where the session's token allows, and hands out the next one; the database of `needs` is the primary. */
export function answersOfReplica(
  needs: ServiceNeeds<UserTables>,
  { databases: replicas, mechanisms: { routeRead, recent, handOut } }: ReplicaReading,
): UserAnswers {
  const { clock, database: primary } = needs;
  const router = { ...needs, primary, replicas, recent: recent(clock, () => primaryPosition(primary)) };
  return {
    read: async (headers, id) => {
      const seen = readSessionToken(headers);
      let token: SessionToken = null;
      const answer = await readStore(needs, async () => {
        const read = await routeRead(router, seen, (database) => findUser(database, id));
        token = read.token;
        return read.result;
      });
      return handOut(toResponse(answer), token);
    },
    changed: async (headers, answer) => {
      const seen = readSessionToken(headers);
      const token = answer.status < 300 ? await tokenAfterWrite(needs.database, seen) : seen;
      return handOut(toResponse(answer), token);
    },
  };
}

/**
 * The position of a commit is known after it only. Where the primary cannot be asked the write has happened
 * all the same: then its client is sent to the primary until it knows better.
 */
async function tokenAfterWrite(primary: Kysely<UserTables>, seen: SessionToken): Promise<SessionToken> {
  try {
    return laterToken(seen, await primaryPosition(primary));
  } catch {
    return "primary";
  }
}
