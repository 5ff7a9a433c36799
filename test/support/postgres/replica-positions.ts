import { type Kysely, sql } from "kysely";
import type { ScheduleTables } from "./run-statement.ts";

/** The position of a primary in its log. */
export async function positionOf(primary: Kysely<ScheduleTables>): Promise<string> {
  const query = primary.selectNoFrom(sql<string>`pg_current_wal_lsn()`.as("lsn"));
  return (await query.executeTakeFirstOrThrow()).lsn;
}

/** Has a replica replayed up to a position? */
export async function reachedAt(replica: Kysely<ScheduleTables>, position: string): Promise<boolean> {
  const comparison = sql<boolean>`pg_last_wal_replay_lsn() >= ${position}::pg_lsn`.as("reached");
  return (await replica.selectNoFrom(comparison).executeTakeFirstOrThrow()).reached;
}
