import * as v from "valibot";
import { idSchema, requestKeySchema } from "../../patterns/bad-input.ts";

const amountMax = 1_000_000;

const whole = (least: number) =>
  v.pipe(
    v.number(),
    v.safeInteger("is no integer"),
    v.minValue(least, `is below ${least}`),
    v.maxValue(amountMax, `is above ${amountMax}`),
  );

const text = v.pipe(v.string(), v.regex(/\S/, "is blank"), v.maxLength(100, "is longer than 100 characters"));

/** A new product. Without an id the service draws one. */
export interface NewProduct {
  readonly id?: string | undefined;
  readonly name: string;
  /** In cents. */
  readonly price: number;
  readonly category: string;
  readonly stock: number;
  readonly requestKey: string;
}

/** Another price, and the version that it was made for: of any version unless given. */
export interface NewPrice {
  readonly price: number;
  readonly expectedVersion?: number | undefined;
  readonly requestKey: string;
}

/** So many pieces of a product are to be moved. */
export interface PieceMovement {
  readonly quantity: number;
  readonly requestKey: string;
}

/** The body of `POST /products`. */
export const newProductSchema: v.GenericSchema<unknown, NewProduct> = v.strictObject({
  id: v.optional(idSchema),
  name: text,
  price: whole(0),
  category: text,
  stock: v.optional(whole(0), 0),
  requestKey: requestKeySchema,
});

/** The body of `PUT /products/:id/price`. */
export const newPriceSchema: v.GenericSchema<unknown, NewPrice> = v.strictObject({
  price: whole(0),
  expectedVersion: v.optional(whole(1)),
  requestKey: requestKeySchema,
});

/** The body of a reservation, release, shipment or restock. */
export const pieceMovementSchema: v.GenericSchema<unknown, PieceMovement> = v.strictObject({
  quantity: whole(1),
  requestKey: requestKeySchema,
});
