import type { TypeName } from "./column-type.ts";
import type { StoredValue } from "./stored-value.ts";
import type { WalPositionName } from "./wal-position.ts";

/** The comparisons of the model. */
export type ComparisonOperator = "=" | "!=" | "<" | "<=" | ">" | ">=";
/** The arithmetic of the model. */
export type ArithmeticOperator = "+" | "-" | "*" | "/" | "%";
/** The aggregates of the model. */
export type AggregateName = "count" | "sum" | "min" | "max";
/** The functions of the model that take the first or extreme non-null argument. */
export type ChoiceName = "coalesce" | "greatest" | "least";

/** An expression as the statement says it: names and parameters, no types yet. */
export type Expression =
  | { readonly kind: "column"; readonly table: string | null; readonly column: string }
  | { readonly kind: "parameter"; readonly value: unknown }
  | { readonly kind: "literal"; readonly type: TypeName; readonly value: StoredValue }
  | BinaryExpression<"compare", ComparisonOperator>
  | BinaryExpression<"arithmetic", ArithmeticOperator>
  | BinaryExpression<"like", "like" | "ilike">
  | BinaryExpression<"logic", "and" | "or">
  | BinaryExpression<"distinct", "is distinct from" | "is not distinct from">
  | BinaryExpression<"concat", "||">
  | { readonly kind: "not"; readonly operand: Expression }
  | { readonly kind: "is"; readonly operand: Expression; readonly value: boolean | null }
  | { readonly kind: "in"; readonly operand: Expression; readonly items: readonly Expression[] }
  | { readonly kind: "any"; readonly operand: Expression; readonly array: unknown }
  | { readonly kind: "choice"; readonly name: ChoiceName; readonly items: readonly Expression[] }
  | { readonly kind: "cast"; readonly operand: Expression; readonly type: TypeName }
  | {
      readonly kind: "aggregate";
      readonly name: AggregateName;
      readonly operand: Expression | null;
      readonly distinct: boolean;
    }
  | { readonly kind: "now" }
  | { readonly kind: "wal"; readonly position: WalPositionName };

/** An expression of two operands. */
export interface BinaryExpression<Kind extends string, Operator extends string> {
  readonly kind: Kind;
  readonly operator: Operator;
  readonly left: Expression;
  readonly right: Expression;
}
