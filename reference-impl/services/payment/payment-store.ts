import type { Kysely } from "kysely";
import { type Answer, errorAnswer, jsonAnswer } from "../../patterns/answer.ts";
import type { NewPayment } from "./payment-input.ts";
import type { PaymentTables } from "./payment-tables.ts";

/** A row of the ledger that is to be: its id, and when. */
export interface LedgerEntry {
  readonly id: string;
  readonly atUs: number;
}

/** The bank takes no more than this for one order. */
export const paymentMax = 1000;

/** Takes the money of an order, or says why not. */
export async function charge(
  transaction: Kysely<PaymentTables>,
  { orderId, amount }: NewPayment,
  entry: LedgerEntry,
): Promise<Answer> {
  if (amount > paymentMax) {
    return errorAnswer(409, "payment-refused", `More than ${paymentMax} is not taken for one order.`);
  }
  const row = { id: entry.id, order_id: orderId, kind: "charge" as const, amount, at: entry.atUs };
  await transaction.insertInto("payments").values(row).execute();
  return jsonAnswer(201, { paymentId: entry.id, orderId, amount });
}

/** Gives back what was taken for an order and not given back yet. */
export async function refund(
  transaction: Kysely<PaymentTables>,
  orderId: string,
  entry: LedgerEntry,
): Promise<Answer> {
  const amount = await paidAmount(transaction, orderId);
  if (amount > 0) {
    const row = { id: entry.id, order_id: orderId, kind: "refund" as const, amount, at: entry.atUs };
    await transaction.insertInto("payments").values(row).execute();
  }
  return jsonAnswer(200, { orderId, refunded: amount });
}

/** What is paid for an order: what was taken less what was given back. */
export async function paidAmount(database: Kysely<PaymentTables>, orderId: string): Promise<number> {
  const rows = await database
    .selectFrom("payments")
    .select(["kind", "amount"])
    .where("order_id", "=", orderId)
    .execute();
  return rows.reduce((sum, { kind, amount }) => sum + (kind === "charge" ? amount : -amount), 0);
}
