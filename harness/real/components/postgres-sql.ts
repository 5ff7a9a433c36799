import { Client } from "pg";

const CONNECT_TIMEOUT_MS = 10_000;
const QUERY_TIMEOUT_MS = 30_000;

/** Runs statements on a connection of their own, one after the other; answers the rows of the last. */
export async function runSql(
  url: string,
  ...statements: readonly string[]
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
  });
  // Without a listener a reset of the idle connection would end the process; the query itself rejects.
  client.on("error", () => {});
  await client.connect();
  try {
    let rows: readonly Readonly<Record<string, unknown>>[] = [];
    for (const statement of statements) rows = (await client.query(statement)).rows;
    return rows;
  } finally {
    await client.end();
  }
}

/** Makes databases on a new server. */
export async function createDatabases(url: string, names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  await runSql(url, ...names.map((name) => `CREATE DATABASE "${name.replaceAll('"', '""')}"`));
}
