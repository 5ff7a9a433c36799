import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Json } from "../../../checkers/history/operation.ts";
import { faults as knownFaults } from "../../../harness/faults/index.ts";
import { systemFaults } from "../../../scenarios/faults/system-faults.ts";
import { scenarios } from "../../../scenarios/index.ts";

const edges = [
  { from: "clients", to: "order", speaks: "http" },
  { from: "order", to: "order-db", speaks: "sql" },
  { from: "relay", to: "order-db", speaks: "sql-reads" },
  { from: "order", to: "kafka", speaks: "bus" },
  { from: "notification", to: "notices", speaks: "documents" },
] as const;
const deliveries = [{ broker: "kafka", topic: "orders", group: "notices", consumer: "notification" }];
const choices = systemFaults({ edges, processes: ["order", "kafka"], deliveries });

function drawn(name: string): readonly Readonly<Record<string, Json>>[] {
  return choices
    .filter(({ fault }) => fault.name === name)
    .flatMap(({ fault, params }) =>
      fc.sample(params, { numRuns: 200, seed: 1 }).map((one) => fault.parse(one) as Record<string, Json>),
    );
}

test("faults strike the given nodes only, with parameters that the faults take", () => {
  const known = new Set<Json>(["clients", "order", "order-db", "relay", "kafka", "notification", "notices"]);
  const places = [
    "from",
    "to",
    "a",
    "b",
    "process",
    "node",
    "bridge",
    "service",
    "store",
    "broker",
    "consumer",
  ];
  const sets = ["processes", "others", "left", "right", "core", "rest"];
  for (const { fault } of choices) {
    for (const params of drawn(fault.name)) {
      for (const field of places) if (params[field] !== undefined) expect(known).toContain(params[field]);
      for (const field of sets) {
        for (const node of (params[field] as Json[] | undefined) ?? []) expect(known).toContain(node);
      }
    }
  }
});

test("a fault is drawn only where there is what it strikes", () => {
  expect(new Set(drawn("commit-answer-lost").map(({ from }) => from))).toEqual(new Set(["order"]));
  expect(new Set(drawn("message-duplication").map(({ from }) => from))).toEqual(new Set(["clients"]));
  expect(new Set(drawn("postgres-backend-kill").map(({ service }) => service))).toEqual(
    new Set(["order", "relay"]),
  );
  // A broker is not asked to stop in order.
  expect(new Set(drawn("graceful-stop").map(({ process }) => process))).toEqual(new Set(["order"]));
});

test("a partition of several nodes parts the ends of an edge, and a bridge is neither of them", () => {
  const isParted = (left: Json, right: Json): boolean =>
    edges.some(
      ({ from, to }) =>
        ((left as Json[]).includes(from) && (right as Json[]).includes(to)) ||
        ((left as Json[]).includes(to) && (right as Json[]).includes(from)),
    );
  for (const { left, right } of drawn("partition-halves")) expect(isParted(left!, right!)).toBe(true);
  for (const { left, right } of drawn("bridge")) expect(isParted(left!, right!)).toBe(true);
  for (const { core, rest } of drawn("random-core")) expect(isParted(core!, rest!)).toBe(true);
  for (const { node, others } of drawn("isolate-one")) expect(isParted([node!], others!)).toBe(true);
});

test("with two nodes there is no partition but that of their edge", () => {
  const small = systemFaults({ edges: [edges[0]], processes: ["order"] });
  const shapes = ["isolate-one", "partition-halves", "bridge", "random-core"];
  expect(small.filter(({ fault }) => shapes.includes(fault.name))).toEqual([]);
});

test("every fault is drawn by some scenario, but those for which there is a reason", () => {
  const used = new Set(scenarios.flatMap(({ faults }) => faults.map(({ fault }) => fault.name)));
  const unused = knownFaults.map(({ name }) => name).filter((name) => !used.has(name));
  expect(unused.sort()).toEqual([
    // The hardened forms may count on the order that Kafka keeps.
    "reordered-delivery",
    // Services keep their connections: there is seldom a closing that could be late.
    "slow-close",
  ]);
});
