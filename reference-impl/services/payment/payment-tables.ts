import type { Kysely } from "kysely";
import { createRequestKeyTable, type RequestKeyTables } from "../../patterns/request-key.ts";

/** A row of the ledger `payments`: money taken or given back. Rows are never changed. */
export interface PaymentRow {
  id: string;
  order_id: string;
  kind: "charge" | "refund";
  /** Above zero for both kinds. */
  amount: number;
  /** When, in microseconds on the clock of all services. */
  at: number;
}

/** The tables of the payment service's database. */
export interface PaymentTables extends RequestKeyTables {
  payments: PaymentRow;
}

/** Creates the payment service's tables. */
export async function createPaymentTables(database: Kysely<unknown>): Promise<void> {
  await database.schema
    .createTable("payments")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("order_id", "text", (column) => column.notNull())
    .addColumn("kind", "text", (column) => column.notNull())
    .addColumn("amount", "integer", (column) => column.notNull())
    .addColumn("at", "double precision", (column) => column.notNull())
    .execute();
  await database.schema.createIndex("payments_by_order").on("payments").column("order_id").execute();
  await createRequestKeyTable(database);
}
