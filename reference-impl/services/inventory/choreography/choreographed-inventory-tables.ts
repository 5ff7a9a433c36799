import type { Kysely } from "kysely";
import { createEventTables, type EventTables } from "../../../patterns/event-tables.ts";
import { createInventoryTables, type InventoryTables } from "../inventory-tables.ts";

/** The tables of the event-driven inventory service: items, ledger, and what it needs to listen and to tell. */
export interface ChoreographedInventoryTables extends InventoryTables, EventTables {}

/** Creates them. */
export async function createChoreographedInventoryTables(database: Kysely<unknown>): Promise<void> {
  await createInventoryTables(database);
  await createEventTables(database);
}
