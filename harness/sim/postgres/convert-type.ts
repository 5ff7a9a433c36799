import type { BoundExpression } from "./bound-expression.ts";
import type { ColumnType, TypeName } from "./column-type.ts";
import { Decimal, rescaleDecimal } from "./decimal.ts";
import { PostgresError } from "./postgres-error.ts";
import { checkBigintRange, checkIntegerRange, fitNumeric, readInput } from "./read-input.ts";
import type { StoredValue } from "./stored-value.ts";
import { writeOutput } from "./stored-values.ts";

const ladder: readonly TypeName[] = ["smallint", "integer", "bigint", "numeric", "double precision"];
const texts: readonly TypeName[] = ["text", "character varying"];

/** The type in which values of both types can be compared, or null. */
export function commonType(a: TypeName, b: TypeName): TypeName | null {
  if (a === b) return a;
  const left = ladder.indexOf(a);
  const right = ladder.indexOf(b);
  if (left >= 0 && right >= 0) return ladder[Math.max(left, right)] ?? null;
  return texts.includes(a) && texts.includes(b) ? "text" : null;
}

/** `operator does not exist` (42883). */
export function typeMismatch(operator: string, left: TypeName, right: TypeName): PostgresError {
  return new PostgresError("42883", `operator does not exist: ${left} ${operator} ${right}`);
}

/** The expression as a value of another type, converted now if it is constant. */
export function convertTo(bound: BoundExpression, type: TypeName): BoundExpression {
  if (bound.type === type) return bound;
  if (bound.kind === "constant") {
    return { kind: "constant", type, value: convertStored(bound.value, bound.type, type) };
  }
  return { kind: "convert", type, operand: bound };
}

/**
 * The expression as a value for a column of this type: an assignment cast. Throws 42804 where PostgreSQL
 * has none. `column` names the column in the message; null for an explicit cast.
 */
export function bindAssignment(
  bound: BoundExpression,
  to: ColumnType,
  column: string | null,
): BoundExpression {
  const plain = to.length === null && to.precision === null;
  if (bound.type === to.name && plain) return bound;
  const castable =
    commonType(bound.type, to.name) !== null ||
    texts.includes(to.name) ||
    (column === null && texts.includes(bound.type));
  if (!castable) {
    throw column === null
      ? new PostgresError("42846", `cannot cast type ${bound.type} to ${to.name}`)
      : new PostgresError(
          "42804",
          `column "${column}" is of type ${to.name} but expression is of type ${bound.type}`,
        );
  }
  if (bound.kind === "constant") {
    return { kind: "constant", type: to.name, value: assignStored(bound.value, bound.type, to) };
  }
  return { kind: "assign", type: to.name, operand: bound, to };
}

/** The value as a column of this type keeps it. */
export function assignStored(value: StoredValue, from: TypeName, to: ColumnType): StoredValue {
  if (value === null) return null;
  if (to.name === "numeric") return fitNumeric(to, convertStored(value, from, "numeric"));
  if (to.name === "character varying") return readInput(to, convertStored(value, from, "text"));
  return convertStored(value, from, to.name);
}

/** Converts a stored value between types; throws 22003 where it does not fit. */
export function convertStored(value: StoredValue, from: TypeName, to: TypeName): StoredValue {
  if (value === null || from === to) return value;
  switch (to) {
    case "smallint":
    case "integer": {
      const number = Number(roundToInteger(value));
      if (typeof value !== "string" && !checkIntegerRange(to, number)) {
        throw new PostgresError("22003", `${to} out of range`);
      }
      return typeof value === "string" ? readInput(typeOf(to), value) : number;
    }
    case "bigint": {
      const number = roundToInteger(value);
      if (typeof value === "string") return readInput(typeOf(to), value);
      if (!checkBigintRange(number)) throw new PostgresError("22003", "bigint out of range");
      return number;
    }
    case "numeric":
      if (typeof value === "bigint") return new Decimal(value, 0);
      return readInput(typeOf(to), String(value));
    case "double precision":
      return Number(String(value));
    case "text":
    case "character varying":
      return typeof value === "string" ? value : storedText(value, from);
    default:
      return typeof value === "string" ? readInput(typeOf(to), value) : value;
  }
}

function storedText(value: StoredValue, from: TypeName): string {
  const output = writeOutput(from, value);
  return output instanceof Date
    ? `${output
        .toISOString()
        .replace("T", " ")
        .replace(/\.?0*Z$/, "")}+00`
    : String(output);
}

function typeOf(name: TypeName): ColumnType {
  return { name, length: null, precision: null, scale: null };
}

function roundToInteger(value: StoredValue): bigint {
  if (typeof value === "bigint") return value;
  if (value instanceof Decimal) return rescaleDecimal(value, 0).unscaled;
  return typeof value === "number" ? BigInt(Math.round(value)) : 0n;
}
