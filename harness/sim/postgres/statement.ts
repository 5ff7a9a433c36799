import type { Expression } from "./expression.ts";
import type { TableReference } from "./parse-names.ts";
import type { RowLockMode } from "./row-lock.ts";
import type { CreateIndexStatement, CreateTableStatement, DropTableStatement } from "./table-definition.ts";

/** What to do about a row that somebody else has locked. */
export type LockPolicy = "wait" | "skip" | "nowait";

/** One item of a select list or returning clause. */
export type SelectItem =
  | { readonly kind: "all"; readonly table: string | null }
  | { readonly kind: "expression"; readonly expression: Expression; readonly alias: string | null };

/** One item of an order by clause. */
export interface OrderItem {
  readonly expression: Expression;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}

/** A joined table. */
export interface Join {
  readonly type: "inner" | "left";
  readonly table: TableReference;
  readonly on: Expression | null;
}

/** `select`, with locking clauses. */
export interface SelectStatement {
  readonly kind: "select";
  readonly label: string;
  readonly from: TableReference | null;
  readonly joins: readonly Join[];
  readonly items: readonly SelectItem[];
  readonly where: Expression | null;
  readonly groupBy: readonly Expression[];
  readonly orderBy: readonly OrderItem[];
  readonly limit: Expression | null;
  readonly offset: Expression | null;
  readonly locking: { readonly mode: RowLockMode; readonly policy: LockPolicy } | null;
}

/** One assignment of a set clause. */
export interface Assignment {
  readonly column: string;
  readonly value: Expression;
}

/** What an insert does about a row that is there already. */
export interface OnConflict {
  readonly columns: readonly string[] | null;
  readonly constraint: string | null;
  /** Null: do nothing. */
  readonly updates: readonly Assignment[] | null;
  readonly updateWhere: Expression | null;
}

/** `insert`; an expression that is null asks for the default. */
export interface InsertStatement {
  readonly kind: "insert";
  readonly label: string;
  readonly into: TableReference;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (Expression | null)[])[];
  readonly onConflict: OnConflict | null;
  readonly returning: readonly SelectItem[];
}

/** `update`. */
export interface UpdateStatement {
  readonly kind: "update";
  readonly label: string;
  readonly table: TableReference;
  readonly updates: readonly Assignment[];
  readonly where: Expression | null;
  readonly returning: readonly SelectItem[];
}

/** `delete`. */
export interface DeleteStatement {
  readonly kind: "delete";
  readonly label: string;
  readonly table: TableReference;
  readonly where: Expression | null;
  readonly returning: readonly SelectItem[];
}

/** A statement that the model's server executes. */
export type Statement =
  | SelectStatement
  | InsertStatement
  | UpdateStatement
  | DeleteStatement
  | CreateTableStatement
  | CreateIndexStatement
  | DropTableStatement;

/** What a statement answers: its command tag, the rows it touched or found, and the rows it returns. */
export interface StatementResult {
  readonly command: string;
  readonly rowCount: number;
  readonly rows: readonly Record<string, unknown>[];
}
