import type { Kysely } from "kysely";
import * as v from "valibot";
import {
  type EventMessage,
  eventMessage,
  type OutgoingMessage,
  readMessageBody,
} from "../../../patterns/event-message.ts";
import type { OrderState, OrderTables } from "../order-tables.ts";

/** The topic of all orders; an order's messages are in one partition. */
export const orderTopic = "orders";

/** What others are told of an order: how it stands. It is told twice, when it is placed and when it ends. */
export interface OrderNews {
  readonly orderId: string;
  readonly customerId: string;
  readonly amount: number;
  readonly state: OrderState;
}

const types = {
  PENDING: "order.placed",
  CONFIRMED: "order.confirmed",
  CANCELLED: "order.cancelled",
} as const satisfies Record<OrderState, string>;

/**
 * The message that tells of an order as it is in this transaction. An order ends once, under the lock of its row: so
 * its messages are the first and the second of their stream.
 */
export async function orderMessage(
  transaction: Kysely<OrderTables>,
  orderId: string,
): Promise<OutgoingMessage> {
  const { customer_id, amount, state } = await transaction
    .selectFrom("orders")
    .select(["customer_id", "amount", "state"])
    .where("id", "=", orderId)
    .executeTakeFirstOrThrow();
  const body = { orderId, customerId: customer_id, amount, state };
  const sequence = state === "PENDING" ? 1 : 2;
  return { topic: orderTopic, message: eventMessage(`order/${orderId}`, sequence, types[state], body) };
}

const bodySchema: v.GenericSchema<unknown, OrderNews> = v.object({
  orderId: v.string(),
  customerId: v.string(),
  amount: v.number(),
  state: v.picklist(["PENDING", "CONFIRMED", "CANCELLED"]),
});

/** Reads such a message. Throws `MalformedMessage`. */
export function readOrderMessage({ body }: EventMessage): OrderNews {
  return readMessageBody(bodySchema, body);
}
