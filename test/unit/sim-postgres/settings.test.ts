import { expect, test } from "vitest";
import { SimWorld, watch } from "../../support/postgres/sim-world.ts";

async function contended(settings: ConstructorParameters<typeof SimWorld>[1]): Promise<string | undefined> {
  const world = new SimWorld(1, settings);
  await world.setUp();
  const { db } = world.process("service");
  const holder = await world.finish(db.startTransaction().execute());
  await world.finish(holder.updateTable("account").set({ balance: 0 }).execute());
  const waiting = watch(db.updateTable("account").set({ balance: 1 }).execute());
  await world.run();
  expect(world.server.waitingSessionCount).toBe(0);
  return waiting.error?.code;
}

test("a statement that waits too long is canceled", async () => {
  expect(await contended({ statementTimeoutMs: 20 })).toBe("57014");
});

test("a lock that is waited for too long is given up", async () => {
  expect(await contended({ lockTimeoutMs: 20 })).toBe("55P03");
});

test("a transaction that idles too long is terminated, and its connection with it", async () => {
  const world = new SimWorld(1, { idleInTransactionTimeoutMs: 50 });
  await world.setUp();
  const { db } = world.process("service");
  const idle = await world.finish(db.startTransaction().execute());
  await world.finish(idle.updateTable("account").set({ balance: 0 }).execute());
  await world.run();
  expect(world.server.sessionCount).toBe(0);
  await expect(world.finish(idle.commit().execute())).rejects.toThrow("not queryable");
  expect(world.balance(1)).toBe(100);
});

test("the default isolation level applies to transactions that ask for none", async () => {
  const world = new SimWorld(1, { defaultIsolationLevel: "repeatable read" });
  await world.setUp();
  const { db } = world.process("service");
  const reader = await world.finish(db.startTransaction().execute());
  await world.finish(reader.selectFrom("account").selectAll().execute());
  await world.finish(db.updateTable("account").set({ balance: 0 }).execute());
  const seen = await world.finish(
    reader.selectFrom("account").select("balance").where("id", "=", 1).execute(),
  );
  expect(seen).toEqual([{ balance: 100 }]);
});

test("row versions that nobody can see any more are forgotten", async () => {
  const world = new SimWorld();
  await world.setUp();
  const { db } = world.process("service");
  for (let round = 0; round < 200; round++) {
    await world.finish(db.updateTable("account").set({ balance: round }).execute());
  }
  expect(world.server.store.tables.get("account")?.heap.length).toBeLessThan(120);
  expect(world.balance(2)).toBe(199);
});
