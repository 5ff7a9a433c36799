import { expect, test } from "vitest";
import { FaultWorld, faultNamed } from "../../support/faults/fault-world.ts";

const shop = "http://shop";

test("postgres-backend-kill: one session ends, the service connects again", async () => {
  const world = await FaultWorld.start();
  const { port } = world.simulation;
  const params = { service: "shop", store: "db" };
  expect(faultNamed("postgres-backend-kill").ready?.(port, params)).toBe(false);
  await world.call(`${shop}/note`, "POST");
  expect(faultNamed("postgres-backend-kill").ready?.(port, params)).toBe(true);
  const fault = world.inject("postgres-backend-kill", params);
  await world.pass(5);
  expect([fault.bites(), port.postgres("db").hasBackend("shop")]).toEqual([1, false]);
  expect(await world.call(`${shop}/notes`)).toBe("200 1");
  fault[Symbol.dispose]();
  expect(world.inject("postgres-backend-kill", { service: "stock", store: "db" }).bites()).toBe(0);
});

test("postgres-backend-kill in the middle of a transaction: it is rolled back", async () => {
  const world = await FaultWorld.start();
  const call = world.calling(`${shop}/note`, "POST", 60_000);
  const { port, scheduler } = world.simulation;
  // Let it come as far as its first statement.
  while (world.simulation.firstRefusal() === null && !port.postgres("db").hasBackend("shop"))
    await world.pass(0.1);
  await world.pass(0.5);
  expect(scheduler.now).toBeGreaterThan(0);
  world.inject("postgres-backend-kill", { service: "shop", store: "db" });
  const outcome = await world.finish(() => call);
  const notes = await world.call(`${shop}/notes`);
  expect([outcome, notes]).toEqual(["500 57P01", "200 0"]);
});

test("pool-exhaustion: the service finds no connection, and finds one after the heal", async () => {
  const world = await FaultWorld.start();
  await world.call(`${shop}/note`, "POST");
  const fault = world.inject("pool-exhaustion", { service: "shop", store: "db" });
  await world.pass(5);
  expect(fault.bites()).toBe(0);
  expect(await world.call(`${shop}/notes`)).toBe("500 53300");
  expect(fault.bites()).toBe(1);
  fault[Symbol.dispose]();
  fault[Symbol.dispose]();
  expect(await world.call(`${shop}/notes`)).toBe("200 1");
});

test.each([
  ["replica-lag", { replica: "db-copy", delayMs: 2000 }],
  ["replica-pause", { replica: "db-copy" }],
])("%s: the copy is behind, and catches up after the heal", async (name, params) => {
  const world = await FaultWorld.start();
  const fault = world.inject(name, params);
  expect(fault.bites()).toBe(0);
  await world.call(`${shop}/note`, "POST");
  await world.pass(100);
  expect([await world.call(`${shop}/notes`), await world.call(`${shop}/copied`)]).toEqual(["200 1", "200 0"]);
  expect(fault.bites()).toBe(1);
  fault[Symbol.dispose]();
  fault[Symbol.dispose]();
  await world.pass(100);
  expect(await world.call(`${shop}/copied`)).toBe("200 1");
});

test("process-crash of a replica: its readers fail, and read again after the heal", async () => {
  const world = await FaultWorld.start();
  await world.call(`${shop}/note`, "POST");
  const fault = world.inject("process-crash", { process: "db-copy" });
  expect(await world.call(`${shop}/copied`)).toBe("500 ECONNREFUSED");
  fault[Symbol.dispose]();
  await world.pass(100);
  expect(await world.call(`${shop}/copied`)).toBe("200 1");
});
