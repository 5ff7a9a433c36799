import { Kysely, PostgresDialect, sql } from "kysely";
import { Pool } from "pg";
import type { RunningPostgres } from "../../../harness/real/components/postgres.component.ts";
import type { RunningPostgresReplica } from "../../../harness/real/components/postgres-replica.ts";
import { waitUntil } from "../../../harness/real/processes/wait-until.ts";
import type { Clock } from "../../../harness/time/clock.ts";
import type { ReplicaSession } from "./draw-replica-program.ts";
import { positionOf, reachedAt } from "./replica-positions.ts";
import type { ReplicaLane } from "./run-replica-program.ts";
import { createScheduleTables, type ScheduleTables } from "./run-statement.ts";
import { ScheduleSession } from "./schedule-session.ts";

/** A real primary and a real standby of it: one lane after the other, each with empty tables. */
export interface RealReplicaPair {
  readonly primary: RunningPostgres;
  readonly replica: RunningPostgresReplica;
  readonly clock: Clock;
}

/** A lane on real servers. To dispose is to close its connections. */
export async function openRealReplicaLane(pair: RealReplicaPair): Promise<ReplicaLane & AsyncDisposable> {
  const { primary, replica, clock } = pair;
  const opened: Kysely<ScheduleTables>[] = [];
  const connect = (connectionString: string): Kysely<ScheduleTables> => {
    const pool = new Pool({ connectionString, max: 1, idleTimeoutMillis: 0 });
    // The replica is killed under its connections.
    pool.on("error", () => {});
    pool.on("connect", (client) => client.on("error", () => {}));
    const database = new Kysely<ScheduleTables>({ dialect: new PostgresDialect({ pool }) });
    opened.push(database);
    return database;
  };
  const admin = connect(primary.url);
  let observer = connect(replica.url);
  const ask = async (query: string): Promise<Record<string, unknown> | undefined> =>
    (await sql<Record<string, unknown>>`${sql.raw(query)}`.execute(observer)).rows[0];
  const catchUp = async (): Promise<void> => {
    // What is flushed is what a standby is sent.
    const { rows } = await sql<{ lsn: string }>`select pg_current_wal_flush_lsn() as lsn`.execute(admin);
    const lsn = rows[0]?.lsn ?? "";
    const there = (): Promise<boolean> => reachedAt(observer, lsn);
    await waitUntil(there, { clock, timeoutMs: 20_000, what: "the standby to catch up" });
  };
  const readers = (): Record<"reader 0" | "reader 1", ScheduleSession> => ({
    "reader 0": new ScheduleSession(connect(replica.url)),
    "reader 1": new ScheduleSession(connect(replica.url)),
  });
  await admin.schema.dropTable("part").ifExists().execute();
  await admin.schema.dropTable("item").ifExists().execute();
  await createScheduleTables(admin);
  await catchUp();
  const writer = new ScheduleSession(connect(primary.url));
  let sessions: Record<ReplicaSession, ScheduleSession> = { primary: writer, ...readers() };
  return {
    sessions: () => sessions,
    settle: (work) => work,
    catchUp,
    pause: async () => {
      await replica.pauseReplay();
      const paused = async (): Promise<boolean> =>
        (await ask("select pg_get_wal_replay_pause_state() as state"))?.state === "paused";
      await waitUntil(paused, { clock, timeoutMs: 20_000, what: "the replay to stop" });
    },
    resume: () => replica.resumeReplay(),
    crash: async () => {
      await replica.kill("SIGKILL");
      await replica.restart();
      observer = connect(replica.url);
      sessions = { ...sessions, ...readers() };
    },
    position: () => positionOf(admin),
    reached: (position) => reachedAt(observer, position),
    [Symbol.asyncDispose]: async () => {
      for (const database of opened) await database.destroy();
    },
  };
}
