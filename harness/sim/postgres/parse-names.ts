import type {
  AliasNode,
  ColumnNode,
  IdentifierNode,
  OperationNode,
  SchemableIdentifierNode,
  TableNode,
} from "kysely";
import { readNode } from "./supported-nodes.ts";
import { UnsupportedByPostgresModelError } from "./unsupported-by-postgres-model-error.ts";

/** A table of a statement and the name by which its columns are referred to. */
export interface TableReference {
  readonly table: string;
  readonly alias: string;
}

/** The identifier's name. */
export function parseIdentifier(node: OperationNode): string {
  return readNode<IdentifierNode>(node, "IdentifierNode").name;
}

/** The column's name. */
export function parseColumnName(node: OperationNode): string {
  return parseIdentifier(readNode<ColumnNode>(node, "ColumnNode").column);
}

/** The table's name; schemas are refused, except `public`. */
export function parseTableName(node: OperationNode): string {
  return parseSchemable(readNode<TableNode>(node, "TableNode").table);
}

/** A name that could have a schema. */
export function parseSchemable(node: OperationNode): string {
  const { schema } = node as SchemableIdentifierNode;
  if (schema !== undefined && schema.name !== "public") {
    throw new UnsupportedByPostgresModelError(`the schema "${schema.name}"`, "tables of the schema public");
  }
  if (schema === undefined) readNode(node, "SchemableIdentifierNode");
  return parseIdentifier((node as SchemableIdentifierNode).identifier);
}

/** A table of a from clause, with or without an alias. */
export function parseTableReference(node: OperationNode): TableReference {
  if (node.kind === "AliasNode") {
    const { node: inner, alias } = readNode<AliasNode>(node, "AliasNode");
    return { table: parseTableName(inner), alias: parseIdentifier(alias) };
  }
  const table = parseTableName(node);
  return { table, alias: table };
}
