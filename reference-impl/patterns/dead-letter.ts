import type { Generated, Kysely } from "kysely";

/** A message that was set aside: it failed for reasons of its own, again and again. */
export interface ParkedRow {
  position: Generated<string>;
  consumer: string;
  message_id: string;
  stream: string;
  /** As it came, so that it can be handled once the reason is mended. */
  value: string;
  reason: string;
}

/** The table of parked messages, in the database of the service that consumes. */
export interface DeadLetterTables {
  parked_messages: ParkedRow;
}

/** Creates the table of parked messages. */
export async function createDeadLetterTable(database: Kysely<unknown>): Promise<void> {
  await database.schema
    .createTable("parked_messages")
    .addColumn("position", "bigserial", (column) => column.primaryKey())
    .addColumn("consumer", "text", (column) => column.notNull())
    .addColumn("message_id", "text", (column) => column.notNull())
    .addColumn("stream", "text", (column) => column.notNull())
    .addColumn("value", "text", (column) => column.notNull())
    .addColumn("reason", "text", (column) => column.notNull())
    .execute();
}

/** Sets a message aside, so that those behind it need not wait. */
export async function parkMessage(
  transaction: Kysely<DeadLetterTables>,
  row: Omit<ParkedRow, "position">,
): Promise<void> {
  await transaction.insertInto("parked_messages").values(row).execute();
}
