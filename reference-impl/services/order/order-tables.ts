import type { Kysely } from "kysely";
import { createRequestKeyTable, type RequestKeyTables } from "../../patterns/request-key.ts";

/**
 * `PENDING`: a semantic lock, somebody is still working on the order. The other two are final.
 */
export type OrderState = "PENDING" | "CONFIRMED" | "CANCELLED";

/** A row of `orders`. */
export interface OrderRow {
  id: string;
  customer_id: string;
  /** JSON text of the order's lines. */
  items: string;
  /** The sum of price times quantity. */
  amount: number;
  state: OrderState;
  /** When it became PENDING, in microseconds on the clock of all services. */
  created_at: number;
  /** When it became CONFIRMED or CANCELLED; null before. */
  ended_at: number | null;
}

/** The tables of the order service's database. */
export interface OrderTables extends RequestKeyTables {
  orders: OrderRow;
}

/** Creates the order service's tables. */
export async function createOrderTables(database: Kysely<unknown>): Promise<void> {
  await database.schema
    .createTable("orders")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("customer_id", "text", (column) => column.notNull())
    .addColumn("items", "text", (column) => column.notNull())
    .addColumn("amount", "integer", (column) => column.notNull())
    .addColumn("state", "text", (column) => column.notNull())
    .addColumn("created_at", "double precision", (column) => column.notNull())
    .addColumn("ended_at", "double precision")
    .execute();
  await createRequestKeyTable(database);
}
