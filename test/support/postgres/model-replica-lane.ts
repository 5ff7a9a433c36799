import { Kysely } from "kysely";
import { randomStream } from "../../../harness/random/random-stream.ts";
import { Network } from "../../../harness/sim/network.ts";
import { type PostgresEndpoint, PostgresServer } from "../../../harness/sim/postgres/postgres-server.ts";
import { createSimPostgresDialect } from "../../../harness/sim/postgres/sim-postgres-dialect.ts";
import { PostgresReplica } from "../../../harness/sim/postgres-replica/postgres-replica.ts";
import { Scheduler } from "../../../harness/sim/scheduler.ts";
import type { ReplicaSession } from "./draw-replica-program.ts";
import { positionOf, reachedAt } from "./replica-positions.ts";
import type { ReplicaLane } from "./run-replica-program.ts";
import { createScheduleTables, type ScheduleTables } from "./run-statement.ts";
import { ScheduleSession } from "./schedule-session.ts";

const unlimited = { events: Number.POSITIVE_INFINITY, timeNs: Number.POSITIVE_INFINITY };

/** A model of a primary and of its replica, with empty tables; the seed decides the model's own races. */
export async function openModelReplicaLane(seed: number): Promise<ReplicaLane> {
  const owner = { name: "test", alive: true };
  const scheduler = new Scheduler(randomStream(seed, "ranks"), owner, "tick");
  const latency = randomStream(seed, "latency");
  const network = new Network(scheduler, () => latency.integer(1_000, 20_000));
  const random = randomStream(seed, "server");
  const primary = new PostgresServer({ scheduler, random, name: "db" });
  const connect = (server: PostgresEndpoint, node: string): Kysely<ScheduleTables> => {
    const client = { scheduler, network, server, clientNode: node, owner, random, pool: { max: 1 } };
    return new Kysely<ScheduleTables>({ dialect: createSimPostgresDialect(client).dialect });
  };
  // Runs until nothing is left to do: unless its replay is paused, the replica then shows everything.
  const settle = async <Value>(work: Promise<Value>): Promise<Value> => {
    await scheduler.drive(() => false, unlimited);
    return await work;
  };
  const admin = connect(primary, "admin");
  await settle(createScheduleTables(admin));
  const replica = new PostgresReplica({ scheduler, network, random, name: "replica", primary });
  const observer = connect(replica, "observer");
  let life = 0;
  const open = (server: PostgresEndpoint, name: string): ScheduleSession =>
    new ScheduleSession(connect(server, `${name} ${life}`));
  const readers = (): Record<"reader 0" | "reader 1", ScheduleSession> => ({
    "reader 0": open(replica, "reader 0"),
    "reader 1": open(replica, "reader 1"),
  });
  let sessions: Record<ReplicaSession, ScheduleSession> = { primary: open(primary, "primary"), ...readers() };
  return {
    sessions: () => sessions,
    settle,
    catchUp: async () => {
      await settle(Promise.resolve());
      if (replica.waitingCommits > 0) throw new Error("the model's replica does not catch up");
    },
    pause: async () => replica.pauseReplay(),
    resume: async () => replica.resumeReplay(),
    crash: async () => {
      replica.crash();
      await settle(Promise.resolve());
      replica.restart();
      life++;
      sessions = { ...sessions, ...readers() };
    },
    position: () => settle(positionOf(admin)),
    reached: (position) => settle(reachedAt(observer, position)),
  };
}
