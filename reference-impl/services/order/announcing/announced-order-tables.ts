import type { Kysely } from "kysely";
import { createEventTables, type EventTables } from "../../../patterns/event-tables.ts";
import { createOrderTables, type OrderTables } from "../order-tables.ts";

/** The tables of an order service that tells others of orders. */
export interface AnnouncedOrderTables extends OrderTables, EventTables {}

/** Creates them. */
export async function createAnnouncedOrderTables(database: Kysely<unknown>): Promise<void> {
  await createOrderTables(database);
  await createEventTables(database);
}
