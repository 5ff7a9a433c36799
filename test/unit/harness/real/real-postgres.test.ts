import { createServer, type Server, type Socket } from "node:net";
import { sql } from "kysely";
import { Pool } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createRealPostgres } from "../../../../harness/real/clients/real-postgres.ts";
import { classifyStoreError, StoreFailure } from "../../../../reference-impl/patterns/store-failure.ts";

// A server that takes connections and never says a word: whoever connects holds the pool's only connection.
const sockets = new Set<Socket>();
let server: Server;
let url: string;

beforeAll(async () => {
  server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  url = `postgres://user@127.0.0.1:${address.port}/db`;
});

afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
});

test("who waits in vain for a free connection is told another thing than who cannot connect", async () => {
  const limits = { max: 1, connectionTimeoutMs: 100, queryTimeoutMs: 100 };
  const database = createRealPostgres(Pool, url, limits, "client");
  const ask = async () => {
    try {
      await sql`select 1`.execute(database);
      return null;
    } catch (error) {
      return classifyStoreError(error, false);
    }
  };
  const first = ask();
  const second = ask();
  const failures = [await second, await first];
  await database.destroy();
  for (const failure of failures) expect(failure).toBeInstanceOf(StoreFailure);
  expect(failures).toMatchObject([
    { kind: "not-done", retryable: true, noFreeConnection: true },
    { kind: "not-done", retryable: true, noFreeConnection: false },
  ]);
});
