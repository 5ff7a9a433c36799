import { describe, expect, test } from "vitest";
import type { Interceptor } from "../../../harness/sim/network.ts";
import { MongodbWorld } from "../../support/mongodb/mongodb-world.ts";
import { watch } from "../../support/postgres/sim-world.ts";

interface Item {
  _id: string;
  n: number;
}

const onLabel =
  (label: string, fate: ReturnType<Interceptor>): Interceptor =>
  (message) =>
    message.label === label ? fate : null;

async function setUp(timeoutMs = 1000) {
  const world = new MongodbWorld();
  const service = world.process("service", timeoutMs);
  const items = service.database.collection<Item>("items");
  await world.finish(items.insertOne({ _id: "a", n: 0 }));
  const increment = () => items.updateOne({ _id: "a" }, { $inc: { n: 1 } });
  const stored = async () => (await world.finish(items.findOne({ _id: "a" })))?.n;
  return { world, service, items, increment, stored };
}

describe("messages under faults", () => {
  test("a write held by a partition takes effect after the heal, although its process has died", async () => {
    const { world, service, increment } = await setUp();
    const heal = world.network.intercept("service", "db", () => "hold");
    const work = watch(increment());
    await world.pass(10);
    service.die();
    heal();
    await world.run();
    expect(work.outcome).toBe("pending");
    const other = world.process("other").database.collection<Item>("items");
    expect((await world.finish(other.findOne({ _id: "a" })))?.n).toBe(1);
  });

  test("a lost answer is a MongoNetworkError, and the write stands; the next call finds the server again", async () => {
    const { world, increment, stored } = await setUp();
    const heal = world.network.intercept("db", "service", onLabel("update items", "reset"));
    const error = await world.failure(increment());
    expect([error.name, error.message]).toEqual(["MongoNetworkError", "read ECONNRESET"]);
    heal();
    expect(await stored()).toBe(1);
  });

  test("a dropped write ends in a MongoNetworkTimeoutError and has no effect", async () => {
    const { world, increment, stored } = await setUp(200);
    const heal = world.network.intercept("service", "db", onLabel("update items", "drop"));
    const startedNs = world.scheduler.now;
    const error = await world.failure(increment());
    expect(error.name).toBe("MongoNetworkTimeoutError");
    expect(world.scheduler.now - startedNs).toBeGreaterThanOrEqual(200e6);
    heal();
    expect(await stored()).toBe(0);
  });

  test("calls of one process use different connections: one that is held does not hold the others", async () => {
    const { world, items, increment } = await setUp();
    world.network.intercept("service", "db", onLabel("update items", "hold"));
    const work = watch(increment());
    await world.finish(items.findOne({ _id: "a" }));
    expect(work.outcome).toBe("pending");
  });
});

describe("the server", () => {
  test("a crash breaks what is under way and keeps every document", async () => {
    const { world, increment, stored } = await setUp();
    await world.finish(increment());
    const work = watch(increment());
    world.server.crash();
    await world.pass(10);
    expect(work.error?.name).toBe("MongoNetworkError");
    expect(work.error?.message).toMatch(/^connection \d+ to db:27017 closed$/);
    world.server.restart();
    expect(await stored()).toBe(1);
  });

  test("while it is down, calls wait for it and fail when their time is over", async () => {
    const { world, increment, stored } = await setUp(800);
    world.server.crash();
    await world.pass(10);
    const startedNs = world.scheduler.now;
    const error = await world.failure(increment());
    expect(error.name).toBe("MongoServerSelectionError");
    expect(world.scheduler.now - startedNs).toBe(800e6);
    const patient = watch(increment());
    await world.pass(100);
    world.server.restart();
    await world.pass(700);
    expect(patient.outcome).toBe("fulfilled");
    expect(await stored()).toBe(1);
  });

  test("a stopped server answers nothing, and works off what has arrived when it goes on", async () => {
    const { world, increment, stored } = await setUp(100);
    world.server.pause();
    const error = await world.failure(increment());
    expect(error.name).toBe("MongoNetworkTimeoutError");
    world.server.resume();
    await world.pass(10);
    expect(await stored()).toBe(1);
  });

  test("a stopped server that is killed closes its connections", async () => {
    const { world, increment, stored } = await setUp();
    world.server.pause();
    const work = watch(increment());
    await world.pass(10);
    world.server.crash();
    world.server.restart();
    await world.pass(10);
    expect(work.error?.name).toBe("MongoNetworkError");
    expect(await stored()).toBe(0);
  });
});

