import { type BindContext, bindExpression } from "./bind-expression.ts";
import type { BoundExpression } from "./bound-expression.ts";
import { bindAssignment } from "./convert-type.ts";
import { type EvaluationContext, evaluate } from "./evaluate.ts";
import { findColumn } from "./find-table.ts";
import { PostgresError } from "./postgres-error.ts";
import type { Assignment } from "./statement.ts";
import type { StoredValue } from "./stored-value.ts";
import type { Table } from "./table.ts";

/** One assignment of a set clause: the column's position and what to put there. */
export interface BoundAssignment {
  readonly position: number;
  readonly value: BoundExpression;
}

/** Binds a set clause. */
export function bindAssignments(
  table: Table,
  updates: readonly Assignment[],
  context: BindContext,
): BoundAssignment[] {
  const assignments: BoundAssignment[] = [];
  for (const { column: name, value } of updates) {
    const column = findColumn(table, name);
    if (assignments.some((other) => other.position === column.position)) {
      throw new PostgresError("42601", `multiple assignments to same column "${name}"`);
    }
    if (column.alwaysGenerated) {
      throw new PostgresError("428C9", `column "${name}" can only be updated to DEFAULT`, {
        detail: `Column "${name}" is an identity column defined as GENERATED ALWAYS.`,
      });
    }
    const bound = bindExpression(value, context, column.type);
    assignments.push({ position: column.position, value: bindAssignment(bound, column.type, name) });
  }
  return assignments;
}

/** The new row: `before` with the assignments, which are evaluated on `row`. */
export function applyAssignments(
  assignments: readonly BoundAssignment[],
  before: readonly StoredValue[],
  row: readonly StoredValue[],
  context: EvaluationContext,
): StoredValue[] {
  const values = before.slice();
  for (const { position, value } of assignments) values[position] = evaluate(value, row, context);
  return values;
}
