import type { ColumnType } from "./column-type.ts";
import { PostgresError } from "./postgres-error.ts";
import type { Table, TableColumn } from "./table.ts";

/** A table whose columns an expression may name; they stand from `offset` on in the row. */
export interface ScopeEntry {
  readonly table: Table;
  readonly alias: string;
  readonly offset: number;
}

/** A column found by its name. */
export interface ResolvedColumn {
  readonly index: number;
  readonly type: ColumnType;
  readonly column: TableColumn;
}

/** The tables of a statement: finds columns by name, with PostgreSQL's errors where there is none. */
export class Scope {
  readonly entries: readonly ScopeEntry[];

  constructor(entries: readonly ScopeEntry[]) {
    this.entries = entries;
  }

  /** Throws 42703 (no such column), 42702 (ambiguous) or 42P01 (no such table in this statement). */
  resolve(alias: string | null, name: string): ResolvedColumn {
    let found: ResolvedColumn | null = null;
    let known = false;
    for (const entry of this.entries) {
      if (alias !== null && entry.alias !== alias) continue;
      known = true;
      const column = entry.table.column(name);
      if (column === undefined) continue;
      if (found !== null) throw new PostgresError("42702", `column reference "${name}" is ambiguous`);
      found = { index: entry.offset + column.position, type: column.type, column };
    }
    if (found !== null) return found;
    if (!known && alias !== null) throw this.#missingTable(alias);
    const shown = alias === null ? `"${name}"` : `${alias}.${name}`;
    throw new PostgresError("42703", `column ${shown} does not exist`);
  }

  #missingTable(alias: string): PostgresError {
    const hidden = this.entries.find((entry) => entry.table.name === alias);
    const hint =
      hidden === undefined ? "missing FROM-clause entry" : "invalid reference to FROM-clause entry";
    return new PostgresError("42P01", `${hint} for table "${alias}"`);
  }
}
