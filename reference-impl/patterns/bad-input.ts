import * as v from "valibot";
import { type Answer, errorAnswer } from "./answer.ts";

/** What came in, checked; or the 4xx that says what is wrong with it. */
export type Input<Value> =
  | { readonly good: true; readonly value: Value }
  | { readonly good: false; readonly answer: Answer };

/** More than the largest body that any service takes, in bytes. */
const bodyBytesMax = 64 * 1024;

/** Refuses a body that is longer than any good one, or does not say how long it is, before it is read; null: read it. */
export function refuseLongBody({ headers }: Request): Answer | null {
  if (headers.has("transfer-encoding")) {
    return errorAnswer(411, "length-required", "A body needs a Content-Length header.");
  }
  if (Number(headers.get("content-length") ?? 0) <= bodyBytesMax) return null;
  return errorAnswer(413, "body-too-long", `A body has at most ${bodyBytesMax} bytes.`);
}

/** Reads a JSON body. Whatever does not fit the schema is a 4xx that names the field, never an exception. */
export async function readBody<Schema extends v.GenericSchema>(
  request: Request,
  schema: Schema,
): Promise<Input<v.InferOutput<Schema>>> {
  const refusal = refuseLongBody(request);
  if (refusal !== null) return { good: false, answer: refusal };
  let body: unknown;
  try {
    body = JSON.parse(await request.text());
  } catch {
    return { good: false, answer: errorAnswer(400, "bad-json", "The body is not JSON.") };
  }
  const parsed = v.safeParse(schema, body);
  if (!parsed.success) {
    const issue = parsed.issues[0];
    return badField(v.getDotPath(issue) ?? "body", issue.message);
  }
  const field = unstorableText(parsed.output, "");
  if (field !== null) return badField(field, "holds a character that cannot be stored");
  return { good: true, value: parsed.output };
}

function badField(field: string, what: string): Input<never> {
  return { good: false, answer: errorAnswer(400, "bad-body", `${field}: ${what}`) };
}

/**
 * The place of the first text that a store would refuse or change, null where there is none: PostgreSQL takes no zero
 * character, and half of a surrogate pair is replaced on the way to any store.
 */
function unstorableText(value: unknown, path: string): string | null {
  if (typeof value === "string") {
    return value.includes("\0") || !value.isWellFormed() ? path || "body" : null;
  }
  if (typeof value !== "object" || value === null) return null;
  for (const [name, field] of Object.entries(value)) {
    const found = unstorableText(field, path === "" ? name : `${path}.${name}`);
    if (found !== null) return found;
  }
  return null;
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
