import type { Expression } from "./expression.ts";
import type { ConstraintDeclaration } from "./table-definition.ts";

/** The name that PostgreSQL gives a constraint without one: `t_a_key`, `t_check`, `t_pkey`. */
export function constraintName(
  table: string,
  constraint: ConstraintDeclaration,
  taken: ReadonlySet<string>,
): string {
  if (constraint.name !== null) return constraint.name;
  const parts = [table];
  switch (constraint.kind) {
    case "primary key":
      parts.push("pkey");
      break;
    case "unique":
      parts.push(...constraint.columns, "key");
      break;
    case "foreign key":
      parts.push(...constraint.columns, "fkey");
      break;
    default: {
      const columns = new Set<string>();
      collectColumns(constraint.condition, columns);
      parts.push(...(columns.size === 1 ? columns : []), "check");
    }
  }
  const base = parts.join("_");
  let name = base;
  for (let suffix = 1; taken.has(name); suffix++) name = `${base}${suffix}`;
  return name;
}

function collectColumns(expression: Expression, columns: Set<string>): void {
  switch (expression.kind) {
    case "column":
      columns.add(expression.column);
      return;
    case "parameter":
    case "literal":
    case "now":
    case "wal":
      return;
    case "in":
      for (const item of [expression.operand, ...expression.items]) collectColumns(item, columns);
      return;
    case "choice":
      for (const item of expression.items) collectColumns(item, columns);
      return;
    case "aggregate":
      if (expression.operand !== null) collectColumns(expression.operand, columns);
      return;
    case "not":
    case "is":
    case "any":
    case "cast":
      collectColumns(expression.operand, columns);
      return;
    default:
      collectColumns(expression.left, columns);
      collectColumns(expression.right, columns);
  }
}
