import { describe, expect, test } from "vitest";
import type { Interceptor } from "../../../harness/sim/network.ts";
import { SimWorld, watch } from "../../support/postgres/sim-world.ts";

const onLabel =
  (label: string, fate: ReturnType<Interceptor>): Interceptor =>
  (message) =>
    message.label === label ? fate : null;

type Process = ReturnType<SimWorld["process"]>;

/** Takes money in a controlled transaction, so that the first error is what the caller sees. */
async function withdraw({ db }: Process, amount = 10): Promise<void> {
  const trx = await db.startTransaction().execute();
  try {
    await trx
      .updateTable("account")
      .set((eb) => ({ balance: eb("balance", "-", amount) }))
      .where("id", "=", 1)
      .execute();
    await trx.commit().execute();
  } catch (error) {
    await trx
      .rollback()
      .execute()
      .catch(() => {});
    throw error;
  }
}

describe("messages under faults", () => {
  test("a statement held by a partition arrives after the heal", async () => {
    const world = new SimWorld();
    await world.setUp();
    const service = world.process("service");
    const heal = world.network.intercept("service", "db", onLabel("update account", "hold"));
    const work = watch(withdraw(service));
    await world.run();
    expect(work.outcome).toBe("pending");
    expect(world.balance(1)).toBe(100);
    heal();
    await world.run();
    expect(work.outcome).toBe("fulfilled");
    expect(world.balance(1)).toBe(90);
  });

  test("a commit in flight takes effect although its process has died", async () => {
    const world = new SimWorld();
    await world.setUp();
    const service = world.process("service");
    let partitioned = false;
    const heal = world.network.intercept("service", "db", (message) => {
      partitioned ||= message.label === "commit";
      return partitioned ? "hold" : null;
    });
    const work = watch(withdraw(service));
    await world.run();
    service.die();
    heal();
    await world.run();
    expect(work.outcome).toBe("pending");
    expect(world.balance(1)).toBe(90);
    expect(world.server.sessionCount).toBe(0);
  });

  test("a lost answer to a commit is ECONNRESET, and the commit stands", async () => {
    const world = new SimWorld();
    await world.setUp();
    const service = world.process("service");
    let commits = 0;
    world.network.intercept("service", "db", (message) => {
      if (message.label === "commit") commits++;
      return null;
    });
    world.network.intercept("db", "service", (message) =>
      commits > 0 && message.kind === "answer" ? "reset" : null,
    );
    const work = watch(withdraw(service));
    await world.run();
    expect(work.error?.code).toBe("ECONNRESET");
    expect(world.balance(1)).toBe(90);
  });

  test("a request lost with its connection has no effect, and its locks are freed", async () => {
    const world = new SimWorld();
    await world.setUp();
    const service = world.process("service");
    const heal = world.network.intercept("service", "db", onLabel("commit", "reset"));
    const work = watch(withdraw(service));
    await world.run();
    expect(work.error?.code).toBe("ECONNRESET");
    expect(world.balance(1)).toBe(100);
    heal();
    await world.finish(withdraw(service));
    expect(world.balance(1)).toBe(90);
  });

  test("a dropped request makes the client wait until its query timeout; the connection is given up", async () => {
    const world = new SimWorld();
    await world.setUp();
    const service = world.process("service", { max: 1, queryTimeoutMs: 50 });
    const heal = world.network.intercept("service", "db", onLabel("update account", "drop"));
    const startedNs = world.scheduler.now;
    const work = watch(withdraw(service));
    await world.run();
    expect(work.error?.message).toBe("Query read timeout");
    expect(world.scheduler.now - startedNs).toBeGreaterThanOrEqual(50e6);
    heal();
    await world.finish(withdraw(service));
    expect(world.balance(1)).toBe(90);
    expect(world.server.sessionCount).toBe(1);
  });
});

test("Kysely's own rollback hides the first error of a broken connection, as it does on the real store", async () => {
  const world = new SimWorld();
  await world.setUp();
  const { db } = world.process("service");
  world.network.intercept("service", "db", onLabel("commit", "reset"));
  const work = watch(
    db.transaction().execute((trx) => trx.updateTable("account").set({ balance: 0 }).execute()),
  );
  await world.run();
  expect(work.error?.message).toBe("Client has encountered a connection error and is not queryable");
});

