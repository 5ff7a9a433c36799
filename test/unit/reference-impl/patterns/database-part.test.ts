import type { Kysely } from "kysely";
import { expect, test } from "vitest";
import { databasePart } from "../../../../reference-impl/patterns/database-part.ts";
import { createEventTables, type EventTables } from "../../../../reference-impl/patterns/event-tables.ts";
import { admitMessage, type InboxTables } from "../../../../reference-impl/patterns/inbox.ts";
import { withDatabase } from "../../../support/reference-impl/simulated-database.ts";

test("a part of a database is on its very connection: in a transaction it is of that transaction", () =>
  withDatabase<EventTables, void>(createEventTables, async ({ database }) => {
    const admit = async (transaction: Kysely<EventTables>, id: string) => {
      const part = databasePart<InboxTables, EventTables>(transaction);
      expect(await admitMessage(part, "c", id, 0)).toBe(true);
    };
    const refused = database.transaction().execute(async (transaction) => {
      await admit(transaction, "refused");
      throw new Error("no");
    });
    await expect(refused).rejects.toThrow("no");
    await database.transaction().execute((transaction) => admit(transaction, "kept"));
    const rows = await database.selectFrom("inbox").select("message_id").execute();
    expect(rows).toEqual([{ message_id: "kept" }]);
  }));

test("it is a part only of what has its tables", () =>
  withDatabase<InboxTables, void>(createEventTables, async ({ database }) => {
    const part = databasePart<InboxTables, InboxTables>(database);
    expect(await part.selectFrom("inbox").selectAll().execute()).toEqual([]);
    // @ts-expect-error: nothing says that there is an outbox.
    databasePart<EventTables, InboxTables>(database);
    // @ts-expect-error: the part is asked for its own tables.
    expect(await part.selectFrom("outbox").selectAll().execute()).toEqual([]);
  }));
