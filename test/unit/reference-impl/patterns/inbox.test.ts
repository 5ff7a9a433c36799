import { describe, expect, test } from "vitest";
import {
  admitMessage,
  createInboxTable,
  forgetMessages,
  type InboxTables,
} from "../../../../reference-impl/patterns/inbox.ts";
import { withDatabase } from "../../../support/reference-impl/simulated-database.ts";

describe("an inbox", () => {
  test("admits a message once for each consumer", () =>
    withDatabase<InboxTables, void>(createInboxTable, async ({ database }) => {
      expect(await admitMessage(database, "a", "m1", 0)).toBe(true);
      expect(await admitMessage(database, "a", "m1", 5)).toBe(false);
      expect(await admitMessage(database, "b", "m1", 5)).toBe(true);
    }));

  test("lets a copy wait for the first one: it is admitted only where that was rolled back", () =>
    withDatabase<InboxTables, void>(createInboxTable, async ({ database, context }) => {
      for (const end of ["commit", "rollback"] as const) {
        const first = await database.startTransaction().execute();
        expect(await admitMessage(first, "a", end, 0)).toBe(true);
        let settled = false;
        const copy = admitMessage(database, "a", end, 0).finally(() => {
          settled = true;
        });
        await context.clock.sleep(20);
        expect(settled).toBe(false);
        await first[end]().execute();
        expect(await copy).toBe(end === "rollback");
      }
    }));

  test("forgets what was dealt with before a time, and nothing else", () =>
    withDatabase<InboxTables, void>(createInboxTable, async ({ database }) => {
      for (const [id, atMs] of [
        ["old", 9],
        ["new", 10],
      ] as const)
        await admitMessage(database, "a", id, atMs);
      await forgetMessages(database, 10);
      const rows = await database.selectFrom("inbox").select("message_id").execute();
      expect(rows).toEqual([{ message_id: "new" }]);
    }));
});
