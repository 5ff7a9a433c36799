import type { Kysely } from "kysely";
import { createEventTables, type EventTables } from "../../../patterns/event-tables.ts";
import { createRequestKeyTable, type RequestKeyTables } from "../../../patterns/request-key.ts";

/** Where an order stands. */
export type OrderStatus = "PENDING" | "CONFIRMED" | "CANCELLED";

/** What the order service knows of the payment. */
export type PaymentAnswer = "waiting" | "paid" | "refused";

/** What the order service knows of the stock. */
export type StockAnswer = "waiting" | "reserved" | "insufficient";

/** A row of `orders`. */
export interface ChoreographedOrderRow {
  id: string;
  /** How many messages tell of it: the sequence of the last one. */
  version: number;
  contact: string;
  /** JSON text of its lines. */
  lines: string;
  amount: number;
  status: OrderStatus;
  payment: PaymentAnswer;
  stock: StockAnswer;
}

/** The tables of the event-driven order service. */
export interface ChoreographedOrderTables extends EventTables, RequestKeyTables {
  orders: ChoreographedOrderRow;
}

/** Creates them. */
export async function createChoreographedOrderTables(database: Kysely<unknown>): Promise<void> {
  await database.schema
    .createTable("orders")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("version", "integer", (column) => column.notNull())
    .addColumn("contact", "text", (column) => column.notNull())
    .addColumn("lines", "text", (column) => column.notNull())
    .addColumn("amount", "integer", (column) => column.notNull())
    .addColumn("status", "text", (column) => column.notNull())
    .addColumn("payment", "text", (column) => column.notNull())
    .addColumn("stock", "text", (column) => column.notNull())
    .execute();
  await createEventTables(database);
  await createRequestKeyTable(database);
}
