import { chooseAccessPath } from "./access-path.ts";
import { applyAssignments, type BoundAssignment, bindAssignments } from "./bind-assignments.ts";
import { type BindContext, bindCondition } from "./bind-expression.ts";
import type { BoundExpression } from "./bound-expression.ts";
import { checkRow } from "./check-row.ts";
import type { Execution, Steps } from "./execution.ts";
import { findTable } from "./find-table.ts";
import { awaitTuple, concurrentChange, followToLatest } from "./lock-tuple.ts";
import { PostgresError } from "./postgres-error.ts";
import { bindOutput, project } from "./projection.ts";
import { readTuples, satisfies } from "./read-tuples.ts";
import { Scope } from "./scope.ts";
import type { DeleteStatement, StatementResult, UpdateStatement } from "./statement.ts";
import type { Table } from "./table.ts";
import type { Tuple } from "./tuple.ts";
import { deleteTuple, lockForChange, replaceTuple } from "./write-tuple.ts";

/** Executes an update. */
export function* executeUpdate(execution: Execution, statement: UpdateStatement): Steps<StatementResult> {
  refuseReadOnly(execution, "UPDATE");
  const table = findTable(execution.store, statement.table.table);
  const context = contextOf(table, statement.table.alias);
  const assignments = bindAssignments(table, statement.updates, context);
  const condition = statement.where === null ? null : bindCondition(statement.where, context);
  const output = bindOutput(statement.returning, context);
  const rows: Record<string, unknown>[] = [];
  let rowCount = 0;
  for (const tuple of readTuples(execution, table, chooseAccessPath(table, condition), condition)) {
    const changed = yield* updateRow(execution, table, tuple, assignments, condition);
    if (changed === null) continue;
    rowCount++;
    if (output.length > 0) rows.push(project(output, changed.values, execution.evaluation));
  }
  return { command: "UPDATE", rowCount, rows };
}

/** Executes a delete. */
export function* executeDelete(execution: Execution, statement: DeleteStatement): Steps<StatementResult> {
  refuseReadOnly(execution, "DELETE");
  const table = findTable(execution.store, statement.table.table);
  const context = contextOf(table, statement.table.alias);
  const condition = statement.where === null ? null : bindCondition(statement.where, context);
  const output = bindOutput(statement.returning, context);
  const rows: Record<string, unknown>[] = [];
  let rowCount = 0;
  for (const tuple of readTuples(execution, table, chooseAccessPath(table, condition), condition)) {
    const target = yield* reachRow(execution, table, tuple, condition, () => "update", "update");
    if (target === null) continue;
    deleteTuple(execution, table, target);
    rowCount++;
    if (output.length > 0) rows.push(project(output, target.values, execution.evaluation));
  }
  return { command: "DELETE", rowCount, rows };
}

/** `cannot execute … in a read-only transaction` (25006). */
export function refuseReadOnly(execution: Execution, command: string): void {
  if (!execution.transaction.readOnly) return;
  throw new PostgresError("25006", `cannot execute ${command} in a read-only transaction`);
}

function contextOf(table: Table, alias: string): BindContext {
  return { scope: new Scope([{ table, alias, offset: 0 }]), aggregates: null };
}

function* updateRow(
  execution: Execution,
  table: Table,
  tuple: Tuple,
  assignments: readonly BoundAssignment[],
  condition: BoundExpression | null,
): Steps<Tuple | null> {
  const { evaluation } = execution;
  let values = tuple.values;
  const keyAssigned = table.hasKeyColumn((position) =>
    assignments.some((item) => item.position === position),
  );
  const target = yield* reachRow(
    execution,
    table,
    tuple,
    condition,
    (current) => {
      values = applyAssignments(assignments, current.values, current.values, evaluation);
      checkRow(table, values, evaluation);
      return lockForChange(table, current.values, values);
    },
    keyAssigned ? "update" : "no key update",
  );
  return target === null ? null : yield* replaceTuple(execution, table, target, values);
}

/**
 * The version of a row that may be changed now: waits for others, and under READ COMMITTED follows the
 * row to its newest version and checks the condition again. A version that no longer satisfies it stays
 * locked, as in PostgreSQL. `prepare` computes the new row and answers the lock that the change takes.
 */
function* reachRow(
  execution: Execution,
  table: Table,
  tuple: Tuple,
  condition: BoundExpression | null,
  prepare: (current: Tuple) => "update" | "no key update" | "share" | "key share",
  followMode: "update" | "no key update",
): Steps<Tuple | null> {
  let current = tuple;
  for (;;) {
    const mode = prepare(current);
    const state = yield* awaitTuple(execution, table, current, {
      mode,
      policy: "wait",
      followUpdates: false,
    });
    if (state === "free") return current;
    if (state === "self" || state === "blocked") return null;
    if (execution.transaction.keepsSnapshot)
      throw concurrentChange(state === "deleted" ? "delete" : "update");
    if (state === "deleted") return null;
    const follow = { mode: followMode, policy: "wait", followUpdates: false } as const;
    const latest = yield* followToLatest(execution, table, current, follow);
    if (latest === null || latest === "blocked" || !satisfies(execution, latest, condition)) return null;
    current = latest;
  }
}
