import type { Kysely } from "kysely";
import { describe, expect, test } from "vitest";
import { commitAnswerLost } from "../../../../harness/faults/commit-answer-lost.fault.ts";
import { createInboxTable, type InboxTables } from "../../../../reference-impl/patterns/inbox.ts";
import { Rollback, StoreFailure } from "../../../../reference-impl/patterns/store-failure.ts";
import { commitBeforeAnswer } from "../../../../reference-impl/patterns/transaction-per-request.ts";
import { databaseNodes, withDatabase } from "../../../support/reference-impl/simulated-database.ts";

const row = (id: string) => ({ consumer: "a", message_id: id, handled_at_ms: "0" });

async function stored(database: Kysely<InboxTables>): Promise<string[]> {
  return (await database.selectFrom("inbox").select("message_id").execute()).map(
    ({ message_id }) => message_id,
  );
}

/** The error of a transaction that stores a row, and then does this. */
async function failureOf(
  database: Kysely<InboxTables>,
  then: (transaction: Kysely<InboxTables>) => Promise<unknown>,
): Promise<unknown> {
  try {
    await commitBeforeAnswer(database, async (transaction) => {
      await transaction.insertInto("inbox").values(row("kept")).execute();
      await then(transaction);
    });
  } catch (error) {
    return error;
  }
  throw new Error("it did not fail");
}

describe("a transaction per request", () => {
  test("is committed before its answer is given", () =>
    withDatabase<InboxTables, void>(createInboxTable, async ({ database }) => {
      const answer = await commitBeforeAnswer(database, async (transaction) => {
        await transaction.insertInto("inbox").values(row("kept")).execute();
        return "done";
      });
      expect([answer, await stored(database)]).toEqual(["done", ["kept"]]);
    }));

  test("is rolled back where the work throws, and the error is what it was or says what is certain", () =>
    withDatabase<InboxTables, void>(createInboxTable, async ({ database }) => {
      const refused = new Rollback("no");
      expect(await failureOf(database, () => Promise.reject(refused))).toBe(refused);
      const mistake = new TypeError("x is undefined");
      expect(await failureOf(database, () => Promise.reject(mistake))).toBe(mistake);
      const twice = await failureOf(database, (transaction) =>
        transaction.insertInto("inbox").values(row("kept")).execute(),
      );
      expect(twice).toBeInstanceOf(StoreFailure);
      expect(twice).toMatchObject({ kind: "not-done", retryable: false });
      // The error of a statement that was swallowed turns the COMMIT into a ROLLBACK: nobody is told that it was done.
      const swallowed = await failureOf(database, async (transaction) => {
        await transaction
          .insertInto("inbox")
          .values(row("kept"))
          .execute()
          .catch(() => {});
      });
      expect(swallowed).toMatchObject({ name: "StoreFailure", kind: "not-done", retryable: true });
      expect(await stored(database)).toEqual([]);
    }));

  test("whose COMMIT was not answered is unknown", () =>
    withDatabase<InboxTables, void>(createInboxTable, async ({ database, simulation }) => {
      const { service, store } = databaseNodes;
      const { port } = simulation;
      using _lost = commitAnswerLost.inject(port, { from: service, to: store, count: 1 });
      const failure = await failureOf(database, async () => {});
      expect(failure).toMatchObject({ name: "StoreFailure", kind: "unknown", retryable: true });
      expect(await stored(database)).toEqual(["kept"]);
    }));
});
