import type {
  ColumnUpdateNode,
  DeleteQueryNode,
  FromNode,
  InsertQueryNode,
  OnConflictNode,
  OperationNode,
  PrimitiveValueListNode,
  ReferenceNode,
  ReturningNode,
  UpdateQueryNode,
  ValueListNode,
  ValuesNode,
} from "kysely";
import type { Expression } from "./expression.ts";
import { parseExpression } from "./parse-expression.ts";
import { parseColumnName, parseIdentifier, parseTableReference } from "./parse-names.ts";
import { parseSelection, parseWhere } from "./parse-select.ts";
import type {
  Assignment,
  DeleteStatement,
  InsertStatement,
  OnConflict,
  SelectItem,
  UpdateStatement,
} from "./statement.ts";
import { readNode, unsupportedNode } from "./supported-nodes.ts";
import { UnsupportedByPostgresModelError } from "./unsupported-by-postgres-model-error.ts";

/** Reads an insert query. */
export function parseInsert(node: OperationNode): InsertStatement {
  const query = readNode<InsertQueryNode>(node, "InsertQueryNode");
  if (query.into === undefined) throw unsupportedNode(node, "insert into a table");
  const into = parseTableReference(query.into);
  const onConflict = query.onConflict === undefined ? null : parseOnConflict(query.onConflict);
  return {
    kind: "insert",
    label: `insert ${into.table}`,
    into,
    columns: (query.columns ?? []).map(parseColumnName),
    rows: query.values === undefined ? [[]] : parseRows(query.values),
    onConflict,
    returning: parseReturning(query.returning),
  };
}

/** Reads an update query. */
export function parseUpdate(node: OperationNode): UpdateStatement {
  const query = readNode<UpdateQueryNode>(node, "UpdateQueryNode");
  if (query.table === undefined) throw unsupportedNode(node, "update of a table");
  const table = parseTableReference(query.table);
  return {
    kind: "update",
    label: `update ${table.table}`,
    table,
    updates: (query.updates ?? []).map(parseAssignment),
    where: parseWhere(query.where),
    returning: parseReturning(query.returning),
  };
}

/** Reads a delete query. */
export function parseDelete(node: OperationNode): DeleteStatement {
  const query = readNode<DeleteQueryNode>(node, "DeleteQueryNode");
  const [from, ...others] = readNode<FromNode>(query.from, "FromNode").froms;
  if (from === undefined || others.length > 0) throw unsupportedNode(query.from, "delete from one table");
  const table = parseTableReference(from);
  return {
    kind: "delete",
    label: `delete ${table.table}`,
    table,
    where: parseWhere(query.where),
    returning: parseReturning(query.returning),
  };
}

function parseReturning(node: ReturningNode | undefined): SelectItem[] {
  return node === undefined
    ? []
    : readNode<ReturningNode>(node, "ReturningNode").selections.map(parseSelection);
}

function parseRows(node: OperationNode): (Expression | null)[][] {
  if (node.kind !== "ValuesNode") throw unsupportedNode(node, "insert of values");
  return readNode<ValuesNode>(node, "ValuesNode").values.map((row) => {
    if (row.kind === "PrimitiveValueListNode") {
      const { values } = readNode<PrimitiveValueListNode>(row, "PrimitiveValueListNode");
      return values.map((value): Expression => ({ kind: "parameter", value }));
    }
    return readNode<ValueListNode>(row, "ValueListNode").values.map((value) => {
      if (value.kind !== "DefaultInsertValueNode") return parseExpression(value);
      readNode(value, "DefaultInsertValueNode");
      return null;
    });
  });
}

function parseAssignment(node: OperationNode): Assignment {
  const { column, value } = readNode<ColumnUpdateNode>(node, "ColumnUpdateNode");
  const target =
    column.kind === "ReferenceNode"
      ? readNode<ReferenceNode>(column, "ReferenceNode")
      : { column, table: undefined };
  if (target.table !== undefined) {
    throw new UnsupportedByPostgresModelError(
      "a set clause with a table's name",
      "columns without a table's name",
    );
  }
  return { column: parseColumnName(target.column), value: parseExpression(value) };
}

function parseOnConflict(node: OperationNode): OnConflict {
  const clause = readNode<OnConflictNode>(node, "OnConflictNode");
  const updates = clause.doNothing === true ? null : (clause.updates ?? []).map(parseAssignment);
  return {
    columns: clause.columns === undefined ? null : clause.columns.map(parseColumnName),
    constraint: clause.constraint === undefined ? null : parseIdentifier(clause.constraint),
    updates,
    updateWhere: parseWhere(clause.updateWhere),
  };
}
