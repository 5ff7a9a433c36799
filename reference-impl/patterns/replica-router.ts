import { type Kysely, type RawBuilder, sql } from "kysely";
import type { ServiceClock } from "../service-needs.ts";
import type { RecentPosition } from "./recent-position.ts";
import { hasReached, type LogPosition, laterToken, type SessionToken } from "./session-token.ts";

/** A primary, its replicas, and what a choice between them needs. */
export interface RouterNeeds<Tables> {
  readonly clock: ServiceClock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly primary: Kysely<Tables>;
  readonly replicas: readonly [Kysely<Tables>, ...Kysely<Tables>[]];
  /** How far a replica must be whoever reads there. */
  readonly recent: RecentPosition;
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

/** How long a read waits for a replica to catch up, in steps. */
const waitsMs: readonly number[] = [5, 15, 30];

/**
 * Reads at any replica once that has reached the client's token, and what all readers must see, else at the primary:
 * when it does not get there within a bound, or cannot be reached. Look and read are done on one connection: a
 * replica that starts again may have gone back. Where the primary cannot be asked what that is, nothing is read:
 * nobody knows how old a replica is.
 */
export const waitForReplica: RouteRead = async (needs, token, read) => {
  if (token !== "primary") {
    const recent = await needs.recent();
    const least = recent === null ? token : laterToken(token, recent);
    try {
      const routed = await readAtReplica(needs, least, read);
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

/** Any of the replicas, as chance has it. */
export function anyReplica<Tables>({ replicas, random }: RouterNeeds<Tables>): Kysely<Tables> {
  if (replicas.length === 1) return replicas[0];
  return replicas[Math.floor(random() * replicas.length)] ?? replicas[0];
}

/**
 * A token that covers what a replica shows. Asked for after the read. Not the position that it has replayed: a commit
 * is seen a moment before it is counted there, and another replica could be behind by this one commit. What was
 * received covers it. While a replica has received nothing since its start, its own log is replayed: ask the primary then.
 */
async function coveringToken<Tables>(replica: Kysely<Tables>): Promise<LogPosition | "primary"> {
  const replayed = await replicaPosition(replica);
  const received = await askPosition(replica, sql<LogPosition | null>`pg_last_wal_receive_lsn()`);
  return received !== null && hasReached(received, replayed) ? received : "primary";
}

async function askPosition<Tables, Position>(
  database: Kysely<Tables>,
  position: RawBuilder<Position>,
): Promise<Position> {
  // No table is asked, so it does not matter which ones there are.
  const server = database as unknown as Kysely<unknown>;
  const row = await server.selectNoFrom(position.as("position")).executeTakeFirstOrThrow();
  return row.position as Position;
}

async function readAtReplica<Tables, Result>(
  needs: RouterNeeds<Tables>,
  token: LogPosition | null,
  read: (database: Kysely<Tables>) => Promise<Result>,
): Promise<RoutedRead<Result> | null> {
  return await anyReplica(needs)
    .connection()
    .execute(async (connection) => {
      if (token !== null && !(await isReached(connection, token, needs.clock))) return null;
      const result = await read(connection);
      const covering = await coveringToken(connection);
      return { result, token: covering === "primary" ? covering : laterToken(token, covering) };
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
