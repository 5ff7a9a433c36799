import { excerptOfValue } from "./excerpt.ts";
import type { Json, Operation, OperationError, OperationType } from "./operation.ts";
import type { LineProblem } from "./read-error.ts";

/** A parsed line: own fields only, of any shape. Made by `JSON.parse`, so `__proto__` is a plain field. */
export type ForeignFields = Readonly<Record<string, unknown>>;

/** What stands in for fields that a foreign line may leave out. */
export interface LineDefaults {
  readonly index: number;
  readonly time: number;
}

/** The `index` of a line, or the default, or what is wrong with it. */
export function indexOf(fields: ForeignFields, defaults: LineDefaults): number | LineProblem {
  const { index } = fields;
  if (index === undefined || index === null) return defaults.index;
  if (typeof index === "number" && Number.isSafeInteger(index) && index >= 0) return index;
  return wrongType("index", "a whole number from 0", index, "leave it out and lines are counted");
}

/** The `time` of a line in nanoseconds, or the default, or what is wrong with it. */
export function timeOf(fields: ForeignFields, defaults: LineDefaults): number | LineProblem {
  const { time } = fields;
  if (time === undefined || time === null) return defaults.time;
  if (typeof time === "number" && Number.isFinite(time) && time >= 0) return time;
  return wrongType("time", "nanoseconds since the start", time, "leave it out and the order of lines counts");
}

/**
 * A line of the type `invoke`, `ok`, `fail` or `info` as an operation, or the first thing that is wrong
 * with it. Unknown fields are ignored; `null` counts as absent except for `value`.
 */
export function operationOf(
  fields: ForeignFields,
  type: OperationType,
  defaults: LineDefaults,
): Operation | LineProblem {
  const { process, f, client, node, final } = fields;
  const index = indexOf(fields, defaults);
  if (typeof index !== "number") return index;
  const time = timeOf(fields, defaults);
  if (typeof time !== "number") return time;
  if (typeof process !== "string" && !Number.isSafeInteger(process)) {
    return wrongType("process", "a whole number or a string", process, "the thread that made the call");
  }
  if (typeof f !== "string" || f === "") {
    return wrongType("f", "the name of the function that was called", f, 'for example "read" or "update"');
  }
  if (!isAbsent(client) && !Number.isSafeInteger(client)) {
    return wrongType("client", "a whole number", client, "leave it out and the process is the session");
  }
  if (!isAbsent(node) && typeof node !== "string") {
    return wrongType("node", "a string", node, "the service that was called");
  }
  if (!isAbsent(final) && typeof final !== "boolean") {
    return wrongType("final", "true or false", final, "true marks a read after everything was healed");
  }
  const key = keyOf(fields.key);
  if (typeof key === "object") return key;
  const error = isAbsent(fields.error) ? undefined : errorOf(fields.error);
  if (error !== undefined && "expected" in error) return error;
  const operation: Writable<Operation> = { index, time, process: process as number | string, type, f };
  if (!isAbsent(client)) operation.client = client as number;
  if (key !== undefined) operation.key = key;
  if (fields.value !== undefined) operation.value = fields.value as Json;
  if (error !== undefined) operation.error = error;
  if (!isAbsent(node)) operation.node = node as string;
  if (final === true) operation.final = true;
  return operation;
}

/** Was this made by {@link wrongType} or {@link wrongValue}, that is, is it no event? */
export function isLineProblem(value: object): value is LineProblem {
  return "expected" in value;
}

/** A field that is missing or of the wrong type. */
export function wrongType(field: string, expected: string, found: unknown, hint: string): LineProblem {
  const code = found === undefined ? "missing-field" : "wrong-type";
  return { code, field, expected, found: excerptOfValue(found), hint };
}

/** A field of the right type with a value that means nothing here. */
export function wrongValue(field: string, expected: string, found: unknown, hint: string): LineProblem {
  return { code: "wrong-value", field, expected, found: excerptOfValue(found), hint };
}

type Writable<Shape> = { -readonly [Field in keyof Shape]: Shape[Field] };

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

function keyOf(key: unknown): string | undefined | LineProblem {
  if (typeof key === "string") return key;
  if (key === undefined || key === null) return undefined;
  if (typeof key === "number") return String(key);
  return wrongType("key", "a string or a number", key, "the one thing that the operation is about");
}

function errorOf(error: unknown): OperationError | LineProblem {
  if (typeof error === "string") return { code: error };
  const hint = 'either "timeout" or {"code":"timeout","message":"no answer in 2 s"}';
  if (typeof error !== "object" || error === null || Array.isArray(error)) {
    return wrongType("error", "a string or an object with a code", error, hint);
  }
  const { code, message } = error as ForeignFields;
  if (typeof code !== "string") return wrongType("error.code", "a string", code, hint);
  if (isAbsent(message)) return { code };
  if (typeof message !== "string") return wrongType("error.message", "a string", message, hint);
  return { code, message };
}
