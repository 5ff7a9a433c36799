import { type BindContext, bindExpression } from "./bind-expression.ts";
import type { BoundExpression } from "./bound-expression.ts";
import type { TypeName } from "./column-type.ts";
import { type EvaluationContext, evaluate } from "./evaluate.ts";
import type { Expression } from "./expression.ts";
import { PostgresError } from "./postgres-error.ts";
import type { SelectItem } from "./statement.ts";
import type { StoredValue } from "./stored-value.ts";
import { writeOutput } from "./stored-values.ts";
import { walFunctionNames } from "./wal-position.ts";

/** One column of a result: its name, where its value comes from, and how it is written. */
export interface OutputColumn {
  readonly name: string;
  readonly type: TypeName;
  readonly expression: BoundExpression;
}

/** Binds a select list or returning clause. */
export function bindOutput(items: readonly SelectItem[], context: BindContext): OutputColumn[] {
  const output: OutputColumn[] = [];
  for (const item of items) {
    if (item.kind === "all") {
      addAllColumns(item.table, context, output);
      continue;
    }
    const expression = bindExpression(item.expression, context);
    output.push({ name: item.alias ?? columnName(item.expression), type: expression.type, expression });
  }
  return output;
}

/** The result row that the client gets; of two columns of one name the last one counts, as in node-postgres. */
export function project(
  output: readonly OutputColumn[],
  row: readonly StoredValue[],
  context: EvaluationContext,
): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const { name, type, expression } of output) {
    const value =
      expression.kind === "column" ? (row[expression.index] ?? null) : evaluate(expression, row, context);
    result[name] = writeOutput(type, value);
  }
  return result;
}

function addAllColumns(alias: string | null, context: BindContext, output: OutputColumn[]): void {
  let known = alias === null;
  for (const entry of context.scope.entries) {
    if (alias !== null && entry.alias !== alias) continue;
    known = true;
    for (const { name, type, position } of entry.table.columns) {
      const expression = { kind: "column", type: type.name, index: entry.offset + position } as const;
      output.push({ name, type: type.name, expression });
    }
  }
  if (!known) throw new PostgresError("42P01", `missing FROM-clause entry for table "${alias}"`);
}

function columnName(expression: Expression): string {
  switch (expression.kind) {
    case "column":
      return expression.column;
    case "aggregate":
    case "choice":
      return expression.name;
    case "wal":
      return walFunctionNames[expression.position];
    case "now":
      return "now";
    case "cast":
      return expression.operand.kind === "parameter" || expression.operand.kind === "literal"
        ? expression.type
        : columnName(expression.operand);
    default:
      return "?column?";
  }
}
