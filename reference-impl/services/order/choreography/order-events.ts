import * as v from "valibot";
import { type EventData, readMessageBody } from "../../../patterns/event-message.ts";

/** The topics over which order, payment and inventory speak with each other. */
export const orderTopics = { orders: "orders", payments: "payments", stock: "stock" } as const;

/** So many pieces of an item. */
export interface OrderLine {
  readonly item: string;
  readonly quantity: number;
}

/** What `order.created` and `order.changed` tell. */
export interface OrderNews {
  readonly orderId: string;
  readonly contact: string;
  readonly lines: readonly OrderLine[];
  readonly amount: number;
}

/** What every message of the three services tells at least. */
export interface AboutOrder {
  readonly orderId: string;
}

const aboutOrderSchema: v.GenericSchema<unknown, AboutOrder> = v.object({ orderId: v.string() });

const orderNewsSchema: v.GenericSchema<unknown, OrderNews> = v.object({
  orderId: v.string(),
  contact: v.string(),
  lines: v.array(v.object({ item: v.string(), quantity: v.number() })),
  amount: v.number(),
});

/** Reads the body of a message about an order. Throws `MalformedMessage`. */
export function readAboutOrder(body: EventData): AboutOrder {
  return readMessageBody(aboutOrderSchema, body);
}

/** Reads the body of `order.created` or `order.changed`. Throws `MalformedMessage`. */
export function readOrderNews(body: EventData): OrderNews {
  return readMessageBody(orderNewsSchema, body);
}
