import type { BoundAggregate, BoundExpression } from "./bound-expression.ts";
import { type ColumnType, plainType, type TypeName } from "./column-type.ts";
import { bindAssignment, commonType, convertTo, typeMismatch } from "./convert-type.ts";
import type { AggregateName, Expression } from "./expression.ts";
import { PostgresError } from "./postgres-error.ts";
import { readInput } from "./read-input.ts";
import type { Scope } from "./scope.ts";
import { UnsupportedByPostgresModelError } from "./unsupported-by-postgres-model-error.ts";

/** Where the names of an expression are looked up. `aggregates` is null where none are allowed. */
export interface BindContext {
  readonly scope: Scope;
  readonly aggregates: BoundAggregate[] | null;
}

const text: ColumnType = plainType("text");
const boolean: ColumnType = plainType("boolean");

/**
 * Looks up the columns of an expression and settles its types; a parameter takes `wanted`, or the type
 * of what it is compared with, as in PostgreSQL.
 */
export function bindExpression(
  expression: Expression,
  context: BindContext,
  wanted: ColumnType = text,
): BoundExpression {
  switch (expression.kind) {
    case "column": {
      const { index, type } = context.scope.resolve(expression.table, expression.column);
      return { kind: "column", type: type.name, index };
    }
    case "parameter":
      return { kind: "constant", type: wanted.name, value: readInput(wanted, expression.value) };
    case "literal":
      if (expression.type !== "unknown") {
        return { kind: "constant", type: expression.type, value: expression.value };
      }
      return { kind: "constant", type: wanted.name, value: readInput(wanted, expression.value) };
    case "compare":
    case "distinct": {
      const [left, right] = bindPair(expression.left, expression.right, context);
      return { ...expression, type: "boolean", left, right };
    }
    case "logic": {
      const left = bindCondition(expression.left, context);
      return { ...expression, type: "boolean", left, right: bindCondition(expression.right, context) };
    }
    case "arithmetic":
      return bindArithmetic(expression, context, wanted);
    case "not":
      return { kind: "not", type: "boolean", operand: bindCondition(expression.operand, context) };
    case "in":
      return bindIn(expression.operand, expression.items, context);
    default:
      return bindOther(expression, context, wanted);
  }
}

/** Binds an expression that has to be boolean (42804 otherwise). */
export function bindCondition(expression: Expression, context: BindContext): BoundExpression {
  const bound = bindExpression(expression, context, boolean);
  if (bound.type !== "boolean") {
    throw new PostgresError("42804", `argument of WHERE must be type boolean, not type ${bound.type}`);
  }
  return bound;
}

function bindOther(expression: Expression, context: BindContext, wanted: ColumnType): BoundExpression {
  switch (expression.kind) {
    case "is": {
      const operand = bindExpression(expression.operand, context, expression.value === null ? text : boolean);
      return { kind: "is", type: "boolean", operand, value: expression.value };
    }
    case "any": {
      if (!Array.isArray(expression.array)) {
        throw new UnsupportedByPostgresModelError("any() of something else than an array", "any(array)");
      }
      const items = expression.array.map((value: unknown): Expression => ({ kind: "parameter", value }));
      return bindIn(expression.operand, items, context);
    }
    case "like": {
      const left = bindExpression(expression.left, context);
      const right = bindExpression(expression.right, context);
      if (!isText(left.type) || !isText(right.type)) throw typeMismatch("~~", left.type, right.type);
      return { ...expression, type: "boolean", left, right };
    }
    case "concat": {
      const left = convertTo(bindExpression(expression.left, context), "text");
      const right = convertTo(bindExpression(expression.right, context), "text");
      return { ...expression, type: "text", left, right };
    }
    case "choice":
      return bindChoice(expression.name, expression.items, context, wanted);
    case "cast": {
      const type = plainType(expression.type);
      return bindAssignment(bindExpression(expression.operand, context, type), type, null);
    }
    case "aggregate":
      return bindAggregate(expression, context);
    case "wal":
      return { ...expression, type: "pg_lsn" };
    default:
      return { kind: "now", type: "timestamp with time zone" };
  }
}

