import * as v from "valibot";
import { idSchema } from "../../patterns/bad-input.ts";

/** One line of an order. */
export interface OrderLine {
  readonly itemId: string;
  readonly quantity: number;
  /** Of one piece, in whole units of money. */
  readonly price: number;
}

/** A new order. Whoever places it chooses its id. */
export interface NewOrder {
  readonly orderId: string;
  readonly customerId: string;
  readonly items: readonly OrderLine[];
}

const whole = (least: number, most: number) =>
  v.pipe(
    v.number(),
    v.safeInteger("is no integer"),
    v.minValue(least, `is below ${least}`),
    v.maxValue(most, `is above ${most}`),
  );

/** The schema of an amount of money. */
export const amountSchema: v.GenericSchema<number> = whole(1, 1_000_000_000);

const linesSchema = v.pipe(
  v.array(v.strictObject({ itemId: idSchema, quantity: whole(1, 1000), price: whole(1, 10_000) })),
  v.minLength(1, "is empty"),
  v.maxLength(50, "has more than 50 lines"),
);

/** The body of `POST /orders`. */
export const newOrderSchema: v.GenericSchema<unknown, NewOrder> = v.strictObject({
  orderId: idSchema,
  customerId: idSchema,
  items: linesSchema,
});

/** What the customer has to pay. */
export function orderAmount(items: readonly OrderLine[]): number {
  return items.reduce((sum, { quantity, price }) => sum + quantity * price, 0);
}
