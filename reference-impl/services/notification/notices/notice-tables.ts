import type { Generated, Kysely } from "kysely";
import { createConsumerTables } from "../../../patterns/event-tables.ts";
import type { ConsumerTables } from "../../../patterns/idempotent-consumer.ts";

/** A row of `notices`: a notice that goes to a customer. Nothing keeps it from being there twice. */
export interface NoticeRow {
  position: Generated<string>;
  stream: string;
  message_id: string;
  contact: string;
  text: string;
}

/** The tables of a notification service that consumes only. */
export interface NoticeTables extends ConsumerTables {
  notices: NoticeRow;
}

/** Creates them. */
export async function createNoticeTables(database: Kysely<unknown>): Promise<void> {
  await database.schema
    .createTable("notices")
    .addColumn("position", "bigserial", (column) => column.primaryKey())
    .addColumn("stream", "text", (column) => column.notNull())
    .addColumn("message_id", "text", (column) => column.notNull())
    .addColumn("contact", "text", (column) => column.notNull())
    .addColumn("text", "text", (column) => column.notNull())
    .execute();
  await createConsumerTables(database);
}
