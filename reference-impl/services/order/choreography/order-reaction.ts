import type { Kysely } from "kysely";
import type { Reaction } from "../../../patterns/event-driven.ts";
import type { OutgoingMessage } from "../../../patterns/event-message.ts";
import { orderMessage } from "./choreographed-order-store.ts";
import type { ChoreographedOrderTables } from "./choreographed-order-tables.ts";
import { readAboutOrder } from "./order-events.ts";
import { type OrderAnswers, statusOf } from "./order-outcome.ts";

const messageTypes = { CONFIRMED: "order.confirmed", CANCELLED: "order.cancelled" } as const;

/**
 * What the order service does when payment or inventory has answered: notes the answer, and ends the
 * order when it was the second one. `answersOf`: which messages are answers. Others are none of its
 * business.
 */
export function orderReaction(
  answersOf: Readonly<Record<string, Partial<OrderAnswers>>>,
): Reaction<ChoreographedOrderTables> {
  return async (transaction, { type, body }) => {
    const answer = Object.hasOwn(answersOf, type) ? answersOf[type] : undefined;
    if (answer === undefined) return [];
    return await noteAnswer(transaction, readAboutOrder(body).orderId, answer);
  };
}

async function noteAnswer(
  transaction: Kysely<ChoreographedOrderTables>,
  id: string,
  answer: Partial<OrderAnswers>,
): Promise<readonly OutgoingMessage[]> {
  const found = await transaction
    .selectFrom("orders")
    .selectAll()
    .where("id", "=", id)
    .forUpdate()
    .executeTakeFirst();
  // An order that has ended stays as it is, whoever answers once more.
  if (found === undefined || found.status !== "PENDING") return [];
  const answers = { payment: found.payment, stock: found.stock, ...answer };
  const status = statusOf(answers);
  const version = status === "PENDING" ? found.version : found.version + 1;
  await transaction
    .updateTable("orders")
    .set({ ...answers, status, version })
    .where("id", "=", id)
    .execute();
  if (status === "PENDING") return [];
  return [orderMessage({ ...found, ...answers, status, version }, messageTypes[status])];
}