test("a duplicate key names its index, key and value as the driver does", async () => {
  const { world, items } = await setUp();
  const error = await world.failure(items.insertOne({ _id: "a", n: 1 }));
  expect(error).toMatchObject({
    name: "MongoServerError",
    code: 11000,
    index: 0,
    keyPattern: { _id: 1 },
    keyValue: { _id: "a" },
    message: 'E11000 duplicate key error collection: db.items index: _id_ dup key: { _id: "a" }',
  });
});

test("what callers do with their documents does not reach the store", async () => {
  const { world, service } = await setUp();
  const carts = service.database.collection<{ _id: string; lines: { sku: string }[] }>("carts");
  const cart = { _id: "c", lines: [{ sku: "x" }] };
  await world.finish(carts.insertOne(cart));
  cart.lines.push({ sku: "y" });
  const read = await world.finish(carts.findOne({ _id: "c" }));
  read?.lines.push({ sku: "z" });
  expect((await world.finish(carts.findOne({ _id: "c" })))?.lines).toEqual([{ sku: "x" }]);
});

test("fields with names of Object's own are fields like others", async () => {
  const { world, items } = await setUp();
  expect(await world.finish(items.countDocuments({ constructor: { $exists: true } } as never))).toBe(0);
  const refused = JSON.parse('{"_id":"p","__proto__":{"n":1}}');
  expect((await world.failure(items.insertOne(refused))).message).toContain("__proto__");
  expect(
    (await world.failure(items.updateOne({ _id: "a" }, { $set: { "__proto__.n": 1 } }))).message,
  ).toContain("__proto__");
});

test("what the model lacks is refused by name before it is sent, and the refusal is kept", async () => {
  const { world, items, stored } = await setUp();
  const loose = items as unknown as { aggregate(stages: unknown[]): void };
  expect(() => loose.aggregate([])).toThrow("not supported by the MongoDB model: collection.aggregate");
  const calls: [() => Promise<unknown>, string][] = [
    [() => items.updateOne({ _id: "a" }, { $mul: { n: 2 } }), "$mul"],
    [() => items.find({ $text: { $search: "x" } } as never).toArray(), "$text"],
    [() => items.findOne({ _id: /a/ }), "RegExp"],
    [() => items.insertOne({ _id: "b", n: 1n } as never), "bigint"],
    [() => items.updateOne({ _id: "a" }, { $set: { n: 1 } }, { hint: "x" }), "hint"],
    [() => items.createIndex({ name: "text" }), "text"],
    [() => items.updateOne({ _id: "a" }, [{ $set: { n: 1 } }]), "pipeline"],
  ];
  for (const [call, what] of calls) {
    const error = await world.failure(call());
    expect([error.name, error.message.includes(what)]).toEqual(["UnsupportedByMongodbModelError", true]);
  }
  expect(world.server.refusals.length).toBe(calls.length + 1);
  expect(await stored()).toBe(0);
});

test("drawn ids are ObjectIds of the driver's class and the same for the same seed", async () => {
  const { ObjectId } = await import("mongodb");
  const draw = async () => {
    const world = new MongodbWorld(5);
    const things = world.process("service").database.collection("things");
    return (await world.finish(things.insertOne({}))).insertedId;
  };
  const first = await draw();
  expect(first).toBeInstanceOf(ObjectId);
  expect(first.toHexString()).toBe((await draw()).toHexString());
});
