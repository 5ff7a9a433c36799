import type { Kysely } from "kysely";
import { createRequestKeyTable, type RequestKeyTables } from "../../patterns/request-key.ts";

/** A row of `items`: what lies in the store, what is promised to somebody, what has left. */
export interface ItemRow {
  id: string;
  stock: number;
  reserved: number;
  shipped: number;
}

/**
 * A row of the ledger `reservations`: what was done with pieces of one item for one order. Rows are never
 * changed. `reserve` and `release` are a pair, so are `ship` and `return` (back to reserved).
 */
export interface ReservationRow {
  id: string;
  order_id: string;
  item_id: string;
  kind: "reserve" | "release" | "ship" | "return";
  /** Above zero for all kinds. */
  quantity: number;
  /** When, in microseconds on the clock of all services. */
  at: number;
}

/** The tables of the inventory service's database. */
export interface InventoryTables extends RequestKeyTables {
  items: ItemRow;
  reservations: ReservationRow;
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
  await database.schema
    .createTable("reservations")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("order_id", "text", (column) => column.notNull())
    .addColumn("item_id", "text", (column) => column.notNull())
    .addColumn("kind", "text", (column) => column.notNull())
    .addColumn("quantity", "integer", (column) => column.notNull())
    .addColumn("at", "double precision", (column) => column.notNull())
    .execute();
  await database.schema.createIndex("reservations_by_order").on("reservations").column("order_id").execute();
  await createRequestKeyTable(database);
}
