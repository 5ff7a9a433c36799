import type { Kysely } from "kysely";
import { expect, test } from "vitest";
import { leaveState, type StatefulRow } from "../../../../reference-impl/patterns/semantic-lock.ts";
import { withDatabase } from "../../../support/reference-impl/simulated-database.ts";

interface Tables {
  orders: StatefulRow & { reason: string | null };
}

async function createOrders(database: Kysely<unknown>): Promise<void> {
  await database.schema
    .createTable("orders")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("state", "text", (column) => column.notNull())
    .addColumn("reason", "text")
    .execute();
}

test("a row leaves its state once; of two that try at once, one succeeds", () =>
  withDatabase<Tables, void>(createOrders, async ({ database }) => {
    await database.insertInto("orders").values({ id: "o", state: "PENDING", reason: null }).execute();
    const leave = (state: string, reason: string) =>
      leaveState<Tables["orders"], Tables>(database, "orders", "o", "PENDING", { state, reason });
    const both = await Promise.all([leave("CONFIRMED", "paid"), leave("CANCELLED", "too late")]);
    expect([...both].sort()).toEqual([false, true]);
    const rows = await database.selectFrom("orders").select(["state", "reason"]).execute();
    expect(rows).toEqual([
      both[0] ? { state: "CONFIRMED", reason: "paid" } : { state: "CANCELLED", reason: "too late" },
    ]);
    expect(await leave("CONFIRMED", "again")).toBe(false);
    expect(
      await leaveState<Tables["orders"], Tables>(database, "orders", "nobody", "PENDING", { state: "X" }),
    ).toBe(false);
  }));
