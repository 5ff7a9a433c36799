import type {
  AliasNode,
  FromNode,
  GroupByItemNode,
  GroupByNode,
  JoinNode,
  LimitNode,
  OffsetNode,
  OnNode,
  OperationNode,
  OrderByItemNode,
  OrderByNode,
  RawNode,
  ReferenceNode,
  SelectionNode,
  SelectModifierNode,
  SelectQueryNode,
  WhereNode,
} from "kysely";
import type { Expression } from "./expression.ts";
import { parseExpression } from "./parse-expression.ts";
import { parseIdentifier, parseTableName, parseTableReference } from "./parse-names.ts";
import type { RowLockMode } from "./row-lock.ts";
import type { Join, LockPolicy, OrderItem, SelectItem, SelectStatement } from "./statement.ts";
import { readNode, unsupportedNode } from "./supported-nodes.ts";
import { UnsupportedByPostgresModelError } from "./unsupported-by-postgres-model-error.ts";

/** Reads a select query. */
export function parseSelect(node: OperationNode): SelectStatement {
  const query = readNode<SelectQueryNode>(node, "SelectQueryNode");
  const froms = query.from === undefined ? [] : readNode<FromNode>(query.from, "FromNode").froms;
  const first = froms[0];
  if (froms.length > 1)
    throw new UnsupportedByPostgresModelError("FromNode of several tables", "one table, joins");
  const from = first === undefined ? null : parseTableReference(first);
  const joins = (query.joins ?? []).map(parseJoin);
  const locking = query.endModifiers === undefined ? null : parseLocking(query.endModifiers);
  const groupBy = query.groupBy === undefined ? [] : parseGroupBy(query.groupBy);
  if (locking !== null && (joins.length > 0 || groupBy.length > 0)) {
    throw new UnsupportedByPostgresModelError(
      "a locking clause with joins or group by",
      "locking of one table",
    );
  }
  return {
    kind: "select",
    label: from === null ? "select" : `select ${from.table}`,
    from,
    joins,
    items: (query.selections ?? []).map(parseSelection),
    where: parseWhere(query.where),
    groupBy,
    orderBy:
      query.orderBy === undefined
        ? []
        : readNode<OrderByNode>(query.orderBy, "OrderByNode").items.map(parseOrder),
    limit:
      query.limit === undefined ? null : parseExpression(readNode<LimitNode>(query.limit, "LimitNode").limit),
    offset:
      query.offset === undefined
        ? null
        : parseExpression(readNode<OffsetNode>(query.offset, "OffsetNode").offset),
    locking,
  };
}

/** Reads a where clause; null where there is none. */
export function parseWhere(node: WhereNode | undefined): Expression | null {
  return node === undefined ? null : parseExpression(readNode<WhereNode>(node, "WhereNode").where);
}

/** Reads one item of a select list or returning clause. */
export function parseSelection(node: OperationNode): SelectItem {
  const { selection } = readNode<SelectionNode>(node, "SelectionNode");
  if (selection.kind === "SelectAllNode") return { kind: "all", table: null };
  if (selection.kind === "AliasNode") {
    const { node: inner, alias } = readNode<AliasNode>(selection, "AliasNode");
    return { kind: "expression", expression: parseExpression(inner), alias: parseIdentifier(alias) };
  }
  if (selection.kind === "ReferenceNode") {
    const { table, column } = readNode<ReferenceNode>(selection, "ReferenceNode");
    if (column.kind === "SelectAllNode") {
      return { kind: "all", table: table === undefined ? null : parseTableName(table) };
    }
  }
  return { kind: "expression", expression: parseExpression(selection), alias: null };
}

function parseJoin(node: OperationNode): Join {
  const { joinType, table, on } = readNode<JoinNode>(node, "JoinNode");
  if (joinType !== "InnerJoin" && joinType !== "LeftJoin") {
    throw new UnsupportedByPostgresModelError(`JoinNode.joinType ${joinType}`, "InnerJoin, LeftJoin");
  }
  return {
    type: joinType === "InnerJoin" ? "inner" : "left",
    table: parseTableReference(table),
    on: on === undefined ? null : parseExpression(readNode<OnNode>(on, "OnNode").on),
  };
}

function parseGroupBy(node: GroupByNode): Expression[] {
  return readNode<GroupByNode>(node, "GroupByNode").items.map((item) =>
    parseExpression(readNode<GroupByItemNode>(item, "GroupByItemNode").groupBy),
  );
}

function parseOrder(node: OperationNode): OrderItem {
  const { orderBy, direction, nulls } = readNode<OrderByItemNode>(node, "OrderByItemNode");
  let descending = false;
  if (direction !== undefined) {
    const text = readNode<RawNode>(direction, "RawNode").sqlFragments.join("").trim().toLowerCase();
    if (text !== "asc" && text !== "desc") throw unsupportedNode(direction, "asc, desc");
    descending = text === "desc";
  }
  const expression = parseExpression(orderBy);
  return { expression, descending, nullsFirst: nulls === undefined ? descending : nulls === "first" };
}

const lockModes: Readonly<Record<string, RowLockMode>> = {
  ForUpdate: "update",
  ForNoKeyUpdate: "no key update",
  ForShare: "share",
  ForKeyShare: "key share",
};

function parseLocking(nodes: readonly OperationNode[]): { mode: RowLockMode; policy: LockPolicy } | null {
  let mode: RowLockMode | null = null;
  let policy: LockPolicy = "wait";
  for (const node of nodes) {
    const { modifier, of } = readNode<SelectModifierNode>(node, "SelectModifierNode");
    const locks = modifier === undefined ? undefined : lockModes[modifier];
    if (of !== undefined && of.length > 0) {
      throw new UnsupportedByPostgresModelError(
        "SelectModifierNode.of",
        "locking of the statement's one table",
      );
    }
    if (locks !== undefined && mode === null) mode = locks;
    else if (modifier === "SkipLocked") policy = "skip";
    else if (modifier === "NoWait") policy = "nowait";
    else {
      throw new UnsupportedByPostgresModelError(
        `SelectModifierNode.modifier ${String(modifier)}${locks === undefined ? "" : " (a second one)"}`,
        `${Object.keys(lockModes).join(", ")}, SkipLocked, NoWait`,
      );
    }
  }
  return mode === null ? null : { mode, policy };
}
