import { chooseAccessPath } from "./access-path.ts";
import { bindCondition } from "./bind-expression.ts";
import type { BoundExpression } from "./bound-expression.ts";
import { evaluate } from "./evaluate.ts";
import type { Execution } from "./execution.ts";
import { findTable } from "./find-table.ts";
import { PostgresError } from "./postgres-error.ts";
import { readTuples } from "./read-tuples.ts";
import { Scope, type ScopeEntry } from "./scope.ts";
import type { Join, SelectStatement } from "./statement.ts";
import type { StoredValue } from "./stored-value.ts";
import type { Table } from "./table.ts";

type Row = readonly StoredValue[];

/** The tables of a select: what its expressions may name, and the rows that a condition leaves. */
export interface JoinedTables {
  readonly scope: Scope;
  rows(condition: BoundExpression | null): readonly Row[];
}

/** Joins the tables of a select by nested loops over what the snapshot sees. */
export function joinTables(
  execution: Execution,
  first: Table | null,
  statement: SelectStatement,
): JoinedTables {
  const entries: ScopeEntry[] = [];
  if (first !== null && statement.from !== null) {
    entries.push({ table: first, alias: statement.from.alias, offset: 0 });
  }
  let width = first?.columns.length ?? 0;
  for (const { table: reference } of statement.joins) {
    const table = findTable(execution.store, reference.table);
    if (entries.some((entry) => entry.alias === reference.alias)) {
      throw new PostgresError("42712", `table name "${reference.alias}" specified more than once`);
    }
    entries.push({ table, alias: reference.alias, offset: width });
    width += table.columns.length;
  }
  const scope = new Scope(entries);
  if (first === null) return { scope, rows: () => [[]] };
  if (statement.joins.length === 0)
    return { scope, rows: (condition) => readRows(execution, first, condition) };
  const conditions = statement.joins.map(({ on }, index) => {
    const visible = new Scope(entries.slice(0, index + 2));
    return on === null ? null : bindCondition(on, { scope: visible, aggregates: null });
  });
  return {
    scope,
    rows: (condition) => {
      let rows = readRows(execution, first, null);
      for (const [index, join] of statement.joins.entries()) {
        const entry = entries[index + 1] as ScopeEntry;
        rows = joinTable(execution, rows, entry.table, join, conditions[index] ?? null);
      }
      return rows.filter(
        (row) => condition === null || evaluate(condition, row, execution.evaluation) === true,
      );
    },
  };
}

function readRows(execution: Execution, table: Table, condition: BoundExpression | null): Row[] {
  const path = chooseAccessPath(table, condition);
  return readTuples(execution, table, path, condition).map((tuple) => tuple.values);
}

function joinTable(
  execution: Execution,
  rows: readonly Row[],
  table: Table,
  join: Join,
  on: BoundExpression | null,
): Row[] {
  const right = readTuples(execution, table, null, null);
  const missing = table.columns.map(() => null);
  const joined: Row[] = [];
  for (const row of rows) {
    let matched = false;
    for (const tuple of right) {
      const candidate = [...row, ...tuple.values];
      if (on !== null && evaluate(on, candidate, execution.evaluation) !== true) continue;
      matched = true;
      joined.push(candidate);
    }
    if (!matched && join.type === "left") joined.push([...row, ...missing]);
  }
  return joined;
}
