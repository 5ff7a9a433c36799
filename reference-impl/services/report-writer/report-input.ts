import * as v from "valibot";
import { idSchema } from "../../patterns/bad-input.ts";

/** A lease as its client asks for it; the id is the client's own, the same for every copy of the request. */
export interface LeaseRequest {
  readonly id: string;
  readonly report: string;
}

/** The body of `POST /leases`. */
export const leaseRequestSchema: v.GenericSchema<unknown, LeaseRequest> = v.strictObject({
  id: idSchema,
  report: idSchema,
});

/** The body of `PUT /leases/:id/report`. */
export const reportBodySchema: v.GenericSchema<unknown, { readonly value: string }> = v.strictObject({
  value: v.pipe(v.string(), v.maxLength(1000, "is longer than 1000 characters")),
});
