import { Kysely } from "kysely";
import { type RandomStream, randomStream } from "../../../harness/random/random-stream.ts";
import { Network } from "../../../harness/sim/network.ts";
import { PostgresServer } from "../../../harness/sim/postgres/postgres-server.ts";
import { createSimPostgresDialect } from "../../../harness/sim/postgres/sim-postgres-dialect.ts";
import { Scheduler } from "../../../harness/sim/scheduler.ts";
import { runSchedule } from "./run-schedule.ts";
import { createScheduleTables, type ScheduleTables } from "./run-statement.ts";
import type { Schedule, Trace } from "./schedule.ts";
import { ScheduleSession } from "./schedule-session.ts";

/** Longer than any message and wake-up, shorter than the deadlock timeout. */
const shortlyNs = 2_000_000;
const unlimited = { events: Number.POSITIVE_INFINITY, timeNs: Number.POSITIVE_INFINITY };

/** Runs a schedule on the model; the seed decides the model's own races. */
export async function runOnModel(schedule: Schedule, seed: number): Promise<Trace> {
  const owner = { name: "test", alive: true };
  const scheduler = new Scheduler(randomStream(seed, "ranks"), owner, "tick");
  const latency = randomStream(seed, "latency");
  const network = new Network(scheduler, () => latency.integer(1_000, 20_000));
  const random = randomStream(seed, "server");
  const server = new PostgresServer({ scheduler, random, name: "db", settings: { deadlockTimeoutMs: 4 } });
  const connect = (node: string): Kysely<ScheduleTables> => {
    const client = { scheduler, network, server, clientNode: node, owner, random, pool: { max: 1 } };
    return new Kysely<ScheduleTables>({ dialect: createSimPostgresDialect(client).dialect });
  };
  const run = async <Value>(work: Promise<Value>): Promise<Value> => {
    await scheduler.drive(() => false, unlimited);
    return await work;
  };
  const admin = connect("admin");
  await run(createScheduleTables(admin));
  if (schedule.items.length > 0)
    await run(
      admin
        .insertInto("item")
        .values([...schedule.items])
        .execute(),
    );
  if (schedule.parts.length > 0) {
    await run(
      admin
        .insertInto("part")
        .values(schedule.parts.map((part) => ({ ...part, n: 0 })))
        .execute(),
    );
  }
  const sessions = Array.from(
    { length: schedule.sessions },
    (_, at) => new ScheduleSession(connect(`s${at}`)),
  );
  return await runSchedule(
    {
      sessions,
      quiesce: () => quiesce(scheduler, server, sessions, random),
      tables: async () => {
        const show = (rows: readonly unknown[]): string =>
          rows
            .map((row) => JSON.stringify(row))
            .sort()
            .join(" ");
        return `${show(server.committedRows("item"))} | ${show(server.committedRows("part"))}`;
      },
    },
    schedule,
  );
}

/** A real schedule may go on before or after the deadlock timers of who is blocked have gone off. */
async function quiesce(
  scheduler: Scheduler,
  server: PostgresServer,
  sessions: readonly ScheduleSession[],
  random: RandomStream,
): Promise<void> {
  let patient = random.integer(0, 1) === 0;
  for (;;) {
    const limits = patient ? unlimited : { ...unlimited, timeNs: scheduler.now + shortlyNs };
    const end = await scheduler.drive(() => false, limits);
    if (end === "idle") return;
    const busy = sessions.filter((session) => session.busy).length;
    const deadlocked = sessions.some((_, at) => server.findDeadlock(at + 2) !== null);
    if (busy === server.waitingSessionCount && !deadlocked) return;
    patient = true;
  }
}
