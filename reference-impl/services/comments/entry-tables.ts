import type { Kysely } from "kysely";
import { createEventTables, type EventTables } from "../../patterns/event-tables.ts";
import { createRequestKeyTable, type RequestKeyTables } from "../../patterns/request-key.ts";

/** A comment, or a reply to one. */
export interface EntryRow {
  id: string;
  author: string;
  /** The comment that it replies to; null: it is a comment. */
  after_id: string | null;
  text: string;
}

/** The tables of the service that takes comments. */
export interface CommentTables extends EventTables, RequestKeyTables {
  entries: EntryRow;
}

/** Creates them. */
export async function createCommentTables(database: Kysely<unknown>): Promise<void> {
  await createEntryTable(database);
  await createEventTables(database);
  await createRequestKeyTable(database);
}

/** Creates the table of entries. */
export async function createEntryTable(database: Kysely<unknown>): Promise<void> {
  await database.schema
    .createTable("entries")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("author", "text", (column) => column.notNull())
    .addColumn("after_id", "text")
    .addColumn("text", "text", (column) => column.notNull())
    .execute();
}
