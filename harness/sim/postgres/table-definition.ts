import type { DeclaredType } from "./column-type.ts";
import type { Expression } from "./expression.ts";

/** A referenced table and its columns (none named: its primary key). */
export interface References {
  readonly table: string;
  readonly columns: readonly string[];
}

/** A column as `create table` declares it. */
export interface ColumnDeclaration {
  readonly name: string;
  readonly type: DeclaredType;
  readonly notNull: boolean;
  readonly default: Expression | null;
  readonly identity: "always" | "by default" | null;
}

/** A constraint as `create table` declares it; without a name it gets PostgreSQL's. */
export type ConstraintDeclaration =
  | {
      readonly kind: "primary key" | "unique";
      readonly name: string | null;
      readonly columns: readonly string[];
    }
  | {
      readonly kind: "foreign key";
      readonly name: string | null;
      readonly columns: readonly string[];
      readonly references: References;
    }
  | {
      readonly kind: "check";
      readonly name: string | null;
      /** The column that it is written on; null for a constraint of the table. */
      readonly column: string | null;
      readonly condition: Expression;
    };

/** `create table`. */
export interface CreateTableStatement {
  readonly kind: "create table";
  readonly label: string;
  readonly table: string;
  readonly ifNotExists: boolean;
  readonly columns: readonly ColumnDeclaration[];
  readonly constraints: readonly ConstraintDeclaration[];
}

/** `create index`, `create unique index`. */
export interface CreateIndexStatement {
  readonly kind: "create index";
  readonly label: string;
  readonly name: string;
  readonly table: string;
  readonly unique: boolean;
  readonly ifNotExists: boolean;
  readonly columns: readonly string[];
}

/** `drop table`. */
export interface DropTableStatement {
  readonly kind: "drop table";
  readonly label: string;
  readonly table: string;
  readonly ifExists: boolean;
}
