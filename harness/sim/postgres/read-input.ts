import { canonicalJson } from "./canonical-json.ts";
import type { ColumnType, TypeName } from "./column-type.ts";
import { parseDecimal, rescaleDecimal } from "./decimal.ts";
import { PostgresError } from "./postgres-error.ts";
import type { StoredValue } from "./stored-value.ts";
import { parseTimestamp } from "./timestamp.ts";
import { readWalPosition } from "./wal-position.ts";

/**
 * Turns a JavaScript value into a stored one, as node-postgres' text conversion and PostgreSQL's input
 * function of the type do together. Throws 22P02, 22003, 22007, 22001, 22021 or 22P05 as they do.
 */
export function readInput(type: ColumnType, value: unknown): StoredValue {
  if (value === null || value === undefined) return null;
  return typeof value === "string" ? readText(type, value) : readValue(type, value);
}

/** What a text is on the wire: the server takes no zero character, whatever the type, and half a surrogate pair is U+FFFD. */
function readText(type: ColumnType, text: string): StoredValue {
  if (text.includes("\0"))
    throw new PostgresError("22021", 'invalid byte sequence for encoding "UTF8": 0x00');
  return readValue(type, text.toWellFormed());
}

function readValue(type: ColumnType, value: unknown): StoredValue {
  switch (type.name) {
    case "integer":
    case "smallint":
      return readInteger(type.name, value);
    case "text":
    case "unknown":
      return wireText(value);
    case "boolean":
      return typeof value === "boolean" ? value : readBoolean(wireText(value));
    case "bigint":
      return readBigint(value);
    case "character varying":
      return readVarchar(type, value);
    default:
      return readRareType(type, value);
  }
}

/** The text that node-postgres sends for a JavaScript value. */
export function wireText(value: unknown): string {
  if (typeof value === "string") return value;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return arrayText(value);
  if (typeof value === "object" && value !== null) return JSON.stringify(value);
  return String(value);
}

/** `invalid input syntax for type …` (22P02). */
export function invalidSyntax(typeName: string, text: string, detail?: string): PostgresError {
  return new PostgresError(
    "22P02",
    `invalid input syntax for type ${typeName}: "${text}"`,
    detail === undefined ? {} : { detail },
  );
}

/** The bounds of the integer types. */
export function checkIntegerRange(name: TypeName, value: number): boolean {
  return name === "smallint"
    ? value >= -32768 && value <= 32767
    : value >= -2147483648 && value <= 2147483647;
}

/** The bounds of bigint. */
export function checkBigintRange(value: bigint): boolean {
  return value >= -9223372036854775808n && value <= 9223372036854775807n;
}

function readInteger(name: "integer" | "smallint", value: unknown): number {
  if (typeof value === "number" && Number.isInteger(value) && checkIntegerRange(name, value))
    return value + 0;
  const text = wireText(value);
  if (!/^\s*[+-]?\d+\s*$/.test(text)) throw invalidSyntax(name, text);
  const number = Number(text);
  if (!checkIntegerRange(name, number)) {
    throw new PostgresError("22003", `value "${text}" is out of range for type ${name}`);
  }
  return number + 0;
}

function readBigint(value: unknown): bigint {
  if (typeof value === "bigint" && checkBigintRange(value)) return value;
  const text = wireText(value);
  if (!/^\s*[+-]?\d+\s*$/.test(text)) throw invalidSyntax("bigint", text);
  const number = BigInt(text.trim().replace(/^\+/, ""));
  if (!checkBigintRange(number)) {
    throw new PostgresError("22003", `value "${text}" is out of range for type bigint`);
  }
  return number;
}

function readBoolean(text: string): boolean {
  const word = text.trim().toLowerCase();
  if (word !== "" && ("true".startsWith(word) || "yes".startsWith(word) || word === "on" || word === "1")) {
    return true;
  }
  const no =
    "false".startsWith(word) || "no".startsWith(word) || word === "off" || word === "of" || word === "0";
  if (word !== "" && no) return false;
  throw invalidSyntax("boolean", text);
}

function readVarchar(type: ColumnType, value: unknown): string {
  const text = wireText(value);
  if (type.length === null || text.length <= type.length) return text;
  const characters = [...text];
  if (characters.length <= type.length) return text;
  if (characters.slice(type.length).every((character) => character === " ")) {
    return characters.slice(0, type.length).join("");
  }
  throw new PostgresError("22001", `value too long for type character varying(${type.length})`);
}

function readRareType(type: ColumnType, value: unknown): StoredValue {
  const text = wireText(value);
  switch (type.name) {
    case "numeric": {
      const number = parseDecimal(text);
      if (number === null) throw invalidSyntax("numeric", text);
      return fitNumeric(type, number);
    }
    case "double precision": {
      const number = text.trim() === "" ? Number.NaN : Number(text);
      if (Number.isNaN(number) && text.toLowerCase() !== "nan") throw invalidSyntax("double precision", text);
      return number;
    }
    case "pg_lsn":
      return readWalPosition(text);
    case "uuid": {
      const digits = text
        .replace(/^\{|\}$/g, "")
        .replaceAll("-", "")
        .toLowerCase();
      if (!/^[0-9a-f]{32}$/.test(digits)) throw invalidSyntax("uuid", text);
      return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
    }
    case "timestamp with time zone": {
      if (value instanceof Date) return value.getTime() * 1000;
      const micros = parseTimestamp(text);
      if (micros === null) {
        throw new PostgresError("22007", `invalid input syntax for type timestamp with time zone: "${text}"`);
      }
      return micros;
    }
    default: {
      const json = canonicalJson(text);
      if (json === null) throw new PostgresError("22P02", "invalid input syntax for type json");
      if (escapedZero.test(json)) {
        throw new PostgresError("22P05", "unsupported Unicode escape sequence", {
          detail: "\\u0000 cannot be converted to text.",
        });
      }
      return json;
    }
  }
}

/** A zero character in JSON text: its backslash is not itself an escaped one. */
const escapedZero = /(?<!\\)(?:\\\\)*\\u0000/;

/** Rounds to the column's scale; 22003 "numeric field overflow" where it does not fit its precision. */
export function fitNumeric(type: ColumnType, value: StoredValue): StoredValue {
  if (typeof value !== "object" || value === null || type.precision === null || type.scale === null)
    return value;
  const rounded = rescaleDecimal(value, type.scale);
  const limit = 10n ** BigInt(type.precision);
  if (rounded.unscaled >= limit || rounded.unscaled <= -limit) {
    const bound = type.precision === type.scale ? "1" : `10^${type.precision - type.scale}`;
    throw new PostgresError("22003", "numeric field overflow", {
      detail: `A field with precision ${type.precision}, scale ${type.scale} must round to an absolute value less than ${bound}.`,
    });
  }
  return rounded;
}

function arrayText(values: readonly unknown[]): string {
  const items = values.map((value) => {
    if (value === null || value === undefined) return "NULL";
    if (Array.isArray(value)) return arrayText(value);
    return `"${wireText(value).replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
  });
  return `{${items.join(",")}}`;
}
