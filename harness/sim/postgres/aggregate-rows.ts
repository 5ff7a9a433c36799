import type { BoundAggregate, BoundExpression } from "./bound-expression.ts";
import { convertStored } from "./convert-type.ts";
import { Decimal, decimalArithmetic } from "./decimal.ts";
import { type EvaluationContext, evaluate } from "./evaluate.ts";
import type { StoredValue } from "./stored-value.ts";
import { compareStored, indexKeyPart } from "./stored-values.ts";

/** Rows that are answered as one: a row that stands for them, and the aggregates over them. */
export interface RowGroup {
  readonly row: readonly StoredValue[];
  readonly aggregates: readonly StoredValue[];
}

/** Groups rows by expressions (none: one group, even of no rows) and aggregates each group. */
export function aggregateRows(
  rows: readonly (readonly StoredValue[])[],
  groupBy: readonly BoundExpression[],
  aggregates: readonly BoundAggregate[],
  context: EvaluationContext,
): RowGroup[] {
  const groups = new Map<string, (readonly StoredValue[])[]>();
  if (groupBy.length === 0) groups.set("", []);
  for (const row of rows) {
    const key = groupBy.map((expression) => keyText(evaluate(expression, row, context))).join("\u0000");
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return [...groups.values()].map((group) => ({
    row: group[0] ?? [],
    aggregates: aggregates.map((aggregate) => aggregateGroup(aggregate, group, context)),
  }));
}

function keyText(value: StoredValue): string {
  return value === null ? "null" : `${typeof value}:${String(indexKeyPart(value))}`;
}

function aggregateGroup(
  aggregate: BoundAggregate,
  rows: readonly (readonly StoredValue[])[],
  context: EvaluationContext,
): StoredValue {
  const { operand } = aggregate;
  if (operand === null) return BigInt(rows.length);
  let values = rows.map((row) => evaluate(operand, row, context)).filter((value) => value !== null);
  if (aggregate.distinct) values = [...new Map(values.map((value) => [keyText(value), value])).values()];
  if (aggregate.name === "count") return BigInt(values.length);
  if (values.length === 0) return null;
  if (aggregate.name === "sum") return sum(aggregate, values);
  const wanted = aggregate.name === "max" ? 1 : -1;
  return values.reduce((best, value) => (compareStored(value, best) * wanted > 0 ? value : best));
}

function sum(aggregate: BoundAggregate, values: readonly NonNullable<StoredValue>[]): StoredValue {
  const { operandType } = aggregate;
  if (operandType === "double precision")
    return values.reduce<number>((total, value) => total + Number(value), 0);
  if (operandType === "bigint" || operandType === "numeric") {
    return values.reduce<Decimal>(
      (total, value) =>
        decimalArithmetic("+", total, convertStored(value, operandType, "numeric") as Decimal),
      new Decimal(0n, 0),
    );
  }
  return BigInt(values.reduce<number>((total, value) => total + Number(value), 0));
}
