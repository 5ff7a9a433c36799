import type { Hono } from "hono";
import type { Kysely } from "kysely";
import { jsonAnswer, toResponse } from "./answer.ts";
import type { RetryNeeds } from "./bounded-retry.ts";
import { databasePart } from "./database-part.ts";
import type { EventTables } from "./event-tables.ts";
import { countMessages } from "./message-counts.ts";
import { readStore } from "./read-store.ts";

/** Adds `GET /messages`: how many a service has announced and handled, and how many have still to go out. */
export function addMessageRoute<Tables extends EventTables>(
  app: Hono,
  needs: RetryNeeds & { readonly database: Kysely<Tables> },
): void {
  const database = databasePart<EventTables, Tables>(needs.database);
  app.get("/messages", async () =>
    toResponse(await readStore(needs, async () => jsonAnswer(200, await countMessages(database)))),
  );
}
