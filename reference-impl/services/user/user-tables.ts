import type { Kysely } from "kysely";
import { createRequestKeyTable, type RequestKeyTables } from "../../patterns/request-key.ts";

/** A row of `users`. */
export interface UserRow {
  id: string;
  version: number;
  email: string;
  name: string;
  /** ISO 8601. */
  created_at: string;
}

/** The tables of the user service's database. */
export interface UserTables extends RequestKeyTables {
  users: UserRow;
}

/** Creates the user service's tables. */
export async function createUserTables(database: Kysely<unknown>): Promise<void> {
  await database.schema
    .createTable("users")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("version", "integer", (column) => column.notNull())
    .addColumn("email", "text", (column) => column.notNull())
    .addColumn("name", "text", (column) => column.notNull())
    .addColumn("created_at", "text", (column) => column.notNull())
    .execute();
  await createRequestKeyTable(database);
}
