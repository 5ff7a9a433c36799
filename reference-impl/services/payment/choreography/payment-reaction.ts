import type { Kysely } from "kysely";
import { databasePart } from "../../../patterns/database-part.ts";
import type { Reaction } from "../../../patterns/event-driven.ts";
import { type EventData, eventMessage, type OutgoingMessage } from "../../../patterns/event-message.ts";
import { nextSequence, type StreamTables } from "../../../patterns/stream-sequence.ts";
import type { LedgerNeeds, ServiceNeeds } from "../../../service-needs.ts";
import { orderTopics, readAboutOrder, readOrderNews } from "../../order/choreography/order-events.ts";
import { paidAmount } from "../payment-store.ts";
import type { PaymentRow, PaymentTables } from "../payment-tables.ts";
import type { ChoreographedPaymentTables } from "./choreographed-payment-tables.ts";

/** Orders of more than this are not paid for. */
export const amountMax = 500;

/**
 * What the payment service does when an order was created or cancelled: takes the money, or refuses;
 * gives back what it took.
 */
export function paymentReaction(
  needs: ServiceNeeds<ChoreographedPaymentTables> & LedgerNeeds,
): Reaction<ChoreographedPaymentTables> {
  return async (transaction, { type, body }) => {
    if (type === "order.created") {
      const { orderId, amount } = readOrderNews(body);
      return await pay(needs, transaction, orderId, amount);
    }
    if (type === "order.cancelled") await refund(needs, transaction, readAboutOrder(body).orderId);
    return [];
  };
}

async function pay(
  needs: ServiceNeeds<ChoreographedPaymentTables> & LedgerNeeds,
  transaction: Kysely<ChoreographedPaymentTables>,
  orderId: string,
  amount: number,
): Promise<readonly OutgoingMessage[]> {
  if (amount > amountMax) return [await paymentMessage(transaction, orderId, "payment.refused", { amount })];
  const paymentId = needs.newId();
  await insertPayment(needs, transaction, { id: paymentId, order_id: orderId, kind: "charge", amount });
  return [await paymentMessage(transaction, orderId, "payment.processed", { paymentId, amount })];
}

async function refund(
  needs: ServiceNeeds<ChoreographedPaymentTables> & LedgerNeeds,
  transaction: Kysely<ChoreographedPaymentTables>,
  orderId: string,
): Promise<void> {
  const payments = databasePart<PaymentTables, ChoreographedPaymentTables>(transaction);
  const held = await paidAmount(payments, orderId);
  if (held === 0) return;
  const id = needs.newId();
  await insertPayment(needs, transaction, { id, order_id: orderId, kind: "refund", amount: held });
}

async function insertPayment(
  { nowUs }: ServiceNeeds<ChoreographedPaymentTables> & LedgerNeeds,
  transaction: Kysely<ChoreographedPaymentTables>,
  row: Omit<PaymentRow, "at">,
): Promise<void> {
  await transaction
    .insertInto("payments")
    .values({ ...row, at: nowUs() })
    .execute();
}

async function paymentMessage(
  transaction: Kysely<ChoreographedPaymentTables>,
  orderId: string,
  type: string,
  details: { readonly [field: string]: EventData },
): Promise<OutgoingMessage> {
  const stream = `payment/${orderId}`;
  const sequence = await nextSequence(
    databasePart<StreamTables, ChoreographedPaymentTables>(transaction),
    stream,
  );
  return {
    topic: orderTopics.payments,
    message: eventMessage(stream, sequence, type, { orderId, ...details }),
  };
}
