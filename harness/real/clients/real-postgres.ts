import { Kysely, PostgresDialect, type PostgresPool, type PostgresPoolClient } from "kysely";
import type { Pool, PoolClient, PoolConfig } from "pg";
import type { PoolLimits } from "../../run/system.ts";

/** The constructor of pg's pool, handed in so that pg is loaded only where a system has a PostgreSQL store. */
export type PoolConstructor = new (config: PoolConfig) => Pool;

/** How long a connection that nobody uses is kept. */
const IDLE_MS = 10_000;

/**
 * A Kysely instance on a real PostgreSQL server, with every wait bounded; `clientId` tells the server who
 * it is. A connection on which an answer
 * did not come in time is closed: what is still on its way on it must not be taken for a later answer.
 */
export function createRealPostgres<Database>(
  PgPool: PoolConstructor,
  url: string,
  limits: PoolLimits,
  clientId: string,
): Kysely<Database> {
  const pool = new PgPool({
    connectionString: url,
    application_name: clientId,
    max: limits.max,
    connectionTimeoutMillis: limits.connectionTimeoutMs,
    query_timeout: limits.queryTimeoutMs,
    idleTimeoutMillis: IDLE_MS,
    keepAlive: true,
  });
  // Without listeners a connection that breaks while nothing is asked on it ends the whole process.
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));
  return new Kysely<Database>({ dialect: new PostgresDialect({ pool: closingBroken(pool) }) });
}

function closingBroken(pool: Pool): PostgresPool {
  return {
    connect: async () => closingOnTimeout(await pool.connect()),
    end: () => pool.end(),
    options: {},
  };
}

/** The client as Kysely uses it; closed on release once an answer did not come in time. */
function closingOnTimeout(client: PoolClient): PostgresPoolClient {
  let broken: Error | null = null;
  const query = async (text: string, values: unknown[]): Promise<unknown> => {
    if (broken !== null) throw broken;
    try {
      return await client.query(text, values);
    } catch (error) {
      if (error instanceof Error && error.message === "Query read timeout") {
        const message = "Client has encountered a connection error and is not queryable";
        broken = new Error(message, { cause: error });
      }
      throw error;
    }
  };
  return {
    query,
    release: () => client.release(broken ?? undefined),
  } as unknown as PostgresPoolClient;
}
