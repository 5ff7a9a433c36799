import * as v from "valibot";
import { idSchema } from "../../patterns/bad-input.ts";

const nameSchema = v.pipe(
  v.string(),
  v.minLength(1, "is empty"),
  v.maxLength(200, "is longer than 200 characters"),
);
const emailSchema = v.pipe(v.string(), v.email("is no e-mail address"), v.maxLength(200, "is too long"));

// The largest that an integer column holds, less one for the version that follows.
const versionMax = 2_147_483_646;
const versionSchema = v.pipe(
  v.number(),
  v.safeInteger("is no integer"),
  v.minValue(1, "is below 1"),
  v.maxValue(versionMax, `is above ${versionMax}`),
);

/** A new user. Without an id the service draws one. */
export interface NewUser {
  readonly id?: string | undefined;
  readonly email: string;
  readonly name: string;
}

/** A change of a profile, and the version that it was made from. */
export interface ProfileChange {
  readonly expectedVersion: number;
  readonly email: string;
  readonly name: string;
}

/** The body of `POST /users`. */
export const newUserSchema: v.GenericSchema<unknown, NewUser> = v.strictObject({
  id: v.optional(idSchema),
  email: emailSchema,
  name: nameSchema,
});

/** The body of `PUT /users/:id`. */
export const profileChangeSchema: v.GenericSchema<unknown, ProfileChange> = v.strictObject({
  expectedVersion: versionSchema,
  email: emailSchema,
  name: nameSchema,
});
