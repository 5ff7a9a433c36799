import * as v from "valibot";
import { idSchema } from "../../patterns/bad-input.ts";

/** Pieces of one item, for an order. */
export interface OrderedPieces {
  readonly itemId: string;
  readonly quantity: number;
}

/** Pieces are to be reserved for an order. */
export interface Reservation {
  readonly orderId: string;
  readonly items: readonly OrderedPieces[];
}

/** An order whose reserved pieces are to be sent off. */
export interface Shipment {
  readonly orderId: string;
}

const quantity = v.pipe(v.number(), v.safeInteger("is no integer"), v.minValue(1, "is below 1"));

/** The body of `POST /reservations`. */
export const reservationSchema: v.GenericSchema<unknown, Reservation> = v.strictObject({
  orderId: idSchema,
  items: v.pipe(
    v.array(v.strictObject({ itemId: idSchema, quantity: v.pipe(quantity, v.maxValue(1_000_000)) })),
    v.minLength(1, "is empty"),
    v.maxLength(50, "has more than 50 lines"),
  ),
});

/** The body of `POST /shipments`. */
export const shipmentSchema: v.GenericSchema<unknown, Shipment> = v.strictObject({ orderId: idSchema });
