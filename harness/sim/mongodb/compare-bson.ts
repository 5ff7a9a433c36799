import { isDate } from "node:util/types";
import { type BsonDocument, type BsonValue, isArray, isObjectId } from "./bson-value.ts";

/** The place of a value's type in MongoDB's order of types; values of one place compare by value. */
export function typeOrder(value: BsonValue): number {
  if (value === null) return 1;
  if (typeof value === "number") return 2;
  if (typeof value === "string") return 3;
  if (typeof value === "boolean") return 7;
  if (isArray(value)) return 5;
  if (isDate(value)) return 8;
  return isObjectId(value) ? 6 : 4;
}

/** MongoDB's name of a value's type. */
export function typeName(value: BsonValue): string {
  if (typeof value === "number")
    return Number.isInteger(value) && Math.abs(value) < 2 ** 31 ? "int" : "double";
  const names = ["", "null", "", "string", "object", "array", "objectId", "bool", "date"];
  return names[typeOrder(value)] ?? "";
}

/**
 * Negative, zero or positive: MongoDB's order of any two values. Strings by code points; documents field
 * by field in their order; NaN is below all numbers.
 */
export function compareBson(left: BsonValue, right: BsonValue): number {
  const type = typeOrder(left);
  const difference = type - typeOrder(right);
  if (difference !== 0) return difference;
  switch (type) {
    case 1:
      return 0;
    case 2:
      return compareNumbers(left as number, right as number);
    case 3:
      return compareText(left as string, right as string);
    case 4:
      return compareDocuments(left as BsonDocument, right as BsonDocument);
    case 5:
      return compareArrays(left as readonly BsonValue[], right as readonly BsonValue[]);
    case 6:
      return isObjectId(left) && isObjectId(right) ? compareText(left.toHexString(), right.toHexString()) : 0;
    default:
      return Number(left) - Number(right);
  }
}

/** Are the values equal in MongoDB's order? */
export function equalBson(left: BsonValue, right: BsonValue): boolean {
  if (typeof left === "string" || typeof left === "boolean") return left === right;
  return compareBson(left, right) === 0;
}

function compareNumbers(left: number, right: number): number {
  if (left < right) return -1;
  if (left > right) return 1;
  if (left === right) return 0;
  return Number(Number.isNaN(right)) - Number(Number.isNaN(left));
}

function compareText(left: string, right: string): number {
  if (left === right) return 0;
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index++) {
    const a = left.charCodeAt(index);
    const b = right.charCodeAt(index);
    if (a === b) continue;
    // Surrogates stand for code points above all others.
    const aSurrogate = (a & 0xf800) === 0xd800;
    const bSurrogate = (b & 0xf800) === 0xd800;
    return aSurrogate === bSurrogate ? a - b : aSurrogate ? 1 : -1;
  }
  return left.length - right.length;
}

function compareArrays(left: readonly BsonValue[], right: readonly BsonValue[]): number {
  for (const [index, element] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    const difference = compareBson(element, other);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

function compareDocuments(left: BsonDocument, right: BsonDocument): number {
  const rights = Object.entries(right);
  const lefts = Object.entries(left);
  for (const [index, [field, value]] of lefts.entries()) {
    const other = rights[index];
    if (other === undefined) return 1;
    const difference =
      typeOrder(value) - typeOrder(other[1]) || compareText(field, other[0]) || compareBson(value, other[1]);
    if (difference !== 0) return difference;
  }
  return lefts.length - rights.length;
}
