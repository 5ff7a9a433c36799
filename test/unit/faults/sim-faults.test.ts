import { describe, expect, test } from "vitest";
import { FaultWorld } from "../../support/faults/fault-world.ts";

const shop = "http://shop";

describe("connection-refused", () => {
  test("nothing is executed while it is on, everything after", async () => {
    const world = await FaultWorld.start();
    const fault = world.inject("connection-refused", { from: "clients", to: "shop" });
    expect(await world.call(`${shop}/ping`)).toBe("ECONNREFUSED");
    expect([world.log.includes("shop pinged"), fault.bites()]).toEqual([false, 1]);
    fault[Symbol.dispose]();
    fault[Symbol.dispose]();
    expect([await world.call(`${shop}/ping`), fault.bites()]).toEqual(["200 pong", 1]);
  });

  test("open connections to a store are cut, new ones refused", async () => {
    const world = await FaultWorld.start();
    await world.call(`${shop}/note`, "POST");
    const fault = world.inject("connection-refused", { from: "shop", to: "db" });
    expect(await world.call(`${shop}/notes`)).toBe("500 ECONNRESET");
    expect(await world.call(`${shop}/notes`)).toBe("500 ECONNREFUSED");
    fault[Symbol.dispose]();
    expect(await world.call(`${shop}/notes`)).toBe("200 1");
  });
});

describe("black-hole", () => {
  test("a request vanishes; at the heal its connection breaks", async () => {
    const world = await FaultWorld.start();
    const fault = world.inject("black-hole", { a: "clients", b: "shop", direction: "a-to-b" });
    const call = world.calling(`${shop}/ping`, "GET", 60_000);
    await world.pass(5000);
    expect([fault.bites(), world.log.includes("shop pinged")]).toEqual([1, false]);
    fault[Symbol.dispose]();
    fault[Symbol.dispose]();
    expect(await world.finish(() => call)).toBe("ECONNRESET");
    expect(await world.call(`${shop}/ping`)).toBe("200 pong");
  });

  test("an answer vanishes, although the request was executed", async () => {
    const world = await FaultWorld.start();
    const fault = world.inject("black-hole", { a: "clients", b: "shop", direction: "b-to-a" });
    expect(await world.call(`${shop}/ping`)).toBe("TimeoutError");
    expect([fault.bites(), world.log.includes("shop pinged")]).toEqual([1, true]);
    fault[Symbol.dispose]();
  });
});

test("connection-reset: requests are lost with their connection, until the heal", async () => {
  const world = await FaultWorld.start();
  const fault = world.inject("connection-reset", { from: "clients", to: "shop" });
  expect([await world.call(`${shop}/ping`), await world.call(`${shop}/ping`)]).toEqual([
    "ECONNRESET",
    "ECONNRESET",
  ]);
  expect([fault.bites(), world.log.includes("shop pinged")]).toEqual([2, false]);
  fault[Symbol.dispose]();
  expect(await world.call(`${shop}/ping`)).toBe("200 pong");
});

describe("slow links", () => {
  const took = async (name: string, params: Record<string, string | number>, calls: number) => {
    const world = await FaultWorld.start();
    const fault = world.inject(name, { from: "clients", to: "shop", ...params });
    const startedMs = world.nowMs;
    await world.finish(() =>
      Promise.all(Array.from({ length: calls }, () => world.calling(`${shop}/ping`, "GET", 60_000))),
    );
    expect(fault.bites()).toBe(calls);
    const slowMs = world.nowMs - startedMs;
    fault[Symbol.dispose]();
    const laterMs = world.nowMs;
    await world.call(`${shop}/ping`);
    expect(world.nowMs - laterMs).toBeLessThan(5);
    return slowMs;
  };

  test("link-bandwidth: messages queue behind each other", async () => {
    const one = await took("link-bandwidth", { rateKBps: 10 }, 1);
    const four = await took("link-bandwidth", { rateKBps: 10 }, 4);
    expect([one > 100 && one < 105, four > 400 && four < 405]).toEqual([true, true]);
  });

  test("link-slicer: a message is there when its last piece is", async () => {
    const ms = await took("link-slicer", { sizeBytes: 100, delayUs: 10_000 }, 2);
    expect(ms).toBeGreaterThan(90);
    expect(ms).toBeLessThan(95);
  });
});

test("slow-close: a server keeps the session of a client that died, for longer", async () => {
  const world = await FaultWorld.start();
  await world.call(`${shop}/note`, "POST");
  const { port } = world.simulation;
  const fault = world.inject("slow-close", { from: "shop", to: "db", delayMs: 300 });
  port.crash("shop");
  await world.pass(250);
  expect([port.postgres("db").hasBackend("shop"), fault.bites()]).toEqual([true, 1]);
  await world.pass(60);
  expect(port.postgres("db").hasBackend("shop")).toBe(false);
  fault[Symbol.dispose]();
});

test("commit-request-lost: the caller cannot know, and nothing took effect", async () => {
  const world = await FaultWorld.start();
  const fault = world.inject("commit-request-lost", { from: "shop", to: "db", count: 1 });
  expect(await world.call(`${shop}/note`, "POST")).toMatch(/^500 /);
  expect([await world.call(`${shop}/notes`), fault.bites()]).toEqual(["200 0", 1]);
  fault[Symbol.dispose]();
  expect(await world.call(`${shop}/note`, "POST")).toBe("200 noted");
});

describe("shapes of nodes", () => {
  const reach = async (world: FaultWorld) => [
    await world.call(`${shop}/ping`),
    await world.call("http://stock/ping"),
    await world.call(`${shop}/ask`),
  ];
  const cut = "TimeoutError";
  const shapes: [string, Record<string, string | string[]>, string[]][] = [
    ["isolate-one", { node: "stock", others: ["clients", "shop"] }, ["200 pong", cut, cut]],
    ["partition-halves", { left: ["clients"], right: ["shop", "stock"] }, [cut, cut, cut]],
    ["bridge", { left: ["clients"], bridge: "shop", right: ["stock"] }, ["200 pong", cut, "200 pong"]],
    ["random-core", { core: ["shop", "stock"], rest: ["clients"] }, [cut, cut, cut]],
    ["random-core", { core: ["clients"], rest: ["shop", "stock"] }, [cut, cut, cut]],
  ];
  test.each(shapes)("%s %j", async (name, params, expected) => {
    const world = await FaultWorld.start();
    const fault = world.inject(name, params);
    expect(await reach(world)).toEqual(expected);
    expect(fault.bites()).toBeGreaterThan(0);
    fault[Symbol.dispose]();
    fault[Symbol.dispose]();
    expect(await reach(world)).toEqual(["200 pong", "200 pong", "200 pong"]);
  });
});
