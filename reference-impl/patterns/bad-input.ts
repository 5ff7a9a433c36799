import * as v from "valibot";
import { type Answer, errorAnswer } from "./answer.ts";

/** What came in, checked; or the 4xx that says what is wrong with it. */
export type Input<Value> =
  | { readonly good: true; readonly value: Value }
  | { readonly good: false; readonly answer: Answer };

/** Reads a JSON body. Whatever does not fit the schema is a 400 that names the field, never an exception. */
export async function readBody<Schema extends v.GenericSchema>(
  request: Request,
  schema: Schema,
): Promise<Input<v.InferOutput<Schema>>> {
  let body: unknown;
  try {
    body = JSON.parse(await request.text());
  } catch {
    return { good: false, answer: errorAnswer(400, "bad-json", "The body is not JSON.") };
  }
  const parsed = v.safeParse(schema, body);
  if (parsed.success) return { good: true, value: parsed.output };
  const issue = parsed.issues[0];
  const field = v.getDotPath(issue) ?? "body";
  return { good: false, answer: errorAnswer(400, "bad-body", `${field}: ${issue.message}`) };
}

const idForm = /^[A-Za-z0-9][A-Za-z0-9-]{0,63}$/;

/** Checks an id before any store sees it: what cannot be an id is a 400, not a crash of the driver. */
export function readId(id: string): Input<string> {
  if (idForm.test(id)) return { good: true, value: id };
  return {
    good: false,
    answer: errorAnswer(
      400,
      "bad-id",
      "An id has 1 to 64 letters, digits and hyphens, and starts with no hyphen.",
    ),
  };
}

/** The schema of an id in a body. */
export const idSchema: v.GenericSchema<string> = v.pipe(v.string(), v.regex(idForm, "is not an id"));

/** The schema of a request key: chosen by the caller, the same for every copy of one request. */
export const requestKeySchema: v.GenericSchema<string> = v.pipe(
  v.string(),
  v.minLength(1, "is empty"),
  v.maxLength(100, "is longer than 100 characters"),
);

/** Reads the `Idempotency-Key` header. */
export function readRequestKey(headers: Headers): Input<string> {
  const parsed = v.safeParse(requestKeySchema, headers.get("idempotency-key") ?? "");
  if (parsed.success) return { good: true, value: parsed.output };
  return {
    good: false,
    answer: errorAnswer(400, "bad-request-key", `Idempotency-Key: ${parsed.issues[0].message}`),
  };
}
