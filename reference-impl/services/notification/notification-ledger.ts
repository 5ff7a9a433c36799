import type { Kysely } from "kysely";
import { type Answer, jsonAnswer } from "../../patterns/answer.ts";
import { createRequestKeyTable, type RequestKeyTables } from "../../patterns/request-key.ts";
import type { NewNotification } from "./notification-input.ts";

/** A row of the ledger `notifications`: a message that was handed on to the customer. */
export interface NotificationRow {
  id: string;
  order_id: string;
  customer_id: string;
  text: string;
  /** When, in microseconds on the clock of all services. */
  at: number;
}

/** The tables of a notification service that is asked over HTTP. */
export interface NotificationLedgerTables extends RequestKeyTables {
  notifications: NotificationRow;
}

/** Creates them. */
export async function createNotificationLedger(database: Kysely<unknown>): Promise<void> {
  await database.schema
    .createTable("notifications")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("order_id", "text", (column) => column.notNull())
    .addColumn("customer_id", "text", (column) => column.notNull())
    .addColumn("text", "text", (column) => column.notNull())
    .addColumn("at", "double precision", (column) => column.notNull())
    .execute();
  await createRequestKeyTable(database);
}

/** Stores a notification: from here it goes to the customer. */
export async function insertNotification(
  transaction: Kysely<NotificationLedgerTables>,
  { orderId, customerId, text }: NewNotification,
  entry: { readonly id: string; readonly atUs: number },
): Promise<Answer> {
  const row = { id: entry.id, order_id: orderId, customer_id: customerId, text, at: entry.atUs };
  await transaction.insertInto("notifications").values(row).execute();
  return jsonAnswer(201, { notificationId: entry.id, orderId });
}
