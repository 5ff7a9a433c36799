import type { Kysely } from "kysely";

/** How many messages each stream has, for entities that have no version of their own to count by. */
export interface StreamTables {
  streams: { stream: string; last_sequence: number };
}

/** Creates the table of streams. */
export async function createStreamTable(database: Kysely<unknown>): Promise<void> {
  await database.schema
    .createTable("streams")
    .addColumn("stream", "text", (column) => column.primaryKey())
    .addColumn("last_sequence", "integer", (column) => column.notNull())
    .execute();
}

/** The number of a stream's next message. The stream is locked until the transaction ends. */
export async function nextSequence(transaction: Kysely<StreamTables>, stream: string): Promise<number> {
  const row = await transaction
    .insertInto("streams")
    .values({ stream, last_sequence: 1 })
    .onConflict((conflict) =>
      conflict.column("stream").doUpdateSet((eb) => ({ last_sequence: eb("streams.last_sequence", "+", 1) })),
    )
    .returning("last_sequence")
    .executeTakeFirstOrThrow();
  return row.last_sequence;
}
