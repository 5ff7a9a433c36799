import { describe, expect, test } from "vitest";
import {
  createDeadLetterTable,
  type DeadLetterTables,
  parkMessage,
} from "../../../../reference-impl/patterns/dead-letter.ts";
import { withDatabase } from "../../../support/reference-impl/simulated-database.ts";

const parked = (id: string, value = "{") => ({
  ...{ consumer: "c", message_id: id, stream: "s", value, reason: "the message is not JSON" },
});

describe("a message that is set aside", () => {
  test("is kept as it came, with the reason, in the order in which they were set aside", () =>
    withDatabase<DeadLetterTables, void>(createDeadLetterTable, async ({ database }) => {
      const odd = '{"id": "x",\n "text": "ä \\u0000 \u{1f600}" ';
      for (const row of [parked("b"), parked("a", odd)]) await parkMessage(database, row);
      const rows = await database.selectFrom("parked_messages").selectAll().orderBy("position").execute();
      expect(rows.map(({ position: _, ...row }) => row)).toEqual([parked("b"), parked("a", odd)]);
    }));

  test("is set aside once its transaction is committed, and not if that is rolled back", () =>
    withDatabase<DeadLetterTables, void>(createDeadLetterTable, async ({ database }) => {
      const ids = async () =>
        (await database.selectFrom("parked_messages").select("message_id").execute()).map(
          ({ message_id }) => message_id,
        );
      const transaction = await database.startTransaction().execute();
      await parkMessage(transaction, parked("a"));
      expect(await ids()).toEqual([]);
      await transaction.rollback().execute();
      expect(await ids()).toEqual([]);
      await database.transaction().execute((again) => parkMessage(again, parked("a")));
      expect(await ids()).toEqual(["a"]);
    }));

  test("needs a reason", () =>
    withDatabase<DeadLetterTables, void>(createDeadLetterTable, async ({ database }) => {
      const { reason: _, ...row } = parked("a");
      await expect(parkMessage(database, row as never)).rejects.toMatchObject({ code: "23502" });
    }));
});
