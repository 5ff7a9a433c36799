import {
  type CompiledQuery,
  PostgresQueryCompiler,
  type QueryCompiler,
  type RootOperationNode,
} from "kysely";
import { parseStatement } from "./parse-statement.ts";
import type { Statement } from "./statement.ts";
import type { UnsupportedByPostgresModelError } from "./unsupported-by-postgres-model-error.ts";

/** A query that carries the model's statement; SQL text is only made when somebody asks for it. */
export interface SimCompiledQuery extends CompiledQuery {
  readonly statement: Statement;
}

/**
 * Compiles Kysely's nodes for the model. What the model does not support is refused here, before
 * anything is sent; `refused` is told of it too, since the program under test may swallow the error.
 */
export function createSimPostgresQueryCompiler(
  refused: (error: UnsupportedByPostgresModelError) => void,
): QueryCompiler {
  return {
    compileQuery: (node, queryId) => new LazySql(node, queryId, statementOf(node, refused)),
  };
}

/** The model's statement of a query that may have been compiled elsewhere. */
export function statementOfQuery(
  query: CompiledQuery,
  refused: (error: UnsupportedByPostgresModelError) => void,
): Statement {
  return query instanceof LazySql ? query.statement : statementOf(query.query, refused);
}

function statementOf(
  node: RootOperationNode,
  refused: (error: UnsupportedByPostgresModelError) => void,
): Statement {
  try {
    return parseStatement(node);
  } catch (error) {
    refused(error as UnsupportedByPostgresModelError);
    throw error;
  }
}

class LazySql implements SimCompiledQuery {
  readonly query: RootOperationNode;
  readonly queryId: CompiledQuery["queryId"];
  readonly statement: Statement;
  #compiled: CompiledQuery | null = null;

  constructor(query: RootOperationNode, queryId: CompiledQuery["queryId"], statement: Statement) {
    this.query = query;
    this.queryId = queryId;
    this.statement = statement;
  }

  get sql(): string {
    return this.#compile().sql;
  }

  get parameters(): readonly unknown[] {
    return this.#compile().parameters;
  }

  #compile(): CompiledQuery {
    this.#compiled ??= new PostgresQueryCompiler().compileQuery(this.query, this.queryId);
    return this.#compiled;
  }
}
