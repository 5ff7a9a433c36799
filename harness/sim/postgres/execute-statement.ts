import { executeDefinition } from "./execute-definition.ts";
import { executeInsert } from "./execute-insert.ts";
import { executeSelect } from "./execute-select.ts";
import { executeDelete, executeUpdate, refuseReadOnly } from "./execute-update.ts";
import type { Execution, Steps } from "./execution.ts";
import type { Statement, StatementResult } from "./statement.ts";

/** Executes a statement and then what it left for its end: the foreign keys. */
export function* executeStatement(execution: Execution, statement: Statement): Steps<StatementResult> {
  const result = yield* dispatch(execution, statement);
  const { afterwards } = execution;
  for (let at = 0; at < afterwards.length; at++) yield* (afterwards[at] as () => Steps<void>)();
  return result;
}

function dispatch(execution: Execution, statement: Statement): Steps<StatementResult> {
  switch (statement.kind) {
    case "select":
      return executeSelect(execution, statement);
    case "insert":
      return executeInsert(execution, statement);
    case "update":
      return executeUpdate(execution, statement);
    case "delete":
      return executeDelete(execution, statement);
    default:
      return define(execution, statement);
  }
}

// biome-ignore lint/correctness/useYield: a definition never waits
function* define(
  execution: Execution,
  statement: Parameters<typeof executeDefinition>[1],
): Steps<StatementResult> {
  refuseReadOnly(execution, statement.kind.toUpperCase());
  return executeDefinition(execution, statement);
}
