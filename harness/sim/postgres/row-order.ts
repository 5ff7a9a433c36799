import { type BindContext, bindExpression } from "./bind-expression.ts";
import type { BoundExpression } from "./bound-expression.ts";
import { type EvaluationContext, evaluate } from "./evaluate.ts";
import { PostgresError } from "./postgres-error.ts";
import type { OutputColumn } from "./projection.ts";
import type { Scope } from "./scope.ts";
import type { SelectStatement } from "./statement.ts";
import type { StoredValue } from "./stored-value.ts";
import { compareStored } from "./stored-values.ts";

/** One item of an order by clause, bound. */
export interface BoundOrder {
  readonly expression: BoundExpression;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}

/** Binds an order by clause; a plain name means an output column first, as in PostgreSQL. */
export function bindOrder(
  statement: SelectStatement,
  output: readonly OutputColumn[],
  context: BindContext,
): BoundOrder[] {
  return statement.orderBy.map(({ expression, descending, nullsFirst }) => {
    const named =
      expression.kind === "column" && expression.table === null
        ? output.find((column) => column.name === expression.column)
        : undefined;
    return { expression: named?.expression ?? bindExpression(expression, context), descending, nullsFirst };
  });
}

/** Sorts rows; those that compare equal stay in the order of the heap. */
export function sortRows<
  Item extends { readonly row: readonly StoredValue[]; readonly aggregates: readonly StoredValue[] },
>(items: readonly Item[], order: readonly BoundOrder[], context: EvaluationContext): Item[] {
  if (order.length === 0) return [...items];
  const keyed = items.map((item) => ({
    item,
    keys: order.map(({ expression }) =>
      evaluate(expression, item.row, { ...context, aggregates: item.aggregates }),
    ),
  }));
  keyed.sort((a, b) => compareKeys(a.keys, b.keys, order));
  return keyed.map(({ item }) => item);
}

/** Throws 42803 where an output names a column that is neither grouped by nor aggregated. */
export function checkGroupedColumns(
  output: readonly OutputColumn[],
  order: readonly BoundOrder[],
  groupBy: readonly BoundExpression[],
  scope: Scope,
): void {
  const grouped = new Set<number>();
  for (const expression of groupBy) if (expression.kind === "column") grouped.add(expression.index);
  for (const expression of [...output, ...order].map((item) => item.expression)) {
    const stray = strayColumn(expression, grouped);
    if (stray === null) continue;
    const entry = scope.entries.findLast(({ offset }) => offset <= stray);
    const name = entry?.table.columns[stray - entry.offset]?.name;
    throw new PostgresError(
      "42803",
      `column "${entry?.alias}.${name}" must appear in the GROUP BY clause or be used in an aggregate function`,
    );
  }
}

function strayColumn(expression: BoundExpression, grouped: ReadonlySet<number>): number | null {
  switch (expression.kind) {
    case "column":
      return grouped.has(expression.index) ? null : expression.index;
    case "constant":
    case "aggregate":
    case "now":
    case "wal":
      return null;
    case "in":
      return firstStray([expression.operand, ...expression.items], grouped);
    case "choice":
      return firstStray(expression.items, grouped);
    case "not":
    case "is":
    case "convert":
    case "assign":
      return strayColumn(expression.operand, grouped);
    default:
      return firstStray([expression.left, expression.right], grouped);
  }
}

function firstStray(expressions: readonly BoundExpression[], grouped: ReadonlySet<number>): number | null {
  for (const expression of expressions) {
    const stray = strayColumn(expression, grouped);
    if (stray !== null) return stray;
  }
  return null;
}

function compareKeys(
  a: readonly StoredValue[],
  b: readonly StoredValue[],
  order: readonly BoundOrder[],
): number {
  for (const [index, { descending, nullsFirst }] of order.entries()) {
    const left = a[index] ?? null;
    const right = b[index] ?? null;
    if (left === null || right === null) {
      if (left === right) continue;
      return (left === null) === nullsFirst ? -1 : 1;
    }
    const comparison = compareStored(left, right);
    if (comparison !== 0) return descending ? -comparison : comparison;
  }
  return 0;
}
