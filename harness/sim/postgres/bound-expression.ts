import type { ColumnType, TypeName } from "./column-type.ts";
import type { AggregateName, ArithmeticOperator, ChoiceName, ComparisonOperator } from "./expression.ts";
import type { StoredValue } from "./stored-value.ts";
import type { WalPositionName } from "./wal-position.ts";

/** An expression whose columns are positions in a row and whose types are known. */
export type BoundExpression =
  | { readonly kind: "column"; readonly type: TypeName; readonly index: number }
  | { readonly kind: "constant"; readonly type: TypeName; readonly value: StoredValue }
  | BoundBinary<"compare", ComparisonOperator>
  | BoundBinary<"arithmetic", ArithmeticOperator>
  | BoundBinary<"like", "like" | "ilike">
  | BoundBinary<"logic", "and" | "or">
  | BoundBinary<"distinct", "is distinct from" | "is not distinct from">
  | BoundBinary<"concat", "||">
  | { readonly kind: "not"; readonly type: "boolean"; readonly operand: BoundExpression }
  | {
      readonly kind: "is";
      readonly type: "boolean";
      readonly operand: BoundExpression;
      readonly value: boolean | null;
    }
  | {
      readonly kind: "in";
      readonly type: "boolean";
      readonly operand: BoundExpression;
      readonly items: readonly BoundExpression[];
    }
  | {
      readonly kind: "choice";
      readonly type: TypeName;
      readonly name: ChoiceName;
      readonly items: readonly BoundExpression[];
    }
  | { readonly kind: "convert"; readonly type: TypeName; readonly operand: BoundExpression }
  | {
      readonly kind: "assign";
      readonly type: TypeName;
      readonly operand: BoundExpression;
      readonly to: ColumnType;
    }
  | { readonly kind: "aggregate"; readonly type: TypeName; readonly slot: number }
  | { readonly kind: "now"; readonly type: "timestamp with time zone" }
  | { readonly kind: "wal"; readonly type: "pg_lsn"; readonly position: WalPositionName };

/** A bound expression of two operands. */
export interface BoundBinary<Kind extends string, Operator extends string> {
  readonly kind: Kind;
  readonly type: TypeName;
  readonly operator: Operator;
  readonly left: BoundExpression;
  readonly right: BoundExpression;
}

/** An aggregate whose argument is bound. */
export interface BoundAggregate {
  readonly name: AggregateName;
  readonly operand: BoundExpression | null;
  readonly operandType: TypeName;
  readonly distinct: boolean;
}
