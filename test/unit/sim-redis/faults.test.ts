import { describe, expect, test } from "vitest";
import type { Interceptor } from "../../../harness/sim/network.ts";
import { watch } from "../../support/postgres/sim-world.ts";
import { RedisWorld } from "../../support/redis/redis-world.ts";

const onLabel =
  (label: string, fate: ReturnType<Interceptor>): Interceptor =>
  (message) =>
    message.label === label ? fate : null;

describe("messages under faults", () => {
  test("a command held by a partition takes effect after the heal, although its process has died", async () => {
    const world = new RedisWorld();
    const service = world.process("service");
    const redis = await service.connected();
    const heal = world.network.intercept("service", "redis", () => "hold");
    const work = watch(redis.incr("n"));
    await world.pass(10);
    expect(work.outcome).toBe("pending");
    service.die();
    heal();
    await world.run();
    expect(work.outcome).toBe("pending");
    expect(world.server.store.findText("n")).toBe("1");
    expect(world.server.host.connections.size).toBe(0);
  });

  test("a lost answer is ECONNRESET, and the command stands; the client connects again", async () => {
    const world = new RedisWorld();
    const redis = await world.process("service").connected();
    const heal = world.network.intercept("redis", "service", onLabel("INCR", "reset"));
    const error = await world.failure(redis.incr("n"));
    expect(error.code).toBe("ECONNRESET");
    heal();
    const offline = await world.failure(redis.get("n"));
    expect(offline.constructor.name).toBe("ClientOfflineError");
    await world.pass(100);
    expect(await world.finish(redis.get("n"))).toBe("1");
  });

  test("a dropped command ends in a timeout of the socket", async () => {
    const world = new RedisWorld();
    const redis = await world.process("service", 200).connected();
    world.network.intercept("service", "redis", onLabel("SET", "drop"));
    const startedNs = world.scheduler.now;
    const error = await world.failure(redis.set("a", "1"));
    expect(error.constructor.name).toBe("SocketTimeoutError");
    expect(world.scheduler.now - startedNs).toBeGreaterThanOrEqual(200e6);
    expect(world.server.store.size).toBe(0);
  });
});

describe("the server", () => {
  test("a crash closes connections, keeps what was written, and nobody connects before the restart", async () => {
    const world = new RedisWorld();
    const redis = await world.process("service").connected();
    await world.finish(redis.set("a", "1"));
    world.server.crash();
    const error = await world.failure(redis.get("a"));
    expect(error.constructor.name).toBe("SocketClosedUnexpectedlyError");
    await world.pass(1000);
    expect((await world.failure(redis.get("a"))).constructor.name).toBe("ClientOfflineError");
    world.server.restart();
    await world.pass(200);
    expect(await world.finish(redis.get("a"))).toBe("1");
  });

  test("without persistence a crash takes everything", async () => {
    const world = new RedisWorld(1, "none");
    const redis = await world.process("service").connected();
    await world.finish(redis.set("a", "1"));
    world.server.crash();
    world.server.restart();
    await world.pass(200);
    expect(await world.finish(redis.get("a"))).toBe(null);
  });

  test("a stopped server answers nothing, and works off what has arrived when it goes on; keys expire meanwhile", async () => {
    const world = new RedisWorld();
    const redis = await world.process("service", 0).connected();
    await world.finish(redis.set("lock", "me", { PX: 50 }));
    world.server.pause();
    const writes = [watch(redis.incr("n")), watch(redis.incr("n")), watch(redis.get("lock"))];
    await world.pass(100);
    expect(writes.map(({ outcome }) => outcome)).toEqual(["pending", "pending", "pending"]);
    expect(world.server.store.findText("n")).toBe(undefined);
    world.server.resume();
    await world.pass(10);
    expect(writes.map(({ outcome }) => outcome)).toEqual(["fulfilled", "fulfilled", "fulfilled"]);
    expect(world.server.store.findText("n")).toBe("2");
    expect(await world.finish(redis.get("lock"))).toBe(null);
  });

  test("memory of expired keys that nobody asks for is taken back", async () => {
    const world = new RedisWorld();
    const redis = await world.process("service").connected();
    for (let key = 0; key < 2000; key++) {
      await world.finish(redis.set(`key ${key}`, "x", { PX: 5 }));
    }
    expect(world.server.store.size).toBeLessThan(300);
  });
});

test("a reader that waits is woken by the entry that comes, and by nothing else", async () => {
  const world = new RedisWorld();
  const service = world.process("service", 0);
  const [reader, writer] = [await service.connected(), await service.connected()];
  await world.finish(writer.xGroupCreate("s", "g", "$", { MKSTREAM: true }));
  const read = watch(reader.xReadGroup("g", "c", { key: "s", id: ">" }, { BLOCK: 0 }));
  const behind = watch(reader.get("a"));
  await world.finish(writer.xAdd("other", "*", { n: "1" }));
  await world.pass(50);
  expect([read.outcome, behind.outcome]).toEqual(["pending", "pending"]);
  await world.finish(writer.xAdd("s", "*", { n: "1" }));
  await world.pass(5);
  expect([read.outcome, behind.outcome]).toEqual(["fulfilled", "fulfilled"]);
});

test("what the model lacks is refused by name, and the refusal is kept", async () => {
  const world = new RedisWorld();
  const redis = await world.process("service").connected();
  const script = await world.failure(redis.eval("return 1"));
  expect(script.message).toContain('not supported by the Redis model: EVAL of the script "return 1"');
  const loose = redis as unknown as { lPush(key: string, value: string): void };
  expect(() => loose.lPush("a", "b")).toThrow("not supported by the Redis model: lPush");
  const option = await world.failure(redis.set("a", "b", { EXAT: 5 } as never));
  expect(option.message).toContain("SET with EXAT");
  expect(world.server.refusals.length).toBe(3);
});

test("scripts are recognised whatever their spacing and quotes", async () => {
  const world = new RedisWorld();
  const redis = await world.process("service").connected();
  const acquire = `if redis.call('set', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2])
    then return redis.call('incr', KEYS[2])
    else return 0 end`;
  const call = (owner: string) =>
    world.finish(redis.eval(acquire, { keys: ["lock", "lock/token"], arguments: [owner, "1000"] }));
  expect([await call("a"), await call("b")]).toEqual([1, 0]);
  await world.pass(1002);
  expect(await call("b")).toBe(2);
});

test("the same seed gives the same events", async () => {
  const run = async (): Promise<string> => {
    const world = new RedisWorld(7);
    const redis = await world.process("service").connected();
    for (let n = 0; n < 20; n++) await world.finish(redis.xAdd("s", "*", { n: String(n) }));
    return `${world.scheduler.eventLogHash()} ${JSON.stringify(await world.finish(redis.xRange("s", "-", "+")))}`;
  };
  expect(await run()).toBe(await run());
});
