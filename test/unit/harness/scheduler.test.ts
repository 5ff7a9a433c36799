import { expect, test } from "vitest";
import { randomStream } from "../../../harness/random/random-stream.ts";
import { type DrainMode, Scheduler } from "../../../harness/sim/scheduler.ts";
import type { Owner } from "../../../harness/sim/sim-event.ts";

const LIMITS = { events: 1e6, timeNs: 1e15 };

function scheduler(seed = 1, drain: DrainMode = "tick"): { scheduler: Scheduler; root: Owner } {
  const root: Owner = { name: "root", alive: true };
  return { scheduler: new Scheduler(randomStream(seed, "ranks"), root, drain), root };
}

test("runs events in the order of virtual time and shows that time", async () => {
  const { scheduler: s } = scheduler();
  const seen: string[] = [];
  for (const delay of [300, 100, 200]) s.schedule(delay, "e", () => seen.push(`${delay}@${s.now}`));
  expect(await s.drive(() => false, LIMITS)).toBe("idle");
  expect(seen).toEqual(["100@100", "200@200", "300@300"]);
});

test("the seed decides the order of events of one moment, and only the seed", async () => {
  const orders = new Set<string>();
  for (let seed = 0; seed < 40; seed++) {
    const run = async () => {
      const { scheduler: s } = scheduler(seed);
      let order = "";
      for (const name of ["a", "b", "c"]) s.schedule(5, name, () => (order += name));
      await s.drive(() => false, LIMITS);
      return order;
    };
    const order = await run();
    expect(await run()).toBe(order);
    orders.add(order);
  }
  expect(orders.size).toBe(6);
});

test("drains the promises of an event before the next event runs", async () => {
  for (const drain of ["tick", "immediate"] as const) {
    const { scheduler: s } = scheduler(1, drain);
    const seen: string[] = [];
    const chain = async (name: string) => {
      for (let i = 0; i < 5; i++) {
        await null;
        seen.push(`${name}${i}`);
      }
    };
    s.schedule(1, "a", () => void chain("a"));
    s.schedule(2, "b", () => void chain("b"));
    await s.drive(() => false, LIMITS);
    expect(seen.join(" ")).toBe("a0 a1 a2 a3 a4 b0 b1 b2 b3 b4");
  }
});

test("drops the events of an owner that died, and of cancelled events", async () => {
  const { scheduler: s } = scheduler();
  const owner: Owner = { name: "service", alive: true };
  const seen: string[] = [];
  s.schedule(10, "dies", () => seen.push("never"), { owner });
  s.schedule(5, "crash", () => (owner.alive = false));
  s.cancel(s.schedule(7, "cancelled", () => seen.push("never")));
  s.schedule(20, "lives", () => seen.push("lives"));
  await s.drive(() => false, LIMITS);
  expect(seen).toEqual(["lives"]);
});

test("hands owner and cause on from event to event", async () => {
  const { scheduler: s } = scheduler();
  const owner: Owner = { name: "service", alive: true };
  const seen: unknown[] = [];
  s.schedule(1, "first", () => s.schedule(1, "second", () => seen.push(s.owner.name, s.cause)), {
    owner,
    cause: 7,
  });
  await s.drive(() => false, LIMITS);
  expect(seen).toEqual(["service", 7]);
});

test("ends when done, idle, or at a limit, and can go on after a limit", async () => {
  const { scheduler: s } = scheduler();
  let count = 0;
  const again = () => {
    count++;
    s.schedule(10, "again", again);
  };
  s.schedule(10, "again", again);
  expect(await s.drive(() => false, { events: 5, timeNs: 1e9 })).toBe("event-limit");
  expect(count).toBe(5);
  expect(await s.drive(() => false, { events: 1e6, timeNs: 100 })).toBe("time-limit");
  expect(count).toBe(10);
  expect(await s.drive(() => count === 12, LIMITS)).toBe("done");
});

test("the event log's hash tells order, time, owner and label apart", async () => {
  const hashOf = async (...events: [number, string][]) => {
    const { scheduler: s } = scheduler();
    for (const [delay, label] of events) s.schedule(delay, label, () => {});
    await s.drive(() => false, LIMITS);
    return s.eventLogHash();
  };
  const hash = await hashOf([1, "a"], [2, "b"]);
  expect(hash).toMatch(/^[0-9a-f]{16}$/);
  expect(await hashOf([2, "b"], [1, "a"])).toBe(hash);
  expect(await hashOf([1, "b"], [2, "a"])).not.toBe(hash);
  expect(await hashOf([1, "a"], [3, "b"])).not.toBe(hash);
  expect(await hashOf([1, "a"])).not.toBe(hash);
});
