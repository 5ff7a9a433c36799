import * as v from "valibot";
import { idSchema } from "../../patterns/bad-input.ts";
import { amountSchema } from "../order/order-input.ts";

/** Money is to be taken for an order. */
export interface NewPayment {
  readonly orderId: string;
  readonly amount: number;
}

/** The body of `POST /payments`. */
export const newPaymentSchema: v.GenericSchema<unknown, NewPayment> = v.strictObject({
  orderId: idSchema,
  amount: amountSchema,
});
