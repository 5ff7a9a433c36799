import { Kysely, PostgresDialect, sql } from "kysely";
import { Pool } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type RealPostgres, startRealPostgres } from "../../support/postgres/real-postgres.ts";
import { SimWorld } from "../../support/postgres/sim-world.ts";
import { surfaceStatements } from "../../support/postgres/surface-statements.ts";

// Types, defaults, errors and definitions, statement by statement, on the model and on a real PostgreSQL 18.

type Loose = Kysely<Record<string, Record<string, unknown>>>;

const world = new SimWorld();
const model = world.process("service").db as unknown as Loose;
let postgres: RealPostgres;
let pool: Pool;
let real: Loose;

beforeAll(async () => {
  postgres = await startRealPostgres();
  pool = new Pool({ connectionString: postgres.connectionString, max: 1 });
  // A connection that is being closed may be told that the server goes away, when nobody listens any more.
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));
  real = new Kysely({ dialect: new PostgresDialect({ pool }) });
});

afterAll(async () => {
  await real?.destroy();
  await postgres?.[Symbol.asyncDispose]();
});

const errorFields = [
  "name",
  "code",
  "severity",
  "message",
  "detail",
  "schema",
  "table",
  "column",
  "constraint",
] as const;

async function outcomeOf(work: () => Promise<unknown>): Promise<unknown> {
  try {
    return { result: await work() };
  } catch (error) {
    const fields = error as Record<string, unknown>;
    return { error: Object.fromEntries(errorFields.map((name) => [name, fields[name]])) };
  }
}

for (const [name, program] of Object.entries(surfaceStatements)) {
  test(name, async () => {
    const expected = await outcomeOf(() => program(real).execute());
    const seen = await outcomeOf(() => world.finish(program(model).execute()));
    expect(seen).toEqual(expected);
  });
}

test("the clock stands still within a transaction, and is the scheduler's", async () => {
  await world.finish(model.schema.createTable("moment").addColumn("at", "timestamptz").execute());
  const startedMs = 1_767_225_600_000 + Math.floor(world.scheduler.now / 1e6);
  const seen = await world.finish(
    model.transaction().execute(async (trx) => {
      const insert = () =>
        trx.insertInto("moment").values({ at: sql`now()` }).returning("at").executeTakeFirstOrThrow();
      const first = await insert();
      return [first, await insert()];
    }),
  );
  expect(seen[0]).toEqual(seen[1]);
  const at = seen[0]?.at;
  const shownMs = at instanceof Date ? at.getTime() : Number.NaN;
  expect(shownMs).toBeGreaterThanOrEqual(startedMs);
  expect(shownMs).toBeLessThan(startedMs + 10);
});
