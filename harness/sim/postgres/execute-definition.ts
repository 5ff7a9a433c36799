import { type BindContext, bindCondition, bindExpression } from "./bind-expression.ts";
import { describeKey } from "./check-row.ts";
import { constraintName } from "./constraint-names.ts";
import { bindAssignment, commonType } from "./convert-type.ts";
import type { Execution } from "./execution.ts";
import { findColumn, findTable } from "./find-table.ts";
import { PostgresError } from "./postgres-error.ts";
import { Scope } from "./scope.ts";
import { Sequence } from "./sequence.ts";
import type { StatementResult } from "./statement.ts";
import type { Store } from "./store.ts";
import { type ForeignKey, Table, type TableColumn } from "./table.ts";
import type {
  ColumnDeclaration,
  ConstraintDeclaration,
  CreateIndexStatement,
  CreateTableStatement,
  DropTableStatement,
} from "./table-definition.ts";
import { type IndexKey, TableIndex } from "./table-index.ts";

/**
 * Executes a data definition. It takes effect at once for everybody and is taken back when its
 * transaction aborts; PostgreSQL would lock others out until the commit.
 */
export function executeDefinition(
  execution: Execution,
  statement: CreateTableStatement | CreateIndexStatement | DropTableStatement,
): StatementResult {
  if (statement.kind === "create table") createTable(execution, statement);
  else if (statement.kind === "create index") createIndex(execution, statement);
  else dropTable(execution, statement);
  return { command: statement.kind.toUpperCase(), rowCount: 0, rows: [] };
}

function createTable({ store, transaction }: Execution, statement: CreateTableStatement): void {
  if (store.tables.has(statement.table)) {
    if (statement.ifNotExists) return;
    throw new PostgresError("42P07", `relation "${statement.table}" already exists`);
  }
  const primary = new Set<string>();
  for (const constraint of statement.constraints) {
    if (constraint.kind === "primary key") for (const column of constraint.columns) primary.add(column);
  }
  const columns = statement.columns.map((column, position) =>
    makeColumn(statement.table, column, position, primary),
  );
  const table = new Table(statement.table, columns);
  addConstraints(store, table, statement.constraints);
  store.tables.set(table.name, table);
  transaction.undo.push({ undo: () => forget(store, table), settle: () => {} });
}

function createIndex({ store, transaction }: Execution, statement: CreateIndexStatement): void {
  const table = findTable(store, statement.table);
  if (relationNames(store).has(statement.name)) {
    if (statement.ifNotExists) return;
    throw new PostgresError("42P07", `relation "${statement.name}" already exists`);
  }
  const columns = statement.columns.map((name) => findColumn(table, name).position);
  const index = new TableIndex({ name: statement.name, columns, unique: statement.unique, primary: false });
  const seen = new Set<IndexKey>();
  for (const tuple of table.heap) {
    if (tuple.removed) continue;
    index.add(tuple);
    const live = tuple.updater === null || tuple.updater.state !== "committed";
    const key = index.keyOf(tuple.values);
    if (!statement.unique || !live || key === null) continue;
    if (seen.has(key)) {
      throw new PostgresError("23505", `could not create unique index "${index.name}"`, {
        table: table.name,
        constraint: index.name,
        detail: `Key ${describeKey(table, columns, tuple.values)} is duplicated.`,
      });
    }
    seen.add(key);
  }
  table.indexes.push(index);
  transaction.undo.push({
    undo: () => {
      table.indexes.splice(table.indexes.indexOf(index), 1);
    },
    settle: () => {},
  });
}

