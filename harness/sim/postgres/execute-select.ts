import { chooseAccessPath } from "./access-path.ts";
import { aggregateRows } from "./aggregate-rows.ts";
import { type BindContext, bindCondition, bindExpression } from "./bind-expression.ts";
import type { BoundAggregate, BoundExpression } from "./bound-expression.ts";
import { plainType } from "./column-type.ts";
import { evaluate } from "./evaluate.ts";
import type { Execution, Steps } from "./execution.ts";
import { findTable } from "./find-table.ts";
import { joinTables } from "./join-tables.ts";
import { concurrentChange, followToLatest, type LockRequest, lockTuple } from "./lock-tuple.ts";
import { PostgresError } from "./postgres-error.ts";
import { bindOutput, project } from "./projection.ts";
import { readTuples, satisfies } from "./read-tuples.ts";
import { type BoundOrder, bindOrder, checkGroupedColumns, sortRows } from "./row-order.ts";
import { Scope } from "./scope.ts";
import type { SelectStatement, StatementResult } from "./statement.ts";
import type { StoredValue } from "./stored-value.ts";
import type { Table } from "./table.ts";
import type { Tuple } from "./tuple.ts";
import { primaryPositions } from "./wal-position.ts";

/** Executes a select. */
export function* executeSelect(execution: Execution, statement: SelectStatement): Steps<StatementResult> {
  const { from } = statement;
  const table = from === null ? null : findTable(execution.store, from.table);
  const join = joinTables(execution, table, statement);
  const aggregates: BoundAggregate[] = [];
  const context: BindContext = { scope: join.scope, aggregates };
  const output = bindOutput(statement.items, context);
  const groupBy = statement.groupBy.map((expression) =>
    bindExpression(expression, { ...context, aggregates: null }),
  );
  const order = bindOrder(statement, output, context);
  const condition = bindWhere(statement, join.scope);
  const limit = bindCount(statement.limit, "LIMIT") ?? Number.POSITIVE_INFINITY;
  const offset = bindCount(statement.offset, "OFFSET") ?? 0;
  if (aggregates.length > 0 || groupBy.length > 0) {
    if (statement.locking !== null) {
      throw new PostgresError("0A000", "FOR UPDATE is not allowed with aggregate functions");
    }
    checkGroupedColumns(output, order, groupBy, join.scope);
    const groups = aggregateRows(join.rows(condition), groupBy, aggregates, execution.evaluation);
    const contexts = groups.map((group) => ({ row: group.row, aggregates: group.aggregates }));
    const sorted = sortRows(contexts, order, execution.evaluation).slice(offset, offset + limit);
    const rows = sorted.map(({ row, aggregates: values }) =>
      project(output, row, { ...execution.evaluation, aggregates: values }),
    );
    return { command: "SELECT", rowCount: rows.length, rows };
  }
  let found: readonly (readonly StoredValue[])[];
  if (statement.locking !== null && table !== null) {
    if (execution.transaction.readOnly) {
      throw new PostgresError("25006", "cannot execute SELECT FOR UPDATE in a read-only transaction");
    }
    found = yield* lockRows(execution, table, statement.locking, condition, order, offset + limit);
  } else found = orderedRows(execution, join.rows(condition), order);
  const kept = offset > 0 || found.length > limit ? found.slice(offset, offset + limit) : found;
  const rows = kept.map((row) => project(output, row, execution.evaluation));
  return { command: "SELECT", rowCount: rows.length, rows };
}

function bindWhere(statement: SelectStatement, scope: Scope): BoundExpression | null {
  return statement.where === null ? null : bindCondition(statement.where, { scope, aggregates: null });
}

function bindCount(expression: SelectStatement["limit"], clause: string): number | null {
  if (expression === null) return null;
  const context = { scope: new Scope([]), aggregates: null };
  const bound = bindExpression(expression, context, plainType("bigint"));
  const value = evaluate(bound, [], { nowMicros: 0, aggregates: [], wal: primaryPositions(() => 0) });
  if (value === null) return null;
  const count = Number(value);
  if (count < 0) {
    throw new PostgresError(clause === "LIMIT" ? "2201W" : "2201X", `${clause} must not be negative`);
  }
  return count;
}

function orderedRows(
  execution: Execution,
  rows: readonly (readonly StoredValue[])[],
  order: readonly BoundOrder[],
): readonly (readonly StoredValue[])[] {
  if (order.length === 0 || rows.length < 2) return rows;
  const wrapped = rows.map((row) => ({ row, aggregates: [] }));
  return sortRows(wrapped, order, execution.evaluation).map(({ row }) => row);
}

/** PostgreSQL locks above the sort and below the limit: in order, and only as many as are asked for. */
function* lockRows(
  execution: Execution,
  table: Table,
  locking: NonNullable<SelectStatement["locking"]>,
  condition: BoundExpression | null,
  order: readonly BoundOrder[],
  wanted: number,
): Steps<(readonly StoredValue[])[]> {
  const found = readTuples(execution, table, chooseAccessPath(table, condition), condition);
  const wrapped = found.map((tuple) => ({ tuple, row: tuple.values, aggregates: [] }));
  const sorted = order.length === 0 ? wrapped : sortRows(wrapped, order, execution.evaluation);
  const request: LockRequest = { ...locking, followUpdates: true };
  const rows: (readonly StoredValue[])[] = [];
  for (const { tuple } of sorted) {
    if (rows.length >= wanted) break;
    const locked = yield* lockRow(execution, table, tuple, request, condition);
    if (locked !== null) rows.push(locked.values);
  }
  return rows;
}

function* lockRow(
  execution: Execution,
  table: Table,
  tuple: Tuple,
  request: LockRequest,
  condition: BoundExpression | null,
): Steps<Tuple | null> {
  const state = yield* lockTuple(execution, table, tuple, request);
  if (state === "free") return tuple;
  if (state === "blocked" || state === "self") return null;
  if (execution.transaction.keepsSnapshot) throw concurrentChange(state === "deleted" ? "delete" : "update");
  if (state === "deleted") return null;
  const latest = yield* followToLatest(execution, table, tuple, request);
  if (latest === null || latest === "blocked") return null;
  return satisfies(execution, latest, condition) ? latest : null;
}
