import type { Kysely } from "kysely";
import { createEventTables, type EventTables } from "../../../patterns/event-tables.ts";
import { createUserTables, type UserTables } from "../user-tables.ts";

/** A profile as it was stored once. Rows are never changed. */
export interface ProfileChangeRow {
  user_id: string;
  version: number;
  email: string;
  name: string;
}

/** The tables of a user service that tells others of profiles. */
export interface AnnouncedUserTables extends UserTables, EventTables {
  /** Every profile that there ever was: what an auditor asks for. Nothing is announced from it. */
  profile_changes: ProfileChangeRow;
}

/** Creates them. */
export async function createAnnouncedUserTables(database: Kysely<unknown>): Promise<void> {
  await createUserTables(database);
  await createEventTables(database);
  await database.schema
    .createTable("profile_changes")
    .addColumn("user_id", "text", (column) => column.notNull())
    .addColumn("version", "integer", (column) => column.notNull())
    .addColumn("email", "text", (column) => column.notNull())
    .addColumn("name", "text", (column) => column.notNull())
    .addPrimaryKeyConstraint("profile_changes_pkey", ["user_id", "version"])
    .execute();
}
