import { type Kysely, type RawBuilder, sql } from "kysely";
import type { ServiceClock } from "../service-needs.ts";
import { hasReached, type LogPosition, laterToken, type SessionToken } from "./session-token.ts";

/** A primary, its replica, and what a choice between them needs. */
export interface RouterNeeds<Tables> {
  readonly clock: ServiceClock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly primary: Kysely<Tables>;
  readonly replica: Kysely<Tables>;
}

/** What was read, and the token of a client that has seen it. */
export interface RoutedRead<Result> {
  readonly result: Result;
  readonly token: SessionToken;
}

/** Reads at a place that its client has not left behind. Rejects as the place's own client does. */
export type RouteRead = <Tables, Result>(
  needs: RouterNeeds<Tables>,
  token: SessionToken,
  read: (database: Kysely<Tables>) => Promise<Result>,
) => Promise<RoutedRead<Result>>;

/** How long a read waits for the replica to catch up, in steps. */
const waitsMs: readonly number[] = [5, 15, 30];

/**
 * Reads at the replica once it has reached the client's token, else at the primary: when it does not get
 * there within a bound, or cannot be reached. Look and read are done on one connection: a replica that
 * starts again may have gone back.
 *
 * The position is asked for after the read, so it covers what was read. A replica shows a commit a moment
 * before it counts it: with more replicas than one, a client could meet another one that is behind
 * by this one commit.
 */
export const waitForReplica: RouteRead = async (needs, token, read) => {
  if (token !== "primary") {
    try {
      const routed = await readAtReplica(needs, token, read);
      if (routed !== null) return routed;
    } catch {
      // Whatever is wrong with the replica, the primary has it all.
    }
  }
  return await readAtPrimary(needs, token, read);
};

/** Reads at the primary, whose answer is never behind. */
export const readAtPrimary: RouteRead = async ({ primary }, token, read) =>
  await primary.connection().execute(async (connection) => {
    const result = await read(connection);
    return { result, token: laterToken(token, await primaryPosition(connection)) };
  });

/** How far the primary's log is written: a commit that was acknowledged before is in front of it. */
export async function primaryPosition<Tables>(primary: Kysely<Tables>): Promise<LogPosition> {
  return await askPosition(primary, sql<LogPosition>`pg_current_wal_lsn()`);
}

/** How far a replica has replayed the primary's log. */
export async function replicaPosition<Tables>(replica: Kysely<Tables>): Promise<LogPosition> {
  return await askPosition(replica, sql<LogPosition>`pg_last_wal_replay_lsn()`);
}

async function askPosition<Tables>(
  database: Kysely<Tables>,
  position: RawBuilder<LogPosition>,
): Promise<LogPosition> {
  // No table is asked, so it does not matter which ones there are.
  const server = database as unknown as Kysely<unknown>;
  const row = await server.selectNoFrom(position.as("position")).executeTakeFirstOrThrow();
  return row.position;
}

async function readAtReplica<Tables, Result>(
  { replica, clock }: RouterNeeds<Tables>,
  token: LogPosition | null,
  read: (database: Kysely<Tables>) => Promise<Result>,
): Promise<RoutedRead<Result> | null> {
  return await replica.connection().execute(async (connection) => {
    if (token !== null && !(await isReached(connection, token, clock))) return null;
    const result = await read(connection);
    return { result, token: laterToken(token, await replicaPosition(connection)) };
  });
}

async function isReached<Tables>(
  replica: Kysely<Tables>,
  token: LogPosition,
  clock: ServiceClock,
): Promise<boolean> {
  for (const waitMs of waitsMs) {
    if (hasReached(await replicaPosition(replica), token)) return true;
    await clock.sleep(waitMs);
  }
  return hasReached(await replicaPosition(replica), token);
}
