import { describe, expect, test } from "vitest";
import type { FaultNeed } from "../../../harness/faults/fault.ts";
import { faultTable } from "../../../harness/faults/fault-table.ts";
import {
  type FaultCapabilities,
  impossibleFaults,
  refuseImpossibleFaults,
} from "../../../harness/faults/impossible-faults.ts";
import { faults } from "../../../harness/faults/index.ts";
import { FaultWorld, faultNamed } from "../../support/faults/fault-world.ts";

const everything: FaultCapabilities = {
  proxies: true,
  processes: true,
  "postgres-superuser": true,
  "postgres-sessions": true,
  "postgres-slots": true,
  "kafka-admin": true,
  libfaketime: true,
};

test("names are in order and there once, and each fault says what it does", () => {
  const names = faults.map(({ name }) => name);
  expect(names).toEqual([...new Set(names)].sort());
  for (const { does, heals, bite } of faults)
    expect([does, heals, bite].every((text) => text.length > 3)).toBe(true);
});

describe("parameters that are wrong are refused by name", () => {
  const wrong: [string, unknown, string][] = [
    ["link-bandwidth", { from: "a", to: "b", rateKBps: 0 }, "rateKBps"],
    ["link-slicer", { from: "a", to: "b", sizeBytes: 10, delayUs: -1 }, "delayUs"],
    ["slow-close", { from: "a", to: "b", delayMs: "x" }, "delayMs"],
    ["black-hole", { a: "a", b: "b", direction: "up" }, "direction"],
    ["isolate-one", { node: "a", others: [] }, "others"],
    ["isolate-one", { node: "a", others: ["a"] }, "twice"],
    ["random-core", { core: ["a"], rest: ["b", "b"] }, "twice"],
    ["bridge", { left: ["a"], bridge: "b", right: ["b"] }, "twice"],
    ["rolling-restart", { processes: "a" }, "processes"],
    ["clock-offset", { process: "a", offsetMs: 1.5 }, "offsetMs"],
    ["replica-lag", { replica: "a", delayMs: -1 }, "delayMs"],
    ["duplicate-delivery", { broker: "k", topic: "t", group: "g", consumer: "c", count: 0 }, "count"],
  ];
  test.each(wrong)("%s %j", (name, params, field) => {
    expect(() => faultNamed(name).parse(params)).toThrow(field);
  });

  test("of every fault: no parameters at all, and one too many", () => {
    for (const fault of faults) expect(() => fault.parse(null)).toThrow(fault.name);
    expect(() => faultNamed("process-pause").parse({ process: "a", more: 1 })).toThrow("more");
  });
});

test("a node or a store that is not there is refused by name", async () => {
  const world = await FaultWorld.start();
  expect(() => world.inject("process-pause", { process: "nobody" })).toThrow('"nobody"');
  expect(() => world.inject("isolate-one", { node: "shop", others: ["nobody"] })).toThrow('"nobody"');
  expect(() => world.inject("replica-pause", { replica: "db" })).toThrow("replica");
  expect(() => world.inject("clock-offset", { process: "db", offsetMs: 1 })).toThrow('"db"');
  expect(() => world.inject("delayed-delivery", { broker: "db", topic: "t", delayMs: 1 })).toThrow("Kafka");
});

describe("what a lane cannot do", () => {
  test("the sim lane has every fault", () => {
    expect(impossibleFaults(faults, { lane: "sim" })).toEqual([]);
  });

  test("the real lane with everything lacks what a broker cannot do", () => {
    const impossible = impossibleFaults(faults, { lane: "real", capabilities: everything });
    expect(impossible.map(({ fault }) => fault)).toEqual(["delayed-delivery", "reordered-delivery"]);
  });

  test.each(Object.keys(everything) as FaultNeed[])(
    "without %s, what needs it is refused with the reason",
    (need) => {
      const capabilities = { ...everything, [need]: `there is no ${need} here` };
      const hit = impossibleFaults(faults, { lane: "real", capabilities }).filter(({ why }) =>
        why.includes(`there is no ${need} here`),
      );
      expect(hit.map(({ fault }) => fault)).toEqual(
        faultTable().flatMap(({ name, real }) =>
          typeof real !== "string" && real.includes(need) ? [name] : [],
        ),
      );
      expect(hit.length).toBeGreaterThan(0);
      expect(() => refuseImpossibleFaults(faults, { lane: "real", capabilities })).toThrow(need);
    },
  );

  test("nothing is refused where nothing is impossible", () => {
    expect(() =>
      refuseImpossibleFaults([faultNamed("link-partition")], { lane: "real", capabilities: everything }),
    ).not.toThrow();
  });
});
