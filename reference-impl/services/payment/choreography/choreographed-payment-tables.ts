import type { Kysely } from "kysely";
import { createEventTables, type EventTables } from "../../../patterns/event-tables.ts";
import { createPaymentTables, type PaymentTables } from "../payment-tables.ts";

/** The tables of the event-driven payment service: the ledger, and what it needs to listen and to tell. */
export interface ChoreographedPaymentTables extends PaymentTables, EventTables {}

/** Creates them. */
export async function createChoreographedPaymentTables(database: Kysely<unknown>): Promise<void> {
  await createPaymentTables(database);
  await createEventTables(database);
}
