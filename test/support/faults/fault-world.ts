import { Hono } from "hono";
import type { Generated, Kysely } from "kysely";
import type { Json } from "../../../checkers/history/operation.ts";
import type { ActiveFault, Fault } from "../../../harness/faults/fault.ts";
import { faults } from "../../../harness/faults/index.ts";
import type { ServiceContext, ServiceFetch, SystemDefinition } from "../../../harness/run/system.ts";
import { Simulation } from "../../../harness/sim/simulation.ts";

/** The one table of the system. */
interface Tables {
  note: { id: Generated<number>; text: string };
}

/** What became of a call: its status and text, or the code of its error. */
export type Called = string;

/**
 * Two equal services, `shop` and `stock`, on the store `db` with the replica `db-copy`; a service that
 * is asked for `/ask` asks the other for `/ping`. `log` tells what the services did, in order.
 */
export class FaultWorld {
  readonly simulation: Simulation;
  readonly log: string[] = [];
  readonly fetch: ServiceFetch;

  private constructor(seed: number) {
    this.simulation = new Simulation({
      system: systemOf(this.log),
      seed,
      drain: "tick",
      latencyMaxUs: 1000,
      salts: [],
      clientNodes: ["client-0"],
      onRecord: () => {},
    });
    this.fetch = this.simulation.client("client-0").fetch;
  }

  /** Starts everything. */
  static async start(seed = 1): Promise<FaultWorld> {
    const world = new FaultWorld(seed);
    await world.finish(() => world.simulation.boot());
    // The copy has replayed the definition of the table.
    await world.pass(50);
    return world;
  }

  /** Injects a fault, its parameters read as from a plan. */
  inject(name: string, params: Json): ActiveFault {
    const fault = faultNamed(name);
    return fault.inject(this.simulation.port, fault.parse(params));
  }

  /** Calls a service, with a time limit of half a second. */
  async call(url: string, method = "GET"): Promise<Called> {
    return await this.finish(() => this.calling(url, method));
  }

  /** The same, to be joined with others. */
  async calling(url: string, method = "GET", limitMs = 500): Promise<Called> {
    const { clock } = this.simulation.client("client-0");
    try {
      const response = await this.fetch(url, { method, signal: clock.timeoutSignal(limitMs) });
      return `${response.status} ${await response.text()}`;
    } catch (error) {
      const { name, cause } = error as Error & { cause?: { code?: string } };
      return cause?.code ?? name;
    }
  }

  /** Runs until the work has settled. */
  async finish<Value>(begin: () => Promise<Value>): Promise<Value> {
    let end: { readonly value: Value } | { readonly error: unknown } | null = null;
    const work = () =>
      void begin().then(
        (value) => {
          end = { value };
        },
        (error: unknown) => {
          end = { error };
        },
      );
    const { scheduler, root } = this.simulation;
    scheduler.schedule(0, "test", work, { owner: root, cause: -1 });
    await scheduler.drive(() => end !== null, { events: 1e6, timeNs: 1e15 });
    const ended = end as { readonly value: Value } | { readonly error: unknown } | null;
    if (ended === null) throw new Error("nothing is left to run, and the work has not settled");
    if ("error" in ended) throw ended.error;
    return ended.value;
  }

  /** Lets virtual time pass. */
  async pass(ms: number): Promise<void> {
    await this.finish(() => this.simulation.scheduler.sleep(ms * 1e6));
  }

  get nowMs(): number {
    return this.simulation.scheduler.now / 1e6;
  }
}

/** A fault by its name. */
export function faultNamed(name: string): Fault<Json> {
  const fault = faults.find((candidate) => candidate.name === name);
  if (fault === undefined) throw new Error(`There is no fault "${name}".`);
  return fault;
}

function systemOf(log: string[]): SystemDefinition {
  return {
    stores: [
      {
        name: "db",
        kind: "postgres",
        replicas: ["db-copy"],
        migrate: async (database) => {
          await database.schema
            .createTable("note")
            .addColumn("id", "serial", (column) => column.primaryKey())
            .addColumn("text", "text", (column) => column.notNull())
            .execute();
        },
      },
    ],
    services: ["shop", "stock"].map((name) => ({
      name,
      stores: ["db", "db-copy"],
      start: (context: ServiceContext) => {
        log.push(`${name} starts`);
        const app = appOf(context, name === "shop" ? "stock" : "shop", log);
        return {
          fetch: (request: Request) => app.fetch(request),
          stop: async () => {
            log.push(`${name} stops`);
          },
        };
      },
    })),
  };
}

function appOf(context: ServiceContext, other: string, log: string[]): Hono {
  const app = new Hono();
  const database: Kysely<Tables> = context.postgres<Tables>("db");
  const copy: Kysely<Tables> = context.postgres<Tables>("db-copy");
  app.onError((error, c) => c.text((error as { code?: string }).code ?? error.message, 500));
  app.get("/ping", (c) => {
    log.push(`${context.name} pinged`);
    return c.text("pong");
  });
  app.get("/slow", async (c) => {
    await context.clock.sleep(100);
    log.push(`${context.name} slow`);
    return c.text("done");
  });
  app.get("/time", (c) => c.text(String(context.clock.nowMs() - context.clock.monotonicNs() / 1e6)));
  app.get("/ask", async (c) => c.text(await (await context.fetch(`http://${other}/ping`)).text()));
  app.post("/note", async (c) => {
    await database.transaction().execute(async (trx) => {
      await trx.insertInto("note").values({ text: "x" }).execute();
    });
    return c.text("noted");
  });
  const count = async (db: Kysely<Tables>) =>
    (
      await db
        .selectFrom("note")
        .select((eb) => eb.fn.countAll().as("n"))
        .executeTakeFirstOrThrow()
    ).n;
  app.get("/notes", async (c) => c.text(String(await count(database))));
  app.get("/copied", async (c) => c.text(String(await count(copy))));
  return app;
}
