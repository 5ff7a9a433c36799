import * as v from "valibot";
import { idSchema } from "../../patterns/bad-input.ts";

/** A customer is to be told something about an order. */
export interface NewNotification {
  readonly orderId: string;
  readonly customerId: string;
  readonly text: string;
}

/** The body of `POST /notifications`. */
export const newNotificationSchema: v.GenericSchema<unknown, NewNotification> = v.strictObject({
  orderId: idSchema,
  customerId: idSchema,
  text: v.pipe(v.string(), v.minLength(1, "is empty"), v.maxLength(1000, "is longer than 1000 characters")),
});
