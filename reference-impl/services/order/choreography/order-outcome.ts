import type { OrderStatus, PaymentAnswer, StockAnswer } from "./choreographed-order-tables.ts";

/** What the order service knows of the two services that it waits for. */
export interface OrderAnswers {
  readonly payment: PaymentAnswer;
  readonly stock: StockAnswer;
}

/** How messages of the two services are understood. */
export const answersOf: Readonly<Record<string, Partial<OrderAnswers>>> = {
  "payment.processed": { payment: "paid" },
  "payment.refused": { payment: "refused" },
  "inventory.reserved": { stock: "reserved" },
  "inventory.insufficient": { stock: "insufficient" },
};

/**
 * Where an order stands: it waits for both answers; then it is confirmed if both are good. While it
 * waits nothing is undone, so that the undoing has nothing to race with.
 */
export function statusOf({ payment, stock }: OrderAnswers): OrderStatus {
  if (payment === "waiting" || stock === "waiting") return "PENDING";
  return payment === "paid" && stock === "reserved" ? "CONFIRMED" : "CANCELLED";
}
