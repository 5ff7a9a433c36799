import * as v from "valibot";
import { idSchema, requestKeySchema } from "../../../patterns/bad-input.ts";
import type { OrderLine } from "./order-events.ts";

/** A new order. */
export interface NewOrder {
  readonly id: string;
  /** Where its notices go; whether they get there is for the notification service to find out. */
  readonly contact: string;
  readonly lines: readonly OrderLine[];
  readonly amount: number;
  readonly requestKey: string;
}

/** A change of an order. */
export interface OrderChange {
  readonly contact: string;
  readonly requestKey: string;
}

const contact = v.pipe(v.string(), v.maxLength(100, "is longer than 100 characters"));

const positive = v.pipe(
  v.number(),
  v.safeInteger("is no integer"),
  v.minValue(1, "is below 1"),
  v.maxValue(1_000_000, "is above 1000000"),
);

/** The body of `POST /orders`. */
export const newOrderSchema: v.GenericSchema<unknown, NewOrder> = v.strictObject({
  id: idSchema,
  contact,
  lines: v.pipe(
    v.array(v.strictObject({ item: idSchema, quantity: positive })),
    v.minLength(1, "is empty"),
    v.maxLength(20, "has more than 20 lines"),
  ),
  amount: positive,
  requestKey: requestKeySchema,
});

/** The body of `POST /orders/:id/changes`. */
export const orderChangeSchema: v.GenericSchema<unknown, OrderChange> = v.strictObject({
  contact,
  requestKey: requestKeySchema,
});
