import { type Kysely, sql } from "kysely";
import type { WorldTables } from "./sim-world.ts";

/** What a replica refuses, and the code with which it does: the same on the model and on a real standby. */
export const replicaRefusals: readonly [string, (db: Kysely<WorldTables>) => Promise<unknown>, string][] = [
  ["insert", (db) => db.insertInto("account").values({ id: 3, balance: 1, note: null }).execute(), "25006"],
  ["update", (db) => db.updateTable("account").set({ balance: 0 }).execute(), "25006"],
  ["delete", (db) => db.deleteFrom("account").execute(), "25006"],
  ["lock", (db) => db.selectFrom("account").selectAll().forUpdate().execute(), "25006"],
  ["define", (db) => db.schema.createTable("t").addColumn("id", "integer").execute(), "25006"],
  [
    "serialize",
    (db) =>
      db
        .transaction()
        .setIsolationLevel("serializable")
        .execute((trx) => trx.selectFrom("account").selectAll().execute()),
    "0A000",
  ],
  ["current position", (db) => db.selectNoFrom(sql`pg_current_wal_lsn()`.as("lsn")).execute(), "55000"],
  ["bad position", (db) => db.selectNoFrom(sql`${"x"}::pg_lsn`.as("lsn")).execute(), "22P02"],
];
