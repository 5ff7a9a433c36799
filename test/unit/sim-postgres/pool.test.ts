import { expect, test } from "vitest";
import { SimWorld, watch } from "../../support/postgres/sim-world.ts";

test("waiters get connections in order, and never more than the maximum", async () => {
  const world = new SimWorld();
  await world.setUp();
  const { db } = world.process("service", { max: 2 });
  const order: number[] = [];
  const work = Array.from({ length: 6 }, (_, index) =>
    db.transaction().execute(async (trx) => {
      order.push(index);
      expect(world.server.sessionCount).toBeLessThanOrEqual(2);
      await trx.selectFrom("account").selectAll().execute();
    }),
  );
  await world.finish(Promise.all(work));
  expect(order.slice(2)).toEqual([2, 3, 4, 5]);
  expect(world.server.sessionCount).toBe(2);
});

test("who waits too long for a connection is told so", async () => {
  const world = new SimWorld();
  await world.setUp();
  const { db } = world.process("service", { max: 1, connectionTimeoutMs: 20 });
  const holder = await world.finish(db.startTransaction().execute());
  const late = watch(db.selectFrom("account").selectAll().execute());
  await world.run();
  expect(late.error?.message).toBe("timeout exceeded when trying to connect");
  await world.finish(holder.rollback().execute());
  expect(await world.finish(db.selectFrom("account").selectAll().execute())).toHaveLength(2);
});

test("who cannot connect in time is told so, and the next attempt is a fresh one", async () => {
  const world = new SimWorld();
  await world.setUp();
  const { db } = world.process("service", { max: 1, connectionTimeoutMs: 20 });
  const heal = world.network.intercept("service", "db", () => "hold");
  const late = watch(db.selectFrom("account").selectAll().execute());
  await world.run();
  expect(late.error?.message).toBe("Connection terminated due to connection timeout");
  heal();
  expect(await world.finish(db.selectFrom("account").selectAll().execute())).toHaveLength(2);
  await world.run();
  expect(world.server.sessionCount).toBe(1);
});

test("a connection lost while idle is replaced", async () => {
  const world = new SimWorld();
  await world.setUp();
  const { db } = world.process("service", { max: 1 });
  await world.finish(db.selectFrom("account").selectAll().execute());
  world.server.crash();
  world.server.restart();
  await world.run();
  expect(await world.finish(db.selectFrom("account").selectAll().execute())).toHaveLength(2);
});

test("a transaction that could not be ended does not poison the pool", async () => {
  const world = new SimWorld();
  await world.setUp();
  const { db } = world.process("service", { max: 1, queryTimeoutMs: 30 });
  const heal = world.network.intercept("service", "db", (message) =>
    message.label === "rollback" ? "drop" : null,
  );
  const failing = watch(
    db.transaction().execute(async (trx) => {
      await trx.updateTable("account").set({ balance: 0 }).where("id", "=", 1).execute();
      throw new Error("changed my mind");
    }),
  );
  await world.run();
  expect(failing.outcome).toBe("rejected");
  heal();
  const work = db.updateTable("account").set({ balance: 5 }).where("id", "=", 1).execute();
  await world.finish(work);
  expect(world.balance(1)).toBe(5);
});

test("statements on one connection are sent one after the other", async () => {
  const world = new SimWorld();
  await world.setUp();
  const { db } = world.process("service");
  await world.finish(
    db.transaction().execute(async (trx) => {
      await Promise.all([
        trx.updateTable("account").set({ balance: 1 }).where("id", "=", 1).execute(),
        trx
          .updateTable("account")
          .set((eb) => ({ balance: eb("balance", "+", 1) }))
          .where("id", "=", 1)
          .execute(),
      ]);
    }),
  );
  expect(world.balance(1)).toBe(2);
});
