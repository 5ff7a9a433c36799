import { type Generated, Kysely } from "kysely";
import { randomStream } from "../harness/random/random-stream.ts";
import { Network } from "../harness/sim/network.ts";
import { PostgresServer } from "../harness/sim/postgres/postgres-server.ts";
import { createSimPostgresDialect } from "../harness/sim/postgres/sim-postgres-dialect.ts";
import { Scheduler } from "../harness/sim/scheduler.ts";

// Speed of the PostgreSQL model straight through Kysely: transactions of five statements, eight clients,
// one core; what the processor time says counts where others use the machine too. `node bench/model-store.bench.ts [transactions]`; prints transactions and statements a second.

interface Tables {
  stock: { id: number; quantity: number; version: number };
  movement: { id: Generated<number>; stock_id: number; change: number; note: string | null };
}

const clients = 8;
const rows = 64;

async function main(): Promise<void> {
  const transactions = Number(process.argv[2] ?? 30_000);
  await measure("tick", transactions);
  for (const drain of ["tick", "immediate"] as const) await measure(drain, transactions, true);
}

async function measure(drain: "tick" | "immediate", transactions: number, print = false): Promise<void> {
  const root = { name: "bench", alive: true };
  const scheduler = new Scheduler(randomStream(1, "ranks"), root, drain);
  const latency = randomStream(1, "latency");
  const network = new Network(scheduler, () => latency.integer(100_000, 1_000_000));
  const random = randomStream(1, "server");
  const server = new PostgresServer({ scheduler, random, name: "db" });
  const { dialect } = createSimPostgresDialect({
    scheduler,
    network,
    server,
    clientNode: "service",
    owner: root,
    random: randomStream(1, "pool"),
    pool: { max: clients, queryTimeoutMs: 10_000 },
  });
  const db = new Kysely<Tables>({ dialect });
  const limits = { events: 1e12, timeNs: Number.POSITIVE_INFINITY };
  const prepared = { done: false };
  void prepare(db).then(() => {
    prepared.done = true;
  });
  await scheduler.drive(() => prepared.done, limits);
  const counts = { committed: 0, failed: 0 };
  const choice = randomStream(1, "choice");
  const cpu = process.cpuUsage();
  const startedMs = performance.now();
  for (let client = 0; client < clients; client++) {
    void (async () => {
      for (;;) {
        try {
          await transfer(db, choice.integer(1, rows), choice.integer(1, 5));
          counts.committed++;
        } catch {
          counts.failed++;
        }
      }
    })();
  }
  await scheduler.drive(() => counts.committed + counts.failed >= transactions, limits);
  const elapsed = (performance.now() - startedMs) / 1000;
  const used = process.cpuUsage(cpu);
  const perCpuSecond = Math.round(counts.committed / ((used.user + used.system) / 1e6));
  if (!print) return;
  const perSecond = Math.round(counts.committed / elapsed);
  console.log(
    `${drain.padEnd(9)} ${perSecond} transactions/s, ${perSecond * 5} statements/s, ${perCpuSecond} transactions per second of processor time, ${counts.failed} failed, ${scheduler.executed} events`,
  );
}

async function prepare(db: Kysely<Tables>): Promise<void> {
  await db.schema
    .createTable("stock")
    .addColumn("id", "integer", (column) => column.primaryKey())
    .addColumn("quantity", "integer", (column) => column.notNull())
    .addColumn("version", "integer", (column) => column.notNull().defaultTo(0))
    .execute();
  await db.schema
    .createTable("movement")
    .addColumn("id", "serial", (column) => column.primaryKey())
    .addColumn("stock_id", "integer", (column) => column.notNull().references("stock.id"))
    .addColumn("change", "integer", (column) => column.notNull())
    .addColumn("note", "text")
    .execute();
  const values = Array.from({ length: rows }, (_, index) => ({ id: index + 1, quantity: 1000, version: 0 }));
  await db.insertInto("stock").values(values).execute();
}

function transfer(db: Kysely<Tables>, id: number, change: number): Promise<void> {
  return db.transaction().execute(async (trx) => {
    await trx.selectFrom("stock").select(["id", "quantity"]).where("id", "=", id).executeTakeFirst();
    await trx
      .updateTable("stock")
      .set((eb) => ({ quantity: eb("quantity", "-", change), version: eb("version", "+", 1) }))
      .where("id", "=", id)
      .execute();
    const inserted = await trx
      .insertInto("movement")
      .values({ stock_id: id, change, note: "bench" })
      .returning("id")
      .executeTakeFirstOrThrow();
    await trx.selectFrom("movement").selectAll().where("id", "=", inserted.id).execute();
    await trx.deleteFrom("movement").where("id", "=", inserted.id).execute();
  });
}

await main();
