import type {
  CheckConstraintNode,
  ColumnDefinitionNode,
  CreateIndexNode,
  CreateTableNode,
  DataTypeNode,
  DefaultValueNode,
  DropTableNode,
  ForeignKeyConstraintNode,
  GeneratedNode,
  OperationNode,
  PrimaryKeyConstraintNode,
  RawNode,
  ReferenceNode,
  ReferencesNode,
  UniqueConstraintNode,
} from "kysely";
import { type DeclaredType, parseColumnType } from "./column-type.ts";
import { parseExpression } from "./parse-expression.ts";
import { parseColumnName, parseIdentifier, parseSchemable, parseTableName } from "./parse-names.ts";
import { readNode, unsupportedNode } from "./supported-nodes.ts";
import type {
  ColumnDeclaration,
  ConstraintDeclaration,
  CreateIndexStatement,
  CreateTableStatement,
  DropTableStatement,
  References,
} from "./table-definition.ts";
import { UnsupportedByPostgresModelError } from "./unsupported-by-postgres-model-error.ts";

/** Reads `create table`. */
export function parseCreateTable(node: OperationNode): CreateTableStatement {
  const query = readNode<CreateTableNode>(node, "CreateTableNode");
  const table = parseTableName(query.table);
  const constraints: ConstraintDeclaration[] = [];
  const columns = query.columns.map((column) => parseColumn(column, constraints));
  for (const constraint of query.constraints ?? []) constraints.push(parseConstraint(constraint));
  return {
    kind: "create table",
    label: `create ${table}`,
    table,
    ifNotExists: query.ifNotExists === true,
    columns,
    constraints,
  };
}

/** Reads `create index`. */
export function parseCreateIndex(node: OperationNode): CreateIndexStatement {
  const query = readNode<CreateIndexNode>(node, "CreateIndexNode");
  if (query.table === undefined || query.columns === undefined)
    throw unsupportedNode(node, "an index on columns");
  return {
    kind: "create index",
    label: "create index",
    name: parseIdentifier(query.name),
    table: parseTableName(query.table),
    unique: query.unique === true,
    ifNotExists: query.ifNotExists === true,
    columns: query.columns.map(parseIndexColumn),
  };
}

/** Reads `drop table`. */
export function parseDropTable(node: OperationNode): DropTableStatement {
  const query = readNode<DropTableNode>(node, "DropTableNode");
  const table = parseTableName(query.table);
  return { kind: "drop table", label: `drop ${table}`, table, ifExists: query.ifExists === true };
}

function parseIndexColumn(node: OperationNode): string {
  if (node.kind === "ReferenceNode")
    return parseColumnName(readNode<ReferenceNode>(node, "ReferenceNode").column);
  if (node.kind !== "ColumnNode") throw unsupportedNode(node, "plain columns in an index");
  return parseColumnName(node);
}

function parseColumn(node: OperationNode, constraints: ConstraintDeclaration[]): ColumnDeclaration {
  const column = readNode<ColumnDefinitionNode>(node, "ColumnDefinitionNode");
  const name = parseColumnName(column.column);
  if (column.primaryKey === true) constraints.push({ kind: "primary key", name: null, columns: [name] });
  if (column.unique === true) constraints.push({ kind: "unique", name: null, columns: [name] });
  if (column.references !== undefined) {
    const references = parseReferences(column.references);
    constraints.push({ kind: "foreign key", name: null, columns: [name], references });
  }
  if (column.check !== undefined) {
    const { expression } = readNode<CheckConstraintNode>(column.check, "CheckConstraintNode");
    constraints.push({ kind: "check", name: null, column: name, condition: parseExpression(expression) });
  }
  return {
    name,
    type: parseType(column.dataType),
    notNull: column.notNull === true,
    default:
      column.defaultTo === undefined
        ? null
        : parseExpression(readNode<DefaultValueNode>(column.defaultTo, "DefaultValueNode").defaultValue),
    identity: column.generated === undefined ? null : parseIdentity(column.generated),
  };
}

function parseType(node: OperationNode): DeclaredType {
  if (node.kind === "RawNode")
    return parseColumnType(readNode<RawNode>(node, "RawNode").sqlFragments.join(""));
  return parseColumnType(readNode<DataTypeNode>(node, "DataTypeNode").dataType);
}

function parseIdentity(node: OperationNode): "always" | "by default" {
  const { identity, always } = readNode<GeneratedNode>(node, "GeneratedNode");
  if (identity !== true) throw unsupportedNode(node, "generated … as identity");
  return always === true ? "always" : "by default";
}

function parseReferences(node: OperationNode): References {
  const references = readNode<ReferencesNode>(node, "ReferencesNode");
  refuseActions(references);
  return { table: parseTableName(references.table), columns: references.columns.map(parseColumnName) };
}

function refuseActions(node: { readonly onDelete?: string; readonly onUpdate?: string }): void {
  for (const action of [node.onDelete, node.onUpdate]) {
    if (action === undefined || action === "no action") continue;
    throw new UnsupportedByPostgresModelError(`the foreign key action ${action}`, "no action");
  }
}

function parseConstraint(node: OperationNode): ConstraintDeclaration {
  switch (node.kind) {
    case "PrimaryKeyConstraintNode": {
      const { columns, name } = readNode<PrimaryKeyConstraintNode>(node, "PrimaryKeyConstraintNode");
      return { kind: "primary key", name: parseName(name), columns: columns.map(parseColumnName) };
    }
    case "UniqueConstraintNode": {
      const { columns, name } = readNode<UniqueConstraintNode>(node, "UniqueConstraintNode");
      return { kind: "unique", name: parseName(name), columns: columns.map(parseIndexColumn) };
    }
    case "ForeignKeyConstraintNode": {
      const key = readNode<ForeignKeyConstraintNode>(node, "ForeignKeyConstraintNode");
      refuseActions(key);
      const references = parseReferences(key.references);
      return {
        kind: "foreign key",
        name: parseName(key.name),
        columns: key.columns.map(parseColumnName),
        references,
      };
    }
    case "CheckConstraintNode": {
      const { expression, name } = readNode<CheckConstraintNode>(node, "CheckConstraintNode");
      return { kind: "check", name: parseName(name), column: null, condition: parseExpression(expression) };
    }
    default:
      throw unsupportedNode(node, "primary key, unique, foreign key, check");
  }
}

function parseName(node: OperationNode | undefined): string | null {
  if (node === undefined) return null;
  return node.kind === "IdentifierNode" ? parseIdentifier(node) : parseSchemable(node);
}
