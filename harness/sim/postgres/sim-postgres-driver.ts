import {
  AbortedTransactionError,
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  type QueryResult,
  type TransactionSettings,
} from "kysely";
import type { SessionRequest } from "./session-request.ts";
import type { SimPostgresClient } from "./sim-postgres-client.ts";
import type { SimPostgresPool } from "./sim-postgres-pool.ts";
import { statementOfQuery } from "./sim-postgres-query-compiler.ts";
import type { IsolationLevel } from "./transaction.ts";
import { UnsupportedByPostgresModelError } from "./unsupported-by-postgres-model-error.ts";

/** Kysely's driver on the model: what Kysely's PostgresDriver does with `pg`, done with the simulated pool. */
export class SimPostgresDriver implements Driver {
  readonly #pool: SimPostgresPool;
  readonly #refused: (error: UnsupportedByPostgresModelError) => void;
  // Kysely remembers every connection object that it has seen: one per client, not one per use.
  readonly #connections = new WeakMap<SimPostgresClient, SimPostgresConnection>();

  constructor(pool: SimPostgresPool, refused: (error: UnsupportedByPostgresModelError) => void) {
    this.#pool = pool;
    this.#refused = refused;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<SimPostgresConnection> {
    const client = await this.#pool.acquire();
    const known = this.#connections.get(client);
    if (known !== undefined) return known;
    const connection = new SimPostgresConnection(client, this.#refused);
    this.#connections.set(client, connection);
    return connection;
  }

  async beginTransaction(connection: DatabaseConnection, settings: TransactionSettings): Promise<void> {
    await own(connection).control({
      kind: "begin",
      label: "begin",
      isolation: isolationOf(settings),
      readOnly: settings.accessMode === "read only",
    });
  }

  /** Throws Kysely's AbortedTransactionError where the server rolled back instead. */
  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    const command = await own(connection).control({ kind: "commit", label: "commit" });
    if (command === "ROLLBACK") throw new AbortedTransactionError();
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await own(connection).control({ kind: "rollback", label: "rollback" });
  }

  async savepoint(connection: DatabaseConnection, name: string): Promise<void> {
    await own(connection).control({ kind: "savepoint", label: "savepoint", name });
  }

  async rollbackToSavepoint(connection: DatabaseConnection, name: string): Promise<void> {
    await own(connection).control({ kind: "rollback to", label: "rollback to", name });
  }

  async releaseSavepoint(connection: DatabaseConnection, name: string): Promise<void> {
    await own(connection).control({ kind: "release", label: "release", name });
  }

  async releaseConnection(connection: DatabaseConnection): Promise<void> {
    const { client, inTransaction } = own(connection);
    this.#pool.release(client, !inTransaction);
  }

  async destroy(): Promise<void> {
    this.#pool.end();
  }
}

/** A connection that is checked out of the pool. */
export class SimPostgresConnection implements DatabaseConnection {
  readonly client: SimPostgresClient;
  /** A transaction that nobody managed to end: such a connection must not go back to the pool. */
  inTransaction = false;
  readonly #refused: (error: UnsupportedByPostgresModelError) => void;

  constructor(client: SimPostgresClient, refused: (error: UnsupportedByPostgresModelError) => void) {
    this.client = client;
    this.#refused = refused;
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    const { command, rowCount, rows } = await this.client.request(statementOfQuery(query, this.#refused));
    return command === "INSERT" || command === "UPDATE" || command === "DELETE"
      ? { numAffectedRows: BigInt(rowCount), rows: rows as Row[] }
      : { rows: rows as Row[] };
  }

  // biome-ignore lint/correctness/useYield: it refuses before the first row
  async *streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    const error = new UnsupportedByPostgresModelError("stream()", "execute()");
    this.#refused(error);
    throw error;
  }

  /** Sends a transaction control request; answers its command tag. */
  async control(request: SessionRequest): Promise<string> {
    if (request.kind === "begin") this.inTransaction = true;
    const { command } = await this.client.request(request);
    if (request.kind === "commit" || request.kind === "rollback") this.inTransaction = false;
    return command;
  }
}

function own(connection: DatabaseConnection): SimPostgresConnection {
  return connection as SimPostgresConnection;
}

function isolationOf({ isolationLevel }: TransactionSettings): IsolationLevel | null {
  switch (isolationLevel) {
    case undefined:
      return null;
    case "read uncommitted":
    case "read committed":
      return "read committed";
    case "repeatable read":
    case "serializable":
      return isolationLevel;
    default:
      throw new UnsupportedByPostgresModelError(
        `the isolation level ${isolationLevel}`,
        "read uncommitted, read committed, repeatable read, serializable",
      );
  }
}
