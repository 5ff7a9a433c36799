import type { Kysely } from "kysely";
import { createDeadLetterTable } from "./dead-letter.ts";
import type { ConsumerTables } from "./idempotent-consumer.ts";
import { createInboxTable } from "./inbox.ts";
import { createOutboxTables, type OutboxTables } from "./outbox.ts";
import { createStreamTable, type StreamTables } from "./stream-sequence.ts";

/** The tables that every service has which announces and consumes. */
export interface EventTables extends OutboxTables, StreamTables, ConsumerTables {}

/** Creates them. */
export async function createEventTables(database: Kysely<unknown>): Promise<void> {
  await createOutboxTables(database);
  await createStreamTable(database);
  await createConsumerTables(database);
}

/** Creates the tables of a service that consumes only. */
export async function createConsumerTables(database: Kysely<unknown>): Promise<void> {
  await createInboxTable(database);
  await createDeadLetterTable(database);
}
