import type { Kysely } from "kysely";
import { expect, test } from "vitest";
import { sharedConnection } from "../../../../reference-impl/defects/shared-connection.defect.ts";
import {
  type Connections,
  connectionPerTransaction,
} from "../../../../reference-impl/patterns/connection-per-transaction.ts";
import { createInboxTable, type InboxTables } from "../../../../reference-impl/patterns/inbox.ts";
import { withDatabase } from "../../../support/reference-impl/simulated-database.ts";

const row = (id: string) => ({ consumer: "a", message_id: id, handled_at_ms: "0" });

/** Two requests at work at the same time, of which the one that began first rolls back in the end. */
async function keptOf(pool: Kysely<InboxTables>, connections: Connections): Promise<string[]> {
  const database = connections(pool);
  const first = await database.startTransaction().execute();
  const second = await database.startTransaction().execute();
  await second.insertInto("inbox").values(row("second")).execute();
  await first.insertInto("inbox").values(row("first")).execute();
  await first.rollback().execute();
  await second.commit().execute();
  const rows = await pool.selectFrom("inbox").select("message_id").execute();
  await pool.deleteFrom("inbox").execute();
  return rows.map(({ message_id }) => message_id);
}

test("a request that rolls back takes nothing of another one with it; on a shared connection it does", () =>
  withDatabase<InboxTables, void>(createInboxTable, async ({ database }) => {
    const { connections } = sharedConnection.replacement();
    if (connections === undefined) throw new Error("the defect replaces no connections");
    expect(await keptOf(database, connectionPerTransaction)).toEqual(["second"]);
    expect(await keptOf(database, connections)).toEqual([]);
  }));
