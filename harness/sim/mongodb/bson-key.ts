import { isDate } from "node:util/types";
import { type BsonValue, isArray, isObjectId } from "./bson-value.ts";

/** A text that two values share exactly when MongoDB takes them for equal. For keys of indexes. */
export function bsonKey(value: BsonValue): string {
  if (typeof value === "string") return `s${value}`;
  if (typeof value === "number") return `n${value === 0 ? 0 : value}`;
  if (value === null) return "0";
  if (typeof value === "boolean") return value ? "t" : "f";
  if (isObjectId(value)) return `o${value.toHexString()}`;
  if (isDate(value)) return `d${value.getTime()}`;
  const parts = isArray(value)
    ? value.map(bsonKey)
    : Object.entries(value).map(([field, fieldValue]) => part(field) + bsonKey(fieldValue));
  return (isArray(value) ? "a" : "e") + parts.map(part).join("");
}

/** Parts of a compound key, put together so that no two lists of parts give one text. */
export function joinKeys(keys: readonly string[]): string {
  return keys.length === 1 ? (keys[0] ?? "") : keys.map(part).join("");
}

function part(text: string): string {
  return `${text.length}:${text}`;
}
