import { isDate } from "node:util/types";
import { UnsupportedByMongodbModelError } from "./unsupported-by-mongodb-model-error.ts";

/** The part of the driver's ObjectId that the model uses. */
export interface BsonObjectId {
  readonly _bsontype: "ObjectId";
  toHexString(): string;
}

/** A document as it is stored. Stored documents are never changed: a write puts another in their place. */
export interface BsonDocument {
  readonly [field: string]: BsonValue;
}

/** A value as it is stored. */
export type BsonValue =
  | null
  | boolean
  | number
  | string
  | Date
  | BsonObjectId
  | readonly BsonValue[]
  | BsonDocument;

const SUPPORTED = "null, booleans, numbers, strings, dates, ObjectIds, arrays and plain objects";

/** How deep documents may be nested, as in MongoDB. */
const DEPTH_MAX = 100;

/** Is it an ObjectId of the driver? */
export function isObjectId(value: unknown): value is BsonObjectId {
  return (
    typeof value === "object" && value !== null && "_bsontype" in value && value._bsontype === "ObjectId"
  );
}

/** Is it an embedded document, and no date, id or array? */
export function isDocument(value: unknown): value is BsonDocument {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !isDate(value) &&
    !isObjectId(value)
  );
}

/** A field's value; undefined where there is none, whatever the name. */
export function fieldOf(document: BsonDocument, field: string): BsonValue | undefined {
  return Object.hasOwn(document, field) ? document[field] : undefined;
}

/** Is it an array? */
export function isArray(value: unknown): value is readonly BsonValue[] {
  return Array.isArray(value);
}

/**
 * A copy of what a caller handed in, as the driver would send it: `undefined` becomes null. Throws a
 * refusal for a value or field name that the model does not have. `path` says where, for its text.
 */
export function toBson(value: unknown, path: string, operators: "allowed" | "refused", depth = 0): BsonValue {
  if (value === null || value === undefined) return null;
  if (typeof value === "number" || typeof value === "string" || typeof value === "boolean") return value;
  if (depth > DEPTH_MAX)
    throw new UnsupportedByMongodbModelError(`${path} nested deeper`, `${DEPTH_MAX} levels`);
  if (typeof value !== "object")
    throw new UnsupportedByMongodbModelError(`${typeof value} at ${path}`, SUPPORTED);
  if (isDate(value)) return new Date(value.getTime());
  if (isObjectId(value)) return value;
  if (Array.isArray(value)) {
    return value.map((element, index) => toBson(element, `${path}.${index}`, operators, depth + 1));
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    const name = (value as object).constructor?.name ?? "object";
    throw new UnsupportedByMongodbModelError(`a ${name} at ${path}`, SUPPORTED);
  }
  const copy: Record<string, BsonValue> = {};
  for (const [field, fieldValue] of Object.entries(value)) {
    checkField(field, path, operators);
    copy[field] = toBson(fieldValue, path === "" ? field : `${path}.${field}`, operators, depth + 1);
  }
  return copy;
}

/** A copy of a document that was handed in; see {@link toBson}. */
export function toBsonDocument(value: unknown, what: string, operators: "allowed" | "refused"): BsonDocument {
  const copy = toBson(value, "", operators);
  if (!isDocument(copy))
    throw new UnsupportedByMongodbModelError(`${what} that is no object`, "plain objects");
  return copy;
}

/** A copy that a caller may keep and change. */
export function cloneBson<Value extends BsonValue>(value: Value): Value {
  return cloneValue(value) as Value;
}

function cloneValue(value: BsonValue): BsonValue {
  if (typeof value !== "object" || value === null) return value;
  if (isArray(value)) return value.map(cloneValue);
  if (isDate(value)) return new Date(value.getTime());
  if (isObjectId(value)) return value;
  const copy: Record<string, BsonValue> = {};
  for (const field in value) copy[field] = cloneValue((value as BsonDocument)[field] ?? null);
  return copy;
}

function checkField(field: string, path: string, operators: "allowed" | "refused"): void {
  if (field === "__proto__" || field.includes("\0")) {
    throw new UnsupportedByMongodbModelError(
      `the field name ${JSON.stringify(field)}`,
      "ordinary field names",
    );
  }
  if (operators === "refused" && (field.startsWith("$") || field.includes("."))) {
    const where = path === "" ? "" : ` in ${path}`;
    throw new UnsupportedByMongodbModelError(
      `a stored field named ${JSON.stringify(field)}${where}`,
      "names without dots that do not begin with $",
    );
  }
}
