import type { Client } from "pg";
import type { RealPostgres } from "../../faults/real-fault-port.ts";

const CONNECT_TIMEOUT_MS = 5000;

/**
 * A PostgreSQL server past the proxies. `url` is that of its superuser, `database` the one of the run. Each query
 * has a connection of its own.
 */
export function superuser(url: string, database: string): RealPostgres {
  return {
    database,
    query: async (text, values = []) => {
      const client = await connectAs(url);
      try {
        const { rows } = await client.query<Record<string, unknown>>(text, [...values]);
        return rows;
      } finally {
        await client.end();
      }
    },
    open: async () => {
      const client = await connectAs(url);
      return { close: () => client.end() };
    },
  };
}

async function connectAs(url: string): Promise<Client> {
  const { default: pg } = await import("pg");
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  // The server may be killed under it.
  client.on("error", () => {});
  await client.connect();
  return client;
}
