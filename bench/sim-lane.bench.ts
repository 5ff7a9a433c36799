/**
 * Speed of the sim lane on one core: client operations per second through HTTP (a Hono application
 * whose handler runs a transaction of five statements), and what an event costs without any of it.
 *
 *     node bench/sim-lane.bench.ts [operations]
 */
import { Hono } from "hono";
import type { Generated } from "kysely";
import type { HttpService, ServiceContext, SystemDefinition } from "../harness/run/system.ts";
import type { DrainMode } from "../harness/sim/scheduler.ts";
import { Simulation } from "../harness/sim/simulation.ts";
import { wallClockMs } from "../harness/time/wall-clock.ts";

interface Database {
  account: { id: number; balance: number; version: number };
  entry: { id: Generated<number>; account: number; amount: number };
}

const CLIENTS = 8;
const ACCOUNTS = 64;
const LIMITS = { events: 1e9, timeNs: 1e18 };

const system: SystemDefinition = {
  stores: [
    {
      name: "bank-db",
      kind: "postgres",
      migrate: async (database) => {
        await database.schema
          .createTable("account")
          .addColumn("id", "integer", (column) => column.primaryKey())
          .addColumn("balance", "integer", (column) => column.notNull())
          .addColumn("version", "integer", (column) => column.notNull())
          .execute();
        await database.schema
          .createTable("entry")
          .addColumn("id", "serial", (column) => column.primaryKey())
          .addColumn("account", "integer", (column) => column.notNull())
          .addColumn("amount", "integer", (column) => column.notNull())
          .execute();
      },
    },
  ],
  services: [{ name: "bank", stores: ["bank-db"], start: bank }],
};

async function bank(context: ServiceContext): Promise<HttpService> {
  const database = context.postgres<Database>("bank-db");
  const rows = Array.from({ length: ACCOUNTS }, (_, id) => ({ id, balance: 0, version: 1 }));
  await database.insertInto("account").values(rows).execute();
  const app = new Hono();
  app.post("/accounts/:id/deposits", async (c) => {
    const id = Number(c.req.param("id"));
    const { amount } = await c.req.json<{ amount: number }>();
    const balance = await database.transaction().execute(async (transaction) => {
      const account = await transaction
        .selectFrom("account")
        .selectAll()
        .where("id", "=", id)
        .executeTakeFirstOrThrow();
      await transaction
        .updateTable("account")
        .set((eb) => ({ balance: eb("balance", "+", amount), version: eb("version", "+", 1) }))
        .where("id", "=", id)
        .execute();
      await transaction.insertInto("entry").values({ account: id, amount }).execute();
      await transaction
        .updateTable("account")
        .set({ version: account.version + 2 })
        .where("id", "=", id)
        .execute();
      const after = await transaction
        .selectFrom("account")
        .select("balance")
        .where("id", "=", id)
        .executeTakeFirstOrThrow();
      return after.balance;
    });
    return c.json({ balance }, 201);
  });
  return app;
}

async function httpOperations(
  operations: number,
  drain: DrainMode,
): Promise<{ perSecond: number; events: number }> {
  const clientNodes = Array.from({ length: CLIENTS }, (_, client) => `client-${client}`);
  const simulation = new Simulation({
    system,
    seed: 1,
    drain,
    latencyMaxUs: 200,
    salts: [],
    clientNodes,
    onRecord: () => {},
  });
  const { scheduler } = simulation;
  using _pinned = pin(simulation);
  let booted = false;
  scheduler.schedule(0, "boot", () => {
    void simulation.boot().then(() => {
      booted = true;
    });
  });
  await scheduler.drive(() => booted, LIMITS);
  let done = 0;
  const client = async (node: string, number: number) => {
    const { fetch } = simulation.client(node);
    for (let i = 0; done + CLIENTS <= operations; i++) {
      const account = (number * 7 + i) % ACCOUNTS;
      const response = await fetch(`http://bank/accounts/${account}/deposits`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: '{"amount":1}',
      });
      if (response.status !== 201) throw new Error(`status ${response.status}: ${await response.text()}`);
      await response.json();
      done++;
    }
    running--;
  };
  let running = CLIENTS;
  const before = scheduler.executed;
  const startMs = wallClockMs();
  scheduler.schedule(0, "load", () => {
    for (const [number, node] of clientNodes.entries()) void client(node, number);
  });
  await scheduler.drive(() => running === 0, LIMITS);
  const seconds = (wallClockMs() - startMs) / 1000;
  return { perSecond: done / seconds, events: (scheduler.executed - before) / done };
}

function pin(simulation: Simulation): Disposable {
  return { [Symbol.dispose]: simulation.pinGlobals() };
}

const operations = Number(process.argv[2] ?? 20_000);
await httpOperations(2000, "tick");
for (const drain of ["tick", "immediate"] as const) {
  const rates: number[] = [];
  let events = 0;
  for (let round = 0; round < 3; round++) {
    const result = await httpOperations(operations, drain);
    rates.push(result.perSecond);
    events = result.events;
  }
  const median = [...rates].sort((a, b) => a - b)[1] ?? 0;
  console.log(
    `${drain.padEnd(9)} ${Math.round(median)} client operations/s through HTTP, ` +
      `5 statements each (${events.toFixed(1)} events an operation, one core)`,
  );
}
