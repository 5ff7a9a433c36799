import type { OperationNode } from "kysely";
import { UnsupportedByPostgresModelError } from "./unsupported-by-postgres-model-error.ts";

/** Every node kind that the model reads, with every key that it interprets. Anything else is refused. */
const supportedKeys: Readonly<Record<string, readonly string[]>> = {
  AggregateFunctionNode: ["func", "aggregated", "distinct"],
  AliasNode: ["node", "alias"],
  AndNode: ["left", "right"],
  BinaryOperationNode: ["leftOperand", "operator", "rightOperand"],
  CastNode: ["expression", "dataType"],
  CheckConstraintNode: ["expression", "name"],
  ColumnDefinitionNode: [
    "column",
    "dataType",
    "primaryKey",
    "notNull",
    "unique",
    "defaultTo",
    "references",
    "generated",
    "check",
  ],
  ColumnNode: ["column"],
  ColumnUpdateNode: ["column", "value"],
  CreateIndexNode: ["name", "unique", "ifNotExists", "table", "columns"],
  CreateTableNode: ["table", "columns", "constraints", "ifNotExists"],
  DataTypeNode: ["dataType"],
  DefaultInsertValueNode: [],
  DefaultValueNode: ["defaultValue"],
  DeleteQueryNode: ["from", "where", "returning"],
  DropTableNode: ["table", "ifExists"],
  ForeignKeyConstraintNode: ["columns", "references", "name", "onDelete", "onUpdate"],
  FromNode: ["froms"],
  FunctionNode: ["func", "arguments"],
  GeneratedNode: ["identity", "always", "byDefault"],
  GroupByItemNode: ["groupBy"],
  GroupByNode: ["items"],
  IdentifierNode: ["name"],
  InsertQueryNode: ["into", "columns", "values", "returning", "onConflict", "defaultValues"],
  JoinNode: ["joinType", "table", "on"],
  LimitNode: ["limit"],
  OffsetNode: ["offset"],
  OnConflictNode: ["columns", "constraint", "doNothing", "updates", "updateWhere"],
  OnNode: ["on"],
  OperatorNode: ["operator"],
  OrderByItemNode: ["orderBy", "direction", "nulls"],
  OrderByNode: ["items"],
  OrNode: ["left", "right"],
  ParensNode: ["node"],
  PrimaryKeyConstraintNode: ["columns", "name"],
  PrimitiveValueListNode: ["values"],
  RawNode: ["sqlFragments", "parameters"],
  ReferenceNode: ["column", "table"],
  ReferencesNode: ["table", "columns", "onDelete", "onUpdate"],
  ReturningNode: ["selections"],
  SchemableIdentifierNode: ["identifier"],
  SelectAllNode: [],
  SelectModifierNode: ["modifier", "of"],
  SelectQueryNode: [
    "from",
    "joins",
    "selections",
    "where",
    "groupBy",
    "orderBy",
    "limit",
    "offset",
    "endModifiers",
  ],
  SelectionNode: ["selection"],
  TableNode: ["table"],
  UnaryOperationNode: ["operator", "operand"],
  UniqueConstraintNode: ["columns", "name"],
  UpdateQueryNode: ["table", "updates", "where", "returning"],
  ValueListNode: ["values"],
  ValueNode: ["value", "immediate"],
  ValuesNode: ["values"],
  WhereNode: ["where"],
};

/**
 * The node, once it is sure that it is of this kind and has no key that the model would ignore.
 * A key whose value is undefined, false or an empty list asks for nothing.
 */
export function readNode<Node extends OperationNode>(node: OperationNode, kind: Node["kind"]): Node {
  if (node.kind !== kind) throw new UnsupportedByPostgresModelError(`${node.kind} in this place`, kind);
  const keys = supportedKeys[kind];
  if (keys === undefined) throw unsupportedNode(node);
  for (const key in node) {
    if (key === "kind" || keys.includes(key)) continue;
    const value: unknown = (node as unknown as Record<string, unknown>)[key];
    if (value === undefined || value === false || (Array.isArray(value) && value.length === 0)) continue;
    throw new UnsupportedByPostgresModelError(
      `${kind}.${key}`,
      keys.length === 0 ? "no keys of this node" : keys.map((name) => `${kind}.${name}`).join(", "),
    );
  }
  return node as Node;
}

/** The refusal of a node whose kind has no place in the model, or not in this place. */
export function unsupportedNode(node: OperationNode, supported?: string): UnsupportedByPostgresModelError {
  return new UnsupportedByPostgresModelError(node.kind, supported ?? Object.keys(supportedKeys).join(", "));
}
