import type { OperationNode, RawNode } from "kysely";
import { parseDelete, parseInsert, parseUpdate } from "./parse-change.ts";
import { parseCreateIndex, parseCreateTable, parseDropTable } from "./parse-definition.ts";
import { parseSelect } from "./parse-select.ts";
import type { Statement } from "./statement.ts";
import { readNode } from "./supported-nodes.ts";
import { UnsupportedByPostgresModelError } from "./unsupported-by-postgres-model-error.ts";

/**
 * Reads a statement out of Kysely's nodes. Throws {@link UnsupportedByPostgresModelError} for every
 * node, key, operator or function that the model would not interpret as PostgreSQL does.
 */
export function parseStatement(node: OperationNode): Statement {
  switch (node.kind) {
    case "SelectQueryNode":
      return parseSelect(node);
    case "InsertQueryNode":
      return parseInsert(node);
    case "UpdateQueryNode":
      return parseUpdate(node);
    case "DeleteQueryNode":
      return parseDelete(node);
    case "CreateTableNode":
      return parseCreateTable(node);
    case "CreateIndexNode":
      return parseCreateIndex(node);
    case "DropTableNode":
      return parseDropTable(node);
    case "RawNode":
      return parseRawStatement(readNode<RawNode>(node, "RawNode"));
    default:
      throw new UnsupportedByPostgresModelError(
        node.kind,
        "select, insert, update, delete, create table, create index, drop table",
      );
  }
}

/** A ping is the only statement that is understood as text. */
function parseRawStatement(node: RawNode): Statement {
  const text = node.sqlFragments.join("…");
  if (!/^\s*select\s+1\s*;?\s*$/i.test(text)) {
    throw new UnsupportedByPostgresModelError(
      `the raw statement sql\`${text}\``,
      "sql`select 1`, and Kysely's builders",
    );
  }
  const expression = { kind: "literal", type: "integer", value: 1 } as const;
  return {
    kind: "select",
    label: "select 1",
    from: null,
    joins: [],
    items: [{ kind: "expression", expression, alias: "?column?" }],
    where: null,
    groupBy: [],
    orderBy: [],
    limit: null,
    offset: null,
    locking: null,
  };
}