describe("a server that crashes", () => {
  test("rolls back what was open, keeps what was committed, and refuses until it is back", async () => {
    const world = new SimWorld();
    await world.setUp();
    const service = world.process("service");
    await world.finish(withdraw(service));
    const open = await world.finish(service.db.startTransaction().execute());
    await world.finish(open.updateTable("account").set({ balance: 0 }).execute());
    world.server.crash();
    world.server.crash();
    expect(world.server.up).toBe(false);
    await world.run();
    await expect(world.finish(service.db.selectFrom("account").selectAll().execute())).rejects.toMatchObject({
      code: "ECONNREFUSED",
    });
    world.server.restart();
    expect(world.balance(1)).toBe(90);
    await world.finish(withdraw(service));
    expect(world.balance(1)).toBe(80);
  });

  test("a statement in progress ends with a terminated connection", async () => {
    const world = new SimWorld();
    await world.setUp();
    const service = world.process("service");
    const holder = await world.finish(service.db.startTransaction().execute());
    await world.finish(holder.selectFrom("account").selectAll().forUpdate().execute());
    const waiting = watch(withdraw(service));
    await world.run(world.scheduler.now / 1e6 + 10);
    expect(world.server.waitingSessionCount).toBe(1);
    world.server.crash();
    await world.run();
    expect(waiting.error?.message).toBe("Connection terminated unexpectedly");
    world.server.restart();
    await world.finish(withdraw(service));
    expect(world.balance(1)).toBe(90);
  });

  test("sequences skip what had been taken ahead", async () => {
    const world = new SimWorld();
    const { db } = world.process("service");
    const table = db.schema.createTable("ticket").addColumn("id", "serial", (column) => column.primaryKey());
    await world.finish(table.execute());
    const insert = () =>
      world.finish(
        (db as unknown as import("kysely").Kysely<{ ticket: { id: number } }>)
          .insertInto("ticket")
          .defaultValues()
          .returning("id")
          .executeTakeFirstOrThrow(),
      );
    expect(await insert()).toEqual({ id: 1 });
    world.server.crash();
    world.server.restart();
    await world.run();
    expect(await insert()).toEqual({ id: 34 });
  });
});

describe("a process that dies", () => {
  test("its sessions end after a latency, its locks are freed, its promises never settle", async () => {
    const world = new SimWorld();
    await world.setUp();
    const first = world.process("first");
    const second = world.process("second");
    const open = await world.finish(first.db.startTransaction().execute());
    await world.finish(open.updateTable("account").set({ balance: 0 }).where("id", "=", 1).execute());
    const never = watch(open.updateTable("account").set({ balance: 1 }).where("id", "=", 2).execute());
    const waiting = watch(withdraw(second));
    first.die();
    expect(world.server.sessionCount).toBe(1);
    await world.run();
    expect(never.outcome).toBe("pending");
    expect(waiting.outcome).toBe("fulfilled");
    expect(world.balance(1)).toBe(90);
    expect(world.balance(2)).toBe(100);
  });

  test("a partition that holds the close leaves the locks in place until it heals", async () => {
    const world = new SimWorld();
    await world.setUp();
    const first = world.process("first");
    const second = world.process("second");
    const open = await world.finish(first.db.startTransaction().execute());
    await world.finish(open.updateTable("account").set({ balance: 0 }).where("id", "=", 1).execute());
    const heal = world.network.intercept("first", "db", () => "hold");
    first.die();
    const waiting = watch(withdraw(second));
    await world.run();
    expect(waiting.outcome).toBe("pending");
    heal();
    await world.run();
    expect(waiting.outcome).toBe("fulfilled");
  });

  test("a waiter that dies leaves no trace in the queue of the row", async () => {
    const world = new SimWorld();
    await world.setUp();
    const holder = world.process("holder");
    const open = await world.finish(holder.db.startTransaction().execute());
    await world.finish(open.selectFrom("account").selectAll().forUpdate().execute());
    const dead = world.process("dead");
    watch(withdraw(dead));
    await world.run(world.scheduler.now / 1e6 + 10);
    dead.die();
    const waiting = watch(withdraw(world.process("third"), 1));
    await world.run();
    await world.finish(open.commit().execute());
    await world.run();
    expect(waiting.outcome).toBe("fulfilled");
    expect(world.balance(1)).toBe(99);
    expect(world.server.waitingSessionCount).toBe(0);
  });
});
