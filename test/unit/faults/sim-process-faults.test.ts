import { describe, expect, test } from "vitest";
import { FaultWorld } from "../../support/faults/fault-world.ts";

const shop = "http://shop";

describe("process-pause", () => {
  test("what comes waits and is worked off in order; nothing is lost", async () => {
    const world = await FaultWorld.start();
    const slow = world.calling(`${shop}/slow`, "GET", 60_000);
    await world.pass(50);
    const fault = world.inject("process-pause", { process: "shop" });
    expect(fault.bites()).toBe(0);
    const ping = world.calling(`${shop}/ping`, "GET", 60_000);
    await world.pass(5000);
    expect(world.log).not.toContain("shop slow");
    expect(fault.bites()).toBe(2);
    fault[Symbol.dispose]();
    fault[Symbol.dispose]();
    expect(await world.finish(() => Promise.all([slow, ping]))).toEqual(["200 done", "200 pong"]);
    // The request came before the timer was due.
    expect(world.log.slice(-2)).toEqual(["shop pinged", "shop slow"]);
    expect(world.nowMs).toBeLessThan(5200);
  });

  test("the rest of the world goes on, and a caller gives up by its own clock", async () => {
    const world = await FaultWorld.start();
    const fault = world.inject("process-pause", { process: "shop" });
    expect(await world.call(`${shop}/ping`)).toBe("TimeoutError");
    expect(await world.call("http://stock/ping")).toBe("200 pong");
    fault[Symbol.dispose]();
    expect(await world.call(`${shop}/ping`)).toBe("200 pong");
  });

  test("a store: statements wait", async () => {
    const world = await FaultWorld.start();
    await world.call(`${shop}/note`, "POST");
    const fault = world.inject("process-pause", { process: "db" });
    const notes = world.calling(`${shop}/notes`, "GET", 60_000);
    await world.pass(300);
    expect(fault.bites()).toBe(1);
    fault[Symbol.dispose]();
    expect(await world.finish(() => notes)).toBe("200 1");
  });

  test.each(["shop", "db"])(
    "%s is killed while it is paused: callers get a reset, the next life is whole",
    async (name) => {
      const world = await FaultWorld.start();
      await world.call(`${shop}/note`, "POST");
      const pause = world.inject("process-pause", { process: name });
      const call = world.calling(`${shop}/notes`, "GET", 60_000);
      await world.pass(100);
      const crash = world.inject("process-crash", { process: name });
      expect(await world.finish(() => call)).toMatch(/ECONNRESET|terminated/);
      crash[Symbol.dispose]();
      pause[Symbol.dispose]();
      await world.pass(100);
      expect(await world.call(`${shop}/notes`)).toBe("200 1");
    },
  );

  test("the same seed gives the same events", async () => {
    const hash = async () => {
      const world = await FaultWorld.start(5);
      const fault = world.inject("process-pause", { process: "shop" });
      const calls = [1, 2, 3].map(() => world.calling(`${shop}/note`, "POST", 60_000));
      await world.pass(700);
      fault[Symbol.dispose]();
      await world.finish(() => Promise.all(calls));
      return world.simulation.scheduler.eventLogHash();
    };
    expect(await hash()).toBe(await hash());
  });
});

describe("graceful-stop", () => {
  test("refuses what is new, finishes what is under way, starts again at the heal", async () => {
    const world = await FaultWorld.start();
    const slow = world.calling(`${shop}/slow`);
    await world.pass(10);
    const fault = world.inject("graceful-stop", { process: "shop" });
    expect(await world.call(`${shop}/ping`)).toBe("ECONNREFUSED");
    expect(await world.finish(() => slow)).toBe("200 done");
    await world.pass(10);
    expect(world.simulation.port.isUp("shop")).toBe(false);
    expect(world.log.slice(-2)).toEqual(["shop slow", "shop stops"]);
    expect(fault.bites()).toBe(1);
    fault[Symbol.dispose]();
    fault[Symbol.dispose]();
    await world.pass(10);
    expect(await world.call(`${shop}/ping`)).toBe("200 pong");
    expect(world.log.filter((line) => line === "shop starts")).toHaveLength(2);
  });

  test("healed before it is down: it stops, and starts then", async () => {
    const world = await FaultWorld.start();
    const slow = world.calling(`${shop}/slow`);
    await world.pass(10);
    world.inject("graceful-stop", { process: "shop" })[Symbol.dispose]();
    expect(await world.finish(() => slow)).toBe("200 done");
    await world.pass(10);
    expect(await world.call(`${shop}/ping`)).toBe("200 pong");
  });

  test("waits for a service that is down", async () => {
    const world = await FaultWorld.start();
    const { port } = world.simulation;
    port.crash("shop");
    const fault = world.inject("graceful-stop", { process: "shop" });
    expect(fault.bites()).toBe(0);
  });
});

describe("rolling-restart", () => {
  test("one after the other, never two down at a time", async () => {
    const world = await FaultWorld.start();
    const fault = world.inject("rolling-restart", { processes: ["shop", "stock"] });
    for (let step = 0; step < 200; step++) {
      const { port } = world.simulation;
      expect(port.isUp("shop") || port.isUp("stock")).toBe(true);
      await world.pass(0.1);
    }
    expect(fault.bites()).toBe(2);
    expect(world.log.slice(2)).toEqual(["shop stops", "shop starts", "stock stops", "stock starts"]);
    fault[Symbol.dispose]();
  });

  test("healed half-way: what is down starts, the rest is left alone", async () => {
    const world = await FaultWorld.start();
    const fault = world.inject("rolling-restart", { processes: ["shop", "stock"] });
    fault[Symbol.dispose]();
    fault[Symbol.dispose]();
    await world.pass(100);
    expect([await world.call(`${shop}/ping`), fault.bites()]).toEqual(["200 pong", 1]);
    expect(world.log).not.toContain("stock stops");
  });
});

test("clock-offset: the time of day jumps, time limits stay right", async () => {
  const world = await FaultWorld.start();
  const right = await world.call(`${shop}/time`);
  const fault = world.inject("clock-offset", { process: "shop", offsetMs: -60_000 });
  expect(fault.bites()).toBe(0);
  const wrong = await world.call(`${shop}/time`);
  expect(Math.round((Number(wrong.slice(4)) - Number(right.slice(4))) / 1000)).toBe(-60);
  const other = await world.call("http://stock/time");
  expect(Math.round((Number(other.slice(4)) - Number(right.slice(4))) / 1000)).toBe(0);
  const startedMs = world.nowMs;
  await world.call(`${shop}/slow`);
  expect(Math.round((world.nowMs - startedMs) / 100)).toBe(1);
  expect(fault.bites()).toBe(1);
  fault[Symbol.dispose]();
  fault[Symbol.dispose]();
  expect(Math.round(Number((await world.call(`${shop}/time`)).slice(4)) / 1000)).toBe(
    Math.round(Number(right.slice(4)) / 1000),
  );
});
