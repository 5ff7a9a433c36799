import type { TypeName } from "./column-type.ts";
import { compareDecimals, type Decimal, decimalKey } from "./decimal.ts";
import type { StoredValue } from "./stored-value.ts";
import { writeWalPosition } from "./wal-position.ts";

/** What node-postgres gives the client for a stored value of this type. */
export function writeOutput(type: TypeName, value: StoredValue): unknown {
  if (value === null) return null;
  switch (type) {
    case "bigint":
    case "numeric":
      return value.toString();
    case "timestamp with time zone":
      return new Date(Math.floor((value as number) / 1000));
    case "pg_lsn":
      return writeWalPosition(value as bigint);
    case "jsonb":
      return JSON.parse(value as string);
    default:
      return value;
  }
}

/** Orders two stored values of one type, neither of them null: below zero, zero or above zero. */
export function compareStored(a: StoredValue, b: StoredValue): number {
  if (typeof a === "object") return compareDecimals(a as Decimal, b as Decimal);
  if (a === b) return 0;
  if (typeof a === "string") return compareText(a, b as string);
  return (a as number) < (b as number) ? -1 : 1;
}

/** A value that is identical for equal stored values: the key of an index. */
export function indexKeyPart(value: StoredValue): number | bigint | string | boolean | null {
  return typeof value === "object" && value !== null ? decimalKey(value) : value;
}

/** By code points, as PostgreSQL's C collations order. */
function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const left = a.charCodeAt(i);
    const right = b.charCodeAt(i);
    if (left === right) continue;
    const leftSurrogate = left >= 0xd800 && left <= 0xdfff;
    const rightSurrogate = right >= 0xd800 && right <= 0xdfff;
    if (leftSurrogate !== rightSurrogate) return leftSurrogate ? 1 : -1;
    return left - right;
  }
  return a.length - b.length;
}
