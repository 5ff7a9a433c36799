import * as v from "valibot";
import { idSchema, requestKeySchema } from "../../patterns/bad-input.ts";

const amount = (least: number) =>
  v.pipe(
    v.number(),
    v.safeInteger("is no integer"),
    v.minValue(least, `is below ${least}`),
    v.maxValue(1_000_000, "is above 1000000"),
  );

/** A new item. */
export interface NewItem {
  readonly id: string;
  readonly stock: number;
  readonly requestKey: string;
}

/** So many pieces of an item are to be moved. */
export interface Movement {
  readonly quantity: number;
  readonly requestKey: string;
}

/** The body of `POST /items`. */
export const newItemSchema: v.GenericSchema<unknown, NewItem> = v.strictObject({
  id: idSchema,
  stock: amount(0),
  requestKey: requestKeySchema,
});

/** The body of a reservation, release, shipment or restock. */
export const movementSchema: v.GenericSchema<unknown, Movement> = v.strictObject({
  quantity: amount(1),
  requestKey: requestKeySchema,
});
