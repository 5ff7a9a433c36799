import type { Kysely } from "kysely";
import { createRequestKeyTable, type RequestKeyTables } from "../../patterns/request-key.ts";

/** A row of `items`: what lies in the store, what is promised to somebody, what has left. */
export interface ItemRow {
  id: string;
  stock: number;
  reserved: number;
  shipped: number;
}

/** The tables of the inventory service's database. */
export interface InventoryTables extends RequestKeyTables {
  items: ItemRow;
}

/** Creates the inventory service's tables. */
export async function createInventoryTables(database: Kysely<unknown>): Promise<void> {
  await database.schema
    .createTable("items")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("stock", "integer", (column) => column.notNull())
    .addColumn("reserved", "integer", (column) => column.notNull())
    .addColumn("shipped", "integer", (column) => column.notNull())
    .execute();
  await createRequestKeyTable(database);
}
