import {
  type CompiledQuery,
  type ControlledTransaction,
  type DatabaseConnection,
  type DatabaseIntrospector,
  type Dialect,
  type DialectAdapter,
  type Driver,
  type Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryCompiler,
  type QueryResult,
} from "kysely";

/**
 * A "pool" that hands the same connection to everybody at once, as a module does that connects once and
 * lets all requests use that connection. PostgreSQL's rules for one connection apply: statements are
 * executed one after the other in whatever transaction is open; BEGIN inside of one, and COMMIT or
 * ROLLBACK outside of one, are warnings only; COMMIT and ROLLBACK concern everybody's statements.
 */
export class SharedConnectionDialect implements Dialect {
  readonly #pool: Kysely<unknown>;

  constructor(pool: Kysely<unknown>) {
    this.#pool = pool;
  }

  createDriver(): Driver {
    return new SharedConnectionDriver(this.#pool);
  }

  createQueryCompiler(): QueryCompiler {
    return new PostgresQueryCompiler();
  }

  createAdapter(): DialectAdapter {
    return new PostgresAdapter();
  }

  createIntrospector(database: Kysely<unknown>): DatabaseIntrospector {
    return new PostgresIntrospector(database);
  }
}

class SharedConnectionDriver implements Driver {
  readonly #pool: Kysely<unknown>;
  readonly #connection: DatabaseConnection;
  #open: ControlledTransaction<unknown> | null = null;
  /** Settles when everything that was sent so far has been executed. */
  #sent: Promise<unknown> = Promise.resolve();

  constructor(pool: Kysely<unknown>) {
    this.#pool = pool;
    this.#connection = {
      executeQuery: <Row>(query: CompiledQuery) => this.#inTurn(() => this.#execute<Row>(query)),
      streamQuery: () => {
        throw new Error("a shared connection does not stream");
      },
    };
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    return this.#connection;
  }

  async releaseConnection(): Promise<void> {}

  async beginTransaction(): Promise<void> {
    await this.#inTurn(async () => {
      this.#open ??= await this.#pool.startTransaction().execute();
    });
  }

  async commitTransaction(): Promise<void> {
    await this.#end(async (transaction) => {
      try {
        await transaction.commit().execute();
      } catch (error) {
        // A connection whose COMMIT failed is of no use; giving it back must not hide the error.
        await transaction
          .rollback()
          .execute()
          .catch(() => undefined);
        throw error;
      }
    });
  }

  async rollbackTransaction(): Promise<void> {
    await this.#end((transaction) => transaction.rollback().execute());
  }

  async destroy(): Promise<void> {}

  async #execute<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    // The pool's own type of row is lost on the way; it is the one that was asked for.
    return (await (this.#open ?? this.#pool).executeQuery(query)) as QueryResult<Row>;
  }

  async #end(end: (transaction: ControlledTransaction<unknown>) => Promise<void>): Promise<void> {
    await this.#inTurn(async () => {
      const transaction = this.#open;
      this.#open = null;
      if (transaction !== null) await end(transaction);
    });
  }

  #inTurn<Result>(send: () => Promise<Result>): Promise<Result> {
    const result = this.#sent.then(send);
    this.#sent = result.catch(() => undefined);
    return result;
  }
}
