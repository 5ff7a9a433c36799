import type { BoundExpression } from "./bound-expression.ts";
import type { ColumnType } from "./column-type.ts";
import type { Sequence } from "./sequence.ts";
import type { SerializableTransaction } from "./serializable-transaction.ts";
import type { StoredValue } from "./stored-value.ts";
import type { TableIndex } from "./table-index.ts";
import type { Transaction } from "./transaction.ts";
import { Tuple } from "./tuple.ts";

/** A column of a table. */
export interface TableColumn {
  readonly name: string;
  readonly position: number;
  readonly type: ColumnType;
  readonly notNull: boolean;
  readonly default: BoundExpression | null;
  readonly sequence: Sequence | null;
  /** `generated always as identity`: a value cannot be given (428C9). */
  readonly alwaysGenerated: boolean;
}

/** A check constraint: violated where the condition is false. */
export interface CheckConstraint {
  readonly name: string;
  readonly condition: BoundExpression;
}

/** A foreign key without actions: a referenced row cannot go, a referring row needs its parent. */
export interface ForeignKey {
  readonly name: string;
  readonly child: Table;
  readonly childColumns: readonly number[];
  readonly parent: Table;
  readonly parentColumns: readonly number[];
  readonly parentIndex: TableIndex;
}

/** A table: its definition, and its heap of row versions in the order in which they were written. */
export class Table {
  readonly name: string;
  readonly columns: readonly TableColumn[];
  /** In the order in which PostgreSQL maintains them: primary key, unique constraints, created later. */
  readonly indexes: TableIndex[] = [];
  readonly checks: CheckConstraint[] = [];
  readonly foreignKeys: ForeignKey[] = [];
  /** The foreign keys of other tables (or its own) that refer to this one. */
  readonly referencedBy: ForeignKey[] = [];
  /** Serializable transactions that read all of it. */
  readonly readers: SerializableTransaction[] = [];
  heap: Tuple[] = [];
  #lastPosition = 0;
  #removed = 0;
  readonly #columns = new Map<string, TableColumn>();

  constructor(name: string, columns: readonly TableColumn[]) {
    this.name = name;
    this.columns = columns;
    for (const column of columns) this.#columns.set(column.name, column);
  }

  /** The column of this name. */
  column(name: string): TableColumn | undefined {
    return this.#columns.get(name);
  }

  /** Writes a new version at the end of the heap; the indexes are the caller's business. */
  append(values: readonly StoredValue[], creator: Transaction, command: number): Tuple {
    const tuple = new Tuple(values, creator, command, this.#lastPosition++);
    this.heap.push(tuple);
    return tuple;
  }

  /** Forgets a version that nobody can see any more. */
  remove(tuple: Tuple): void {
    if (tuple.removed) return;
    tuple.removed = true;
    for (const index of this.indexes) index.remove(tuple);
    this.#removed++;
    if (this.#removed > 16 && this.#removed * 2 > this.heap.length) {
      this.heap = this.heap.filter((kept) => !kept.removed);
      this.#removed = 0;
    }
  }

  /** Whether a unique index has one of these columns: a change of it takes the strongest lock. */
  hasKeyColumn(isAffected: (position: number) => boolean): boolean {
    for (const index of this.indexes) {
      if (!index.unique) continue;
      for (const position of index.columns) if (isAffected(position)) return true;
    }
    return false;
  }
}
