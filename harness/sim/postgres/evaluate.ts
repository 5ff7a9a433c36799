import type { BoundBinary, BoundExpression } from "./bound-expression.ts";
import type { TypeName } from "./column-type.ts";
import { assignStored, convertStored } from "./convert-type.ts";
import { type Decimal, decimalArithmetic } from "./decimal.ts";
import type { ArithmeticOperator, ComparisonOperator } from "./expression.ts";
import { PostgresError } from "./postgres-error.ts";
import { checkBigintRange, checkIntegerRange } from "./read-input.ts";
import type { StoredValue } from "./stored-value.ts";
import { compareStored } from "./stored-values.ts";
import type { WalPositions } from "./wal-position.ts";

/** What an expression may ask besides its row. */
export interface EvaluationContext {
  /** The transaction's start, in microseconds since 1970. */
  readonly nowMicros: number;
  /** The group's results, where there are aggregates. */
  readonly aggregates: readonly StoredValue[];
  readonly wal: WalPositions;
}

/** The value of an expression on a row; null is SQL's NULL, also as the third truth value. */
export function evaluate(
  bound: BoundExpression,
  row: readonly StoredValue[],
  context: EvaluationContext,
): StoredValue {
  switch (bound.kind) {
    case "column":
      return row[bound.index] ?? null;
    case "constant":
      return bound.value;
    case "compare": {
      const left = evaluate(bound.left, row, context);
      if (left === null) return null;
      const right = evaluate(bound.right, row, context);
      return right === null ? null : compares(bound.operator, left, right);
    }
    case "logic":
      return evaluateLogic(bound, row, context);
    case "not": {
      const value = evaluate(bound.operand, row, context);
      return value === null ? null : !value;
    }
    case "is":
      return evaluate(bound.operand, row, context) === bound.value;
    case "in":
      return evaluateIn(bound.operand, bound.items, row, context);
    case "arithmetic": {
      const left = evaluate(bound.left, row, context);
      const right = evaluate(bound.right, row, context);
      return left === null || right === null ? null : arithmetic(bound.operator, bound.type, left, right);
    }
    case "now":
      return context.nowMicros;
    case "wal":
      return context.wal[bound.position]();
    case "aggregate":
      return context.aggregates[bound.slot] ?? null;
    default:
      return evaluateOther(bound, row, context);
  }
}

function evaluateOther(
  bound: Extract<BoundExpression, { kind: "choice" | "convert" | "assign" | "distinct" | "like" | "concat" }>,
  row: readonly StoredValue[],
  context: EvaluationContext,
): StoredValue {
  switch (bound.kind) {
    case "choice": {
      const values = bound.items
        .map((item) => evaluate(item, row, context))
        .filter((value) => value !== null);
      if (bound.name === "coalesce") return values[0] ?? null;
      const wanted = bound.name === "greatest" ? 1 : -1;
      return values.reduce((best: StoredValue, value) => {
        return best === null || compareStored(value, best) * wanted > 0 ? value : best;
      }, null);
    }
    case "convert":
      return convertStored(evaluate(bound.operand, row, context), bound.operand.type, bound.type);
    case "assign":
      return assignStored(evaluate(bound.operand, row, context), bound.operand.type, bound.to);
    default: {
      const left = evaluate(bound.left, row, context);
      const right = evaluate(bound.right, row, context);
      if (bound.kind === "distinct") {
        const same = left === null || right === null ? left === right : compareStored(left, right) === 0;
        return same === (bound.operator === "is not distinct from");
      }
      if (left === null || right === null) return null;
      return bound.kind === "like" ? likes(bound.operator, String(left), String(right)) : `${left}${right}`;
    }
  }
}

function evaluateLogic(
  bound: BoundBinary<"logic", "and" | "or">,
  row: readonly StoredValue[],
  context: EvaluationContext,
): boolean | null {
  const decisive = bound.operator === "or";
  const left = evaluate(bound.left, row, context);
  if (left === decisive) return decisive;
  const right = evaluate(bound.right, row, context);
  if (right === decisive) return decisive;
  return left === null || right === null ? null : !decisive;
}

function evaluateIn(
  operand: BoundExpression,
  items: readonly BoundExpression[],
  row: readonly StoredValue[],
  context: EvaluationContext,
): boolean | null {
  const value = evaluate(operand, row, context);
  if (items.length === 0) return false;
  if (value === null) return null;
  let unknown = false;
  for (const item of items) {
    const candidate = evaluate(item, row, context);
    if (candidate === null) unknown = true;
    else if (compareStored(value, candidate) === 0) return true;
  }
  return unknown ? null : false;
}

function compares(operator: ComparisonOperator, left: StoredValue, right: StoredValue): boolean {
  const order = compareStored(left, right);
  switch (operator) {
    case "=":
      return order === 0;
    case "!=":
      return order !== 0;
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    case ">":
      return order > 0;
    default:
      return order >= 0;
  }
}

function arithmetic(
  operator: ArithmeticOperator,
  type: TypeName,
  left: StoredValue,
  right: StoredValue,
): StoredValue {
  if ((operator === "/" || operator === "%") && Number(right) === 0) {
    throw new PostgresError("22012", "division by zero");
  }
  if (type === "numeric")
    return decimalArithmetic(operator as "+" | "-" | "*", left as Decimal, right as Decimal);
  if (type === "bigint") {
    const result = calculated(operator, left as bigint, right as bigint);
    if (!checkBigintRange(result)) throw new PostgresError("22003", "bigint out of range");
    return result;
  }
  const result = calculated(operator, left as number, right as number);
  if (type === "double precision") return result;
  const whole = Math.trunc(result) + 0;
  if (!checkIntegerRange(type, whole)) throw new PostgresError("22003", `${type} out of range`);
  return whole;
}

/** The operators are written alike for both, but the compiler lets none of them work on what may be either. */
function calculated<Value extends number | bigint>(
  operator: ArithmeticOperator,
  left: Value,
  right: Value,
): Value {
  const one = left as number;
  const other = right as number;
  switch (operator) {
    case "+":
      return (one + other) as Value;
    case "-":
      return (one - other) as Value;
    case "*":
      return (one * other) as Value;
    case "/":
      return (one / other) as Value;
    default:
      return (one % other) as Value;
  }
}

function likes(operator: "like" | "ilike", text: string, pattern: string): boolean {
  let source = "";
  for (let i = 0; i < pattern.length; i++) {
    const character = pattern.charAt(i);
    if (character === "%") source += ".*";
    else if (character === "_") source += ".";
    else if (character === "\\") {
      i++;
      if (i === pattern.length)
        throw new PostgresError("22025", "LIKE pattern must not end with escape character");
      source += escapeRegExp(pattern.charAt(i));
    } else source += escapeRegExp(character);
  }
  return new RegExp(`^${source}$`, operator === "ilike" ? "isu" : "su").test(text);
}

function escapeRegExp(character: string): string {
  return character.replace(/[\\^$.*+?()[\]{}|/]/, "\\$&");
}
