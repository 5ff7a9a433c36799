import { type Kysely, sql } from "kysely";
import { describe, expect, test } from "vitest";
import { UnsupportedByPostgresModelError } from "../../../harness/sim/postgres/unsupported-by-postgres-model-error.ts";
import { SimWorld, type WorldTables } from "../../support/postgres/sim-world.ts";

type Attempt = (db: Kysely<WorldTables>) => { execute(): Promise<unknown> };

const refused: Readonly<Record<string, readonly [Attempt, string]>> = {
  "update … from": [
    (db) => db.updateTable("account").from("account as other").set({ balance: 1 }),
    "UpdateQueryNode.from",
  ],
  "delete … using": [(db) => db.deleteFrom("account").using("account as other"), "DeleteQueryNode.using"],
  distinct: [(db) => db.selectFrom("account").select("id").distinct(), "SelectQueryNode.frontModifiers"],
  "distinct on": [
    (db) => db.selectFrom("account").select("id").distinctOn("id"),
    "SelectQueryNode.distinctOn",
  ],
  "a common table expression": [
    (db) =>
      db
        .with("rich", (qb) => qb.selectFrom("account").selectAll())
        .selectFrom("rich")
        .selectAll(),
    "SelectQueryNode.with",
  ],
  "a subquery": [
    (db) => db.selectFrom("account").selectAll().where("id", "in", db.selectFrom("account").select("id")),
    "SelectQueryNode",
  ],
  union: [
    (db) => db.selectFrom("account").select("id").union(db.selectFrom("account").select("id")),
    "SelectQueryNode.setOperations",
  ],
  having: [
    (db) => db.selectFrom("account").select("id").groupBy("id").having("id", ">", 1),
    "SelectQueryNode.having",
  ],
  "a raw statement": [(db) => ({ execute: () => sql`truncate account`.execute(db) }), "truncate account"],
  "a fragment with a subquery": [
    (db) => db.selectFrom("account").select(sql<number>`(select 1)`.as("one")),
    "(select 1)",
  ],
  "a regular expression": [
    (db) => db.selectFrom("account").selectAll().where("note", "~", "x"),
    "the operator ~",
  ],
  "another function": [
    (db) => db.selectFrom("account").select((eb) => eb.fn<string>("upper", ["note"]).as("note")),
    "FunctionNode.func upper",
  ],
  "a cascade": [
    (db) =>
      db.schema
        .createTable("child")
        .addColumn("id", "integer", (column) => column.references("account.id").onDelete("cascade")),
    "cascade",
  ],
  "a partial index": [
    (db) => db.schema.createIndex("i").on("account").column("id").where("id", ">", 0),
    "CreateIndexNode.where",
  ],
  "an unknown type": [(db) => db.schema.createTable("t").addColumn("at", sql`interval`), "interval"],
  "another schema": [(db) => db.withSchema("other").selectFrom("account").selectAll(), 'the schema "other"'],
  "alter table": [(db) => db.schema.alterTable("account").addColumn("x", "integer"), "AlterTableNode"],
  "joins that lock": [
    (db) =>
      db
        .selectFrom("account")
        .innerJoin("account as other", "other.id", "account.id")
        .selectAll("account")
        .forUpdate(),
    "a locking clause with joins",
  ],
};

describe("what the model does not interpret is refused before it is sent", () => {
  for (const [name, [attempt, named]] of Object.entries(refused)) {
    test(name, async () => {
      const world = new SimWorld();
      await world.setUp();
      const { db } = world.process("service");
      const error: unknown = await (async () => world.finish(attempt(db).execute()))().catch(
        (thrown: unknown) => thrown,
      );
      expect(error).toBeInstanceOf(UnsupportedByPostgresModelError);
      expect((error as Error).message).toContain("not supported by the PostgreSQL model: ");
      expect((error as Error).message).toContain(named);
      expect((error as Error).message).toContain("; supported are ");
      expect(world.server.refusals).toHaveLength(1);
    });
  }
});

test("SQL text is there for who asks for it", () => {
  const { db } = new SimWorld().process("service");
  const query = db.selectFrom("account").select("id").where("balance", ">", 5).compile();
  expect(query.sql).toBe('select "id" from "account" where "balance" > $1');
  expect(query.parameters).toEqual([5]);
});
