import { Kysely } from "kysely";
import { randomStream } from "../../../harness/random/random-stream.ts";
import { Network } from "../../../harness/sim/network.ts";
import { PostgresServer } from "../../../harness/sim/postgres/postgres-server.ts";
import type { PostgresSettings } from "../../../harness/sim/postgres/postgres-settings.ts";
import { createSimPostgresDialect } from "../../../harness/sim/postgres/sim-postgres-dialect.ts";
import { type DrainMode, Scheduler } from "../../../harness/sim/scheduler.ts";
import type { Owner } from "../../../harness/sim/sim-event.ts";

/** The table of the model's unit tests. */
export interface WorldTables {
  account: { id: number; balance: number; note: string | null };
}

/** A process of the simulated world: its own life and its own pool. */
export interface WorldProcess {
  readonly owner: Owner;
  readonly db: Kysely<WorldTables>;
  /** Kills it as the process model does: first its life, then its connections. */
  die(): void;
}

/** One model server, a network, and processes that use it. */
export class SimWorld {
  readonly root: Owner = { name: "test", alive: true };
  readonly scheduler: Scheduler;
  readonly network: Network;
  readonly server: PostgresServer;
  readonly #seed: number;

  constructor(seed = 1, settings: Partial<PostgresSettings> = {}, drain: DrainMode = "tick") {
    this.#seed = seed;
    this.scheduler = new Scheduler(randomStream(seed, "ranks"), this.root, drain);
    const latency = randomStream(seed, "latency");
    this.network = new Network(this.scheduler, () => latency.integer(100_000, 500_000));
    const random = randomStream(seed, "server");
    this.server = new PostgresServer({ scheduler: this.scheduler, random, name: "db", settings });
  }

  process(
    name: string,
    pool: { max?: number; connectionTimeoutMs?: number; queryTimeoutMs?: number } = {},
  ): WorldProcess {
    const owner: Owner = { name, alive: true };
    const { dialect, ownerDied } = createSimPostgresDialect({
      scheduler: this.scheduler,
      network: this.network,
      server: this.server,
      clientNode: name,
      owner,
      random: randomStream(this.#seed, name),
      pool,
    });
    const die = (): void => {
      owner.alive = false;
      ownerDied();
    };
    return { owner, db: new Kysely<WorldTables>({ dialect }), die };
  }

  /** Runs until nothing is left to do, or until a moment of virtual time. */
  async run(untilMs: number = Number.POSITIVE_INFINITY): Promise<void> {
    await this.scheduler.drive(() => false, { events: 1e6, timeNs: untilMs * 1e6 });
  }

  /** Runs until the work has settled and answers it. */
  async finish<Value>(work: Promise<Value>): Promise<Value> {
    let settled = false;
    const done = (): void => {
      settled = true;
    };
    work.then(done, done);
    await this.scheduler.drive(() => settled, { events: 1e6, timeNs: Number.POSITIVE_INFINITY });
    if (!settled) throw new Error("nothing is left to run, and the work has not settled");
    return await work;
  }

  /** Creates the table with the rows (1, 100) and (2, 100). */
  async setUp(): Promise<void> {
    const { db } = this.process("setup");
    const create = db.schema
      .createTable("account")
      .addColumn("id", "integer", (column) => column.primaryKey())
      .addColumn("balance", "integer", (column) => column.notNull())
      .addColumn("note", "text");
    await this.finish(create.execute());
    await this.finish(
      db
        .insertInto("account")
        .values([
          { id: 1, balance: 100, note: null },
          { id: 2, balance: 100, note: null },
        ])
        .execute(),
    );
    await this.finish(db.destroy());
    await this.run();
  }

  /** The balance of an account, as committed. */
  balance(id: number): unknown {
    return this.server.committedRows("account").find((row) => row.id === id)?.balance;
  }
}

/** What a promise has come to so far: its outcome is filled in when it settles. */
export interface Watched {
  outcome: "pending" | "fulfilled" | "rejected";
  error: (Error & { code?: string }) | null;
}

/** Watches a promise without waiting for it. */
export function watch(work: Promise<unknown>): Watched {
  const watched: Watched = { outcome: "pending", error: null };
  work.then(
    () => {
      watched.outcome = "fulfilled";
    },
    (error: Error) => {
      watched.outcome = "rejected";
      watched.error = error;
    },
  );
  return watched;
}
