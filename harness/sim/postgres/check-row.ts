import { type EvaluationContext, evaluate } from "./evaluate.ts";
import { PostgresError } from "./postgres-error.ts";
import type { StoredValue } from "./stored-value.ts";
import { writeOutput } from "./stored-values.ts";
import type { Table, TableColumn } from "./table.ts";

/** Throws 23502 or 23514 where a row violates NOT NULL or a check constraint. */
export function checkRow(table: Table, values: readonly StoredValue[], context: EvaluationContext): void {
  for (const column of table.columns) {
    if (!column.notNull || values[column.position] !== null) continue;
    throw new PostgresError(
      "23502",
      `null value in column "${column.name}" of relation "${table.name}" violates not-null constraint`,
      { table: table.name, column: column.name, detail: failingRow(table.columns, values) },
    );
  }
  for (const check of table.checks) {
    if (evaluate(check.condition, values, context) !== false) continue;
    throw new PostgresError(
      "23514",
      `new row for relation "${table.name}" violates check constraint "${check.name}"`,
      { table: table.name, constraint: check.name, detail: failingRow(table.columns, values) },
    );
  }
}

/** Columns and values as PostgreSQL writes them in details: `(a, b)=(1, x)`. */
export function describeKey(
  table: Table,
  columns: readonly number[],
  values: readonly StoredValue[],
): string {
  const names = columns.map((position) => table.columns[position]?.name);
  const texts = columns.map((position) => describeValue(table.columns[position], values[position] ?? null));
  return `(${names.join(", ")})=(${texts.join(", ")})`;
}

function failingRow(columns: readonly TableColumn[], values: readonly StoredValue[]): string {
  const texts = columns.map((column) => describeValue(column, values[column.position] ?? null));
  return `Failing row contains (${texts.join(", ")}).`;
}

function describeValue(column: TableColumn | undefined, value: StoredValue): string {
  if (value === null || column === undefined) return "null";
  const output = writeOutput(column.type.name, value);
  if (typeof output === "boolean") return output ? "t" : "f";
  if (output instanceof Date) {
    return `${output
      .toISOString()
      .replace("T", " ")
      .replace(/\.?0*Z$/, "")}+00`;
  }
  return typeof output === "object" ? String(value).replace(/([:,])(?=\S)/g, "$1 ") : String(output);
}
