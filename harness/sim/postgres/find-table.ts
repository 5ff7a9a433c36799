import { PostgresError } from "./postgres-error.ts";
import type { Store } from "./store.ts";
import type { Table, TableColumn } from "./table.ts";

/** The table of this name; `relation … does not exist` (42P01) where there is none. */
export function findTable(store: Store, name: string): Table {
  const table = store.tables.get(name);
  if (table === undefined) throw new PostgresError("42P01", `relation "${name}" does not exist`);
  return table;
}

/** The column that a statement writes to or a constraint names (42703 where there is none). */
export function findColumn(table: Table, name: string): TableColumn {
  const column = table.column(name);
  if (column === undefined) {
    throw new PostgresError("42703", `column "${name}" of relation "${table.name}" does not exist`);
  }
  return column;
}
