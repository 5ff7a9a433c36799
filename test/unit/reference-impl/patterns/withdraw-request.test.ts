import type { Generated, Kysely } from "kysely";
import { describe, expect, test } from "vitest";
import { jsonAnswer } from "../../../../reference-impl/patterns/answer.ts";
import { hardenedOnce } from "../../../../reference-impl/patterns/hardened-once.ts";
import { oncePerRequestKey } from "../../../../reference-impl/patterns/once-per-request-key.ts";
import {
  createRequestKeyTable,
  type RequestKeyTables,
} from "../../../../reference-impl/patterns/request-key.ts";
import { undoOnce } from "../../../../reference-impl/patterns/undo-once.ts";
import { fileWithdrawal, findEffect } from "../../../../reference-impl/patterns/withdraw-request.ts";
import { type SimulatedDatabase, withDatabase } from "../../../support/reference-impl/simulated-database.ts";

/** What happened, as the store keeps it: what was rolled back did not. */
interface Tables extends RequestKeyTables {
  effects: { position: Generated<string>; what: string };
}

type Database = SimulatedDatabase<Tables>;

async function createTables(database: Kysely<unknown>): Promise<void> {
  await createRequestKeyTable(database);
  await database.schema
    .createTable("effects")
    .addColumn("position", "bigserial", (column) => column.primaryKey())
    .addColumn("what", "text", (column) => column.notNull())
    .execute();
}

/** A service that pays under a request key, and takes payments back. */
function payments({ database, context }: Database) {
  const once = oncePerRequestKey({ database, clock: context.clock, random: context.random }, hardenedOnce());
  const effects = async () =>
    (await database.selectFrom("effects").select("what").orderBy("position").execute()).map(
      ({ what }) => what,
    );
  const pay = async (key: string, status = 201) => {
    const answer = await once({ key, fingerprint: "pay" }, async (transaction) => {
      await transaction
        .insertInto("effects")
        .values({ what: `paid ${key}` })
        .execute();
      return jsonAnswer(status, { paid: key });
    });
    return answer.status;
  };
  const undo = undoOnce(once, fileWithdrawal);
  const refund = async (key: string | null, body: unknown) => {
    const headers = key === null ? {} : { "idempotency-key": key };
    const request = new Request("http://payment/refunds", {
      method: "POST",
      headers,
      body: JSON.stringify(body),
    });
    const { status, body: text } = await undo(request, "refund", async (transaction) => {
      await transaction
        .insertInto("effects")
        .values({ what: `gave back ${JSON.stringify(body)}` })
        .execute();
      return jsonAnswer(200, { undone: "payment" });
    });
    return { status, ...JSON.parse(text) };
  };
  return { pay, refund, effects };
}

function withPayments(test: (parts: ReturnType<typeof payments>) => Promise<void>): Promise<void> {
  return withDatabase<Tables, void>(createTables, (simulated) => test(payments(simulated)));
}

describe("a compensation", () => {
  test("gives back what was paid, once", () =>
    withPayments(async ({ pay, refund, effects }) => {
      expect(await pay("p1")).toBe(201);
      const first = await refund("r1", { undoes: "p1" });
      expect(first).toEqual({ status: 200, undone: "payment" });
      expect(await refund("r1", { undoes: "p1" })).toEqual(first);
      expect(await effects()).toEqual(["paid p1", 'gave back {"undoes":"p1"}']);
    }));

  test("of a request that never came gives back nothing, and that one never succeeds", () =>
    withPayments(async ({ pay, refund, effects }) => {
      expect(await refund("r1", { undoes: "p1" })).toEqual({ status: 200, undone: "nothing" });
      expect(await pay("p1")).toBe(409);
      expect(await effects()).toEqual([]);
    }));

  test("of a request that was refused gives back nothing", () =>
    withPayments(async ({ pay, refund }) => {
      expect(await pay("p1", 422)).toBe(422);
      expect(await refund("r1", { undoes: "p1" })).toEqual({ status: 200, undone: "nothing" });
    }));

  test("without a key, or of nothing that could be a key, is bad input", () =>
    withPayments(async ({ refund, effects }) => {
      expect((await refund(null, { undoes: "p1" })).status).toBe(400);
      expect((await refund("r1", { undoes: "" })).status).toBe(400);
      expect((await refund("r1", { undoes: "p1", amount: 7 })).status).toBe(400);
      expect(await effects()).toEqual([]);
    }));
});

test("a withdrawal waits for a copy of the request whose COMMIT is under way; a mere look does not", () =>
  withDatabase<RequestKeyTables, void>(createRequestKeyTable, async ({ database, context }) => {
    const paying = await database.startTransaction().execute();
    const row = { request_key: "p1", fingerprint: "pay", status: 201, body: "{}" };
    await paying.insertInto("request_keys").values(row).execute();
    expect(await findEffect(database, "p1")).toBe("never");
    const withdrawal = fileWithdrawal(database, "p1");
    await context.clock.sleep(20);
    await paying.commit().execute();
    expect(await withdrawal).toBe("had-effect");
    expect(await findEffect(database, "p1")).toBe("had-effect");
  }));