function isText(type: TypeName): boolean {
  return type === "text" || type === "character varying";
}

function isUntyped(expression: Expression): boolean {
  return expression.kind === "parameter" || (expression.kind === "literal" && expression.type === "unknown");
}

function bindPair(
  left: Expression,
  right: Expression,
  context: BindContext,
): [BoundExpression, BoundExpression] {
  if (isUntyped(right)) {
    const first = bindExpression(left, context);
    return [first, bindExpression(right, context, plainType(first.type))];
  }
  const second = bindExpression(right, context);
  const first = bindExpression(left, context, plainType(second.type));
  const type = commonType(first.type, second.type);
  if (type === null) throw typeMismatch("=", first.type, second.type);
  return [convertTo(first, type), convertTo(second, type)];
}

function bindArithmetic(
  expression: Extract<Expression, { kind: "arithmetic" }>,
  context: BindContext,
  wanted: ColumnType,
): BoundExpression {
  const both = isUntyped(expression.left) && isUntyped(expression.right);
  const [left, right] = both
    ? [bindExpression(expression.left, context, wanted), bindExpression(expression.right, context, wanted)]
    : bindPair(expression.left, expression.right, context);
  const { type } = left;
  const numeric = commonType(type, "double precision") !== null && !isText(type);
  if (!numeric) throw typeMismatch(expression.operator, left.type, right.type);
  if (type === "numeric" && (expression.operator === "/" || expression.operator === "%")) {
    throw new UnsupportedByPostgresModelError(`numeric ${expression.operator}`, "numeric +, - and *");
  }
  return { ...expression, type, left, right };
}

function bindIn(operand: Expression, items: readonly Expression[], context: BindContext): BoundExpression {
  const bound = bindExpression(operand, context);
  const type = plainType(bound.type);
  return {
    kind: "in",
    type: "boolean",
    operand: bound,
    items: items.map((item) => convertTo(bindExpression(item, context, type), bound.type)),
  };
}

function bindChoice(
  name: "coalesce" | "greatest" | "least",
  items: readonly Expression[],
  context: BindContext,
  wanted: ColumnType,
): BoundExpression {
  let type: TypeName | null = null;
  for (const item of items) {
    if (isUntyped(item)) continue;
    const bound = bindExpression(item, { ...context, aggregates: context.aggregates === null ? null : [] });
    const common: TypeName | null = type === null ? bound.type : commonType(type, bound.type);
    if (common === null)
      throw new PostgresError(
        "42804",
        `${name.toUpperCase()} types ${type} and ${bound.type} cannot be matched`,
      );
    type = common;
  }
  const chosen = type ?? wanted.name;
  const bound = items.map((item) => convertTo(bindExpression(item, context, plainType(chosen)), chosen));
  return { kind: "choice", type: chosen, name, items: bound };
}

const sumTypes: Partial<Record<TypeName, TypeName>> = {
  smallint: "bigint",
  integer: "bigint",
  bigint: "numeric",
  numeric: "numeric",
  "double precision": "double precision",
};

function bindAggregate(
  expression: Extract<Expression, { kind: "aggregate" }>,
  context: BindContext,
): BoundExpression {
  if (context.aggregates === null) {
    throw new PostgresError("42803", "aggregate functions are not allowed in WHERE");
  }
  const { name, distinct } = expression;
  const inner: BindContext = { scope: context.scope, aggregates: null };
  const operand = expression.operand === null ? null : bindExpression(expression.operand, inner);
  const operandType = operand?.type ?? "bigint";
  const type = aggregateType(name, operandType);
  context.aggregates.push({ name, operand, operandType, distinct });
  return { kind: "aggregate", type, slot: context.aggregates.length - 1 };
}

function aggregateType(name: AggregateName, operand: TypeName): TypeName {
  if (name === "count") return "bigint";
  const type = name === "sum" ? sumTypes[operand] : operand;
  const ordered = name === "sum" || !["boolean", "jsonb"].includes(operand);
  if (type === undefined || !ordered) {
    throw new PostgresError("42883", `function ${name}(${operand}) does not exist`);
  }
  return type;
}