function dropTable({ store, transaction }: Execution, statement: DropTableStatement): void {
  const table = store.tables.get(statement.table);
  if (table === undefined) {
    if (statement.ifExists) return;
    throw new PostgresError("42P01", `table "${statement.table}" does not exist`);
  }
  const dependent = table.referencedBy.find((key) => key.child !== table);
  if (dependent !== undefined) {
    throw new PostgresError("2BP01", `cannot drop table ${table.name} because other objects depend on it`, {
      detail: `constraint ${dependent.name} on table ${dependent.child.name} depends on table ${table.name}`,
      hint: "Use DROP ... CASCADE to drop the dependent objects too.",
    });
  }
  forget(store, table);
  transaction.undo.push({
    undo: () => {
      store.tables.set(table.name, table);
      for (const key of table.foreignKeys) key.parent.referencedBy.push(key);
    },
    settle: () => {},
  });
}

function forget(store: Store, table: Table): void {
  store.tables.delete(table.name);
  for (const { parent } of table.foreignKeys) {
    for (let at = parent.referencedBy.length - 1; at >= 0; at--) {
      if (parent.referencedBy[at]?.child === table) parent.referencedBy.splice(at, 1);
    }
  }
}

function makeColumn(
  table: string,
  { name, type: { type, serial }, notNull, default: fallback, identity }: ColumnDeclaration,
  position: number,
  primary: ReadonlySet<string>,
): TableColumn {
  const counted = serial || identity !== null;
  const context: BindContext = { scope: new Scope([]), aggregates: null };
  return {
    name,
    position,
    type,
    notNull: notNull || counted || primary.has(name),
    default: fallback === null ? null : bindAssignment(bindExpression(fallback, context, type), type, name),
    sequence: counted ? new Sequence(`${table}_${name}_seq`) : null,
    alwaysGenerated: identity === "always",
  };
}

function addConstraints(store: Store, table: Table, constraints: readonly ConstraintDeclaration[]): void {
  const taken = relationNames(store);
  const ranks = { "primary key": 0, unique: 1, check: 2, "foreign key": 3 } as const;
  for (const constraint of constraints.toSorted((a, b) => ranks[a.kind] - ranks[b.kind])) {
    const name = constraintName(table.name, constraint, taken);
    taken.add(name);
    if (constraint.kind === "check") {
      const scope = new Scope([{ table, alias: table.name, offset: 0 }]);
      table.checks.push({
        name,
        condition: bindCondition(constraint.condition, { scope, aggregates: null }),
      });
      table.checks.sort((a, b) => (a.name < b.name ? -1 : 1));
      continue;
    }
    const columns = constraint.columns.map((column) => findColumn(table, column).position);
    if (constraint.kind === "foreign key") addForeignKey(store, table, name, columns, constraint.references);
    else {
      const primary = constraint.kind === "primary key";
      table.indexes.push(new TableIndex({ name, columns, unique: true, primary }));
    }
  }
}

function addForeignKey(
  store: Store,
  child: Table,
  name: string,
  childColumns: readonly number[],
  references: { readonly table: string; readonly columns: readonly string[] },
): void {
  const parent = references.table === child.name ? child : findTable(store, references.table);
  const named = references.columns.map((column) => findColumn(parent, column).position);
  const parentIndex = parent.indexes.find((index) =>
    named.length === 0 ? index.primary : index.unique && index.columns.join() === named.join(),
  );
  if (parentIndex === undefined) {
    throw new PostgresError(
      "42830",
      `there is no unique constraint matching given keys for referenced table "${parent.name}"`,
    );
  }
  const parentColumns = parentIndex.columns;
  const key: ForeignKey = { name, child, childColumns, parent, parentColumns, parentIndex };
  for (const [at, position] of childColumns.entries()) {
    const childType = child.columns[position]?.type.name ?? "unknown";
    const parentType = parent.columns[parentColumns[at] ?? -1]?.type.name ?? "unknown";
    if (commonType(childType, parentType) === null) {
      throw new PostgresError("42804", `foreign key constraint "${name}" cannot be implemented`);
    }
  }
  child.foreignKeys.push(key);
  parent.referencedBy.push(key);
}

function relationNames(store: Store): Set<string> {
  const names = new Set<string>();
  for (const table of store.tables.values()) {
    names.add(table.name);
    for (const index of table.indexes) names.add(index.name);
  }
  return names;
}
