import type { Kysely } from "kysely";

/** The messages that consumers have dealt with, in the database of the service that consumes. */
export interface InboxTables {
  inbox: { consumer: string; message_id: string; handled_at_ms: string };
}

/** Creates the table of an inbox. */
export async function createInboxTable(database: Kysely<unknown>): Promise<void> {
  await database.schema
    .createTable("inbox")
    .addColumn("consumer", "text", (column) => column.notNull())
    .addColumn("message_id", "text", (column) => column.notNull())
    .addColumn("handled_at_ms", "bigint", (column) => column.notNull())
    .addPrimaryKeyConstraint("inbox_pkey", ["consumer", "message_id"])
    .execute();
}

/**
 * Notes a message as dealt with; false where it was before. To be called in the transaction of the
 * effect: a copy that is handled at the same time then waits here until the first one has ended, also
 * where that one's COMMIT is still under way and its process has long gone.
 */
export async function admitMessage(
  transaction: Kysely<InboxTables>,
  consumer: string,
  messageId: string,
  nowMs: number,
): Promise<boolean> {
  const result = await transaction
    .insertInto("inbox")
    .values({ consumer, message_id: messageId, handled_at_ms: String(nowMs) })
    .onConflict((conflict) => conflict.columns(["consumer", "message_id"]).doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}

/** Forgets messages that were dealt with before a time: no copy of them may come any more. */
export async function forgetMessages(database: Kysely<InboxTables>, beforeMs: number): Promise<void> {
  await database.deleteFrom("inbox").where("handled_at_ms", "<", String(beforeMs)).execute();
}
