import { type BindContext, bindExpression } from "./bind-expression.ts";
import type { BoundExpression } from "./bound-expression.ts";
import { checkRow } from "./check-row.ts";
import { bindAssignment } from "./convert-type.ts";
import { evaluate } from "./evaluate.ts";
import { refuseReadOnly } from "./execute-update.ts";
import type { Execution, Steps } from "./execution.ts";
import type { Expression } from "./expression.ts";
import { findColumn, findTable } from "./find-table.ts";
import { bindConflictClause, insertOrResolve } from "./insert-on-conflict.ts";
import { PostgresError } from "./postgres-error.ts";
import { bindOutput, project } from "./projection.ts";
import { readInput } from "./read-input.ts";
import { Scope } from "./scope.ts";
import type { InsertStatement, StatementResult } from "./statement.ts";
import type { StoredValue } from "./stored-value.ts";
import type { Table, TableColumn } from "./table.ts";
import { insertTuple } from "./write-tuple.ts";

const noColumns: BindContext = { scope: new Scope([]), aggregates: null };

/** Executes an insert, row by row as PostgreSQL does. */
export function* executeInsert(execution: Execution, statement: InsertStatement): Steps<StatementResult> {
  refuseReadOnly(execution, "INSERT");
  const table = findTable(execution.store, statement.into.table);
  const columns = statement.columns.map((name) => findColumn(table, name));
  const scope = new Scope([{ table, alias: statement.into.alias, offset: 0 }]);
  const output = bindOutput(statement.returning, { scope, aggregates: null });
  const clause =
    statement.onConflict === null
      ? null
      : bindConflictClause(table, statement.into.alias, statement.onConflict);
  const bound = statement.rows.map((row) => bindRow(columns, row));
  const rows: Record<string, unknown>[] = [];
  let rowCount = 0;
  for (const row of bound) {
    const values = fillRow(execution, table, columns, row);
    checkRow(table, values, execution.evaluation);
    const tuple =
      clause === null
        ? yield* insertTuple(execution, table, values)
        : yield* insertOrResolve(execution, table, clause, values);
    if (tuple === null) continue;
    rowCount++;
    if (output.length > 0) rows.push(project(output, tuple.values, execution.evaluation));
  }
  return { command: "INSERT", rowCount, rows };
}

function bindRow(
  columns: readonly TableColumn[],
  row: readonly (Expression | null)[],
): (BoundExpression | null)[] {
  return row.map((expression, index) => {
    const column = columns[index];
    if (column === undefined)
      throw new PostgresError("42601", "INSERT has more expressions than target columns");
    if (expression === null) return null;
    if (column.alwaysGenerated) {
      throw new PostgresError("428C9", `cannot insert a non-DEFAULT value into column "${column.name}"`, {
        detail: `Column "${column.name}" is an identity column defined as GENERATED ALWAYS.`,
        hint: "Use OVERRIDING SYSTEM VALUE to override.",
      });
    }
    if (expression.kind === "parameter") {
      return { kind: "constant", type: column.type.name, value: readInput(column.type, expression.value) };
    }
    return bindAssignment(bindExpression(expression, noColumns, column.type), column.type, column.name);
  });
}

function fillRow(
  execution: Execution,
  table: Table,
  columns: readonly TableColumn[],
  row: readonly (BoundExpression | null)[],
): StoredValue[] {
  const given: (BoundExpression | null)[] = new Array(table.columns.length).fill(null);
  for (const [index, expression] of row.entries())
    given[(columns[index] as TableColumn).position] = expression;
  return table.columns.map((column) => {
    const expression = given[column.position] ?? column.default;
    if (expression !== null) return evaluate(expression, [], execution.evaluation);
    if (column.sequence === null) return null;
    const next = column.sequence.next();
    return column.type.name === "bigint" ? BigInt(next) : next;
  });
}
