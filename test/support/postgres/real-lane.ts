import { Kysely, PostgresDialect } from "kysely";
import { Client, Pool } from "pg";
import { runSchedule } from "./run-schedule.ts";
import { createScheduleTables, type ScheduleTables } from "./run-statement.ts";
import type { Schedule, Trace } from "./schedule.ts";
import { ScheduleSession } from "./schedule-session.ts";

const maximumSessions = 3;

interface RealSession {
  readonly database: Kysely<ScheduleTables>;
  readonly pid: number;
}

/** A set of connections to a real PostgreSQL on which schedules run, one after the other, in a schema of its own. */
export class RealLane implements AsyncDisposable {
  readonly #admin: Client;
  readonly #monitor: Client;
  readonly #schema: string;
  readonly #sessions: readonly RealSession[];

  constructor(admin: Client, monitor: Client, schema: string, sessions: readonly RealSession[]) {
    this.#admin = admin;
    this.#monitor = monitor;
    this.#schema = schema;
    this.#sessions = sessions;
  }

  static async open(connectionString: string, schema: string): Promise<RealLane> {
    const options = `-c search_path=${schema}`;
    const admin = new Client({ connectionString, options });
    const monitor = new Client({ connectionString });
    await Promise.all([admin.connect(), monitor.connect()]);
    await admin.query(`create schema ${schema}`);
    const sessions: RealSession[] = [];
    for (let at = 0; at < maximumSessions; at++) sessions.push(await openSession(connectionString, options));
    await createScheduleTables((sessions[0] as RealSession).database);
    return new RealLane(admin, monitor, schema, sessions);
  }

  /** Runs a schedule on fresh rows. */
  async run(schedule: Schedule): Promise<Trace> {
    await this.#admin.query("truncate item, part");
    for (const { id, code, n } of schedule.items) {
      await this.#admin.query("insert into item values ($1, $2, $3)", [id, code, n]);
    }
    for (const { id, item_id } of schedule.parts) {
      await this.#admin.query("insert into part values ($1, $2, 0)", [id, item_id]);
    }
    const used = this.#sessions.slice(0, schedule.sessions);
    const sessions = used.map(({ database }) => new ScheduleSession(database));
    return await runSchedule(
      { sessions, quiesce: () => this.#quiesce(used, sessions), tables: () => this.#tables() },
      schedule,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { database } of this.#sessions) await database.destroy();
    await this.#admin.query(`drop schema ${this.#schema} cascade`);
    await Promise.all([this.#admin.end(), this.#monitor.end()]);
  }

  async #quiesce(used: readonly RealSession[], sessions: readonly ScheduleSession[]): Promise<void> {
    const pids = used.map(({ pid }) => pid);
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      const busy = pids.filter((_, at) => sessions[at]?.busy === true);
      if (busy.length === 0) return;
      const answer = await this.#monitor.query<{ pid: number; state: string; blockers: number[] }>(
        "select pid, state, pg_blocking_pids(pid) as blockers from pg_stat_activity where pid = any($1)",
        [pids],
      );
      const rows = new Map(answer.rows.map((row) => [row.pid, row]));
      if (pids.filter((_, at) => sessions[at]?.busy === true).length !== busy.length) continue;
      if (busy.every((pid) => isStuck(pid, rows, busy, new Set()))) return;
    }
  }

  async #tables(): Promise<string> {
    const show = async (table: string): Promise<string> => {
      const { rows } = await this.#admin.query<Record<string, unknown>>(`select * from ${table}`);
      return rows
        .map((row) => JSON.stringify(row))
        .sort()
        .join(" ");
    };
    return `${await show("item")} | ${await show("part")}`;
  }
}

/** Whether the backend will wait until somebody who is idle now does something: no cycle, nobody on the way. */
function isStuck(
  pid: number,
  rows: ReadonlyMap<number, { readonly state: string; readonly blockers: readonly number[] }>,
  busy: readonly number[],
  path: ReadonlySet<number>,
): boolean {
  const row = rows.get(pid);
  if (row === undefined || path.has(pid)) return false;
  if (!busy.includes(pid)) return row.state.startsWith("idle in transaction");
  if (row.blockers.length === 0) return false;
  const longer = new Set([...path, pid]);
  return row.blockers.every((blocker) => isStuck(blocker, rows, busy, longer));
}

async function openSession(connectionString: string, options: string): Promise<RealSession> {
  const pool = new Pool({ connectionString, options, max: 1, idleTimeoutMillis: 0 });
  // The server may be stopped first; without a listener that would end the process.
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));
  const { rows } = await pool.query<{ pid: number }>("select pg_backend_pid() as pid");
  return {
    database: new Kysely<ScheduleTables>({ dialect: new PostgresDialect({ pool }) }),
    pid: rows[0]?.pid ?? 0,
  };
}
