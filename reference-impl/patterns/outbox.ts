import type { Generated, Kysely } from "kysely";
import { encodeMessage, type OutgoingMessage } from "./event-message.ts";

/** A message that must be published, in the database of the service that it comes from. */
export interface OutboxRow {
  /** Rises in the order of the inserts, which need not be the order of the commits. */
  position: Generated<string>;
  message_id: string;
  topic: string;
  stream: string;
  sequence: number;
  /** The encoded message. */
  value: string;
  published: boolean;
}

/** The tables of an outbox. */
export interface OutboxTables {
  outbox: OutboxRow;
  /** One row, which the relay at work holds locked. */
  outbox_relay: { name: string };
}

/** The name of the one row of `outbox_relay`. */
export const relayLockName = "relay";

/** Creates the tables of an outbox. */
export async function createOutboxTables(database: Kysely<unknown>): Promise<void> {
  await database.schema
    .createTable("outbox")
    .addColumn("position", "bigserial", (column) => column.primaryKey())
    .addColumn("message_id", "text", (column) => column.notNull().unique())
    .addColumn("topic", "text", (column) => column.notNull())
    .addColumn("stream", "text", (column) => column.notNull())
    .addColumn("sequence", "integer", (column) => column.notNull())
    .addColumn("value", "text", (column) => column.notNull())
    .addColumn("published", "boolean", (column) => column.notNull())
    .execute();
  await database.schema
    .createIndex("outbox_unpublished")
    .on("outbox")
    .columns(["published", "position"])
    .execute();
  await database.schema
    .createTable("outbox_relay")
    .addColumn("name", "text", (column) => column.primaryKey())
    .execute();
  const tables = database as Kysely<OutboxTables>;
  await tables.insertInto("outbox_relay").values({ name: relayLockName }).execute();
}

/**
 * Stores messages in the transaction of the change that they tell of: there is never one without the
 * other. The caller numbers the messages of a stream under the lock of a row (a version that a guarded
 * UPDATE counts up, or `nextSequence`): then a later message of a stream has a later position, and the
 * same number twice is an error (23505), not a gap.
 */
export async function appendToOutbox(
  transaction: Kysely<OutboxTables>,
  messages: readonly OutgoingMessage[],
): Promise<void> {
  if (messages.length === 0) return;
  await transaction
    .insertInto("outbox")
    .values(
      messages.map(({ topic, message }) => ({
        message_id: message.id,
        topic,
        stream: message.stream,
        sequence: message.sequence,
        value: encodeMessage(message),
        published: false,
      })),
    )
    .execute();
}
