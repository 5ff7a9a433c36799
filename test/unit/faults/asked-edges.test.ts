import { describe, expect, test } from "vitest";
import type { Json } from "../../../checkers/history/operation.ts";
import { askedEdges } from "../../../harness/faults/asked-edges.ts";
import { faults } from "../../../harness/faults/index.ts";

const fromTo = { from: "a", to: "b" };
const pair = { a: "a", b: "b", direction: "both" };
/** Of every fault on connections. `pool-exhaustion` asks for the store before it asks for an edge. */
const onConnections: Readonly<Record<string, Json>> = {
  "answer-lost": { ...fromTo, count: 1 },
  "black-hole": pair,
  bridge: { left: ["a"], bridge: "c", right: ["b"] },
  "commit-answer-lost": { ...fromTo, count: 1 },
  "commit-request-lost": { ...fromTo, count: 1 },
  "connection-refused": fromTo,
  "connection-reset": fromTo,
  "isolate-one": { node: "a", others: ["b", "c"] },
  "link-bandwidth": { ...fromTo, rateKBps: 1 },
  "link-latency": { ...fromTo, addMs: 1 },
  "link-partition": pair,
  "link-slicer": { ...fromTo, sizeBytes: 1, delayUs: 1 },
  "message-duplication": { ...fromTo, count: 1 },
  "message-loss": { ...fromTo, count: 1, kind: "request" },
  "partition-halves": { left: ["a"], right: ["b", "c"] },
  "pool-exhaustion": { service: "a", store: "b" },
  "random-core": { core: ["c"], rest: ["a", "b"] },
  "request-lost": { ...fromTo, count: 1 },
  "slow-close": { ...fromTo, delayMs: 1 },
};

describe("the edges that a fault would act on", () => {
  test("are known of every fault on connections, whichever of its nodes connects to the other", () => {
    const names = faults.filter(({ needs }) => needs.includes("proxies")).map(({ name }) => name);
    expect(names).toEqual(Object.keys(onConnections));
    for (const fault of faults) {
      const params = onConnections[fault.name];
      if (params === undefined || fault.name === "pool-exhaustion") continue;
      const asked = askedEdges(fault, fault.parse(params)).map(({ from, to }) => `${from} ${to}`);
      expect([fault.name, asked.includes("a b")]).toEqual([fault.name, true]);
    }
  });

  test("are both ways where bytes are held, and the one way where requests are hit", () => {
    const of = (name: string, params: Json) => {
      const fault = faults.find((known) => known.name === name);
      return fault === undefined ? [] : askedEdges(fault, fault.parse(params));
    };
    const there = { from: "a", to: "b" };
    const back = { from: "b", to: "a" };
    expect(of("link-latency", { ...fromTo, addMs: 5 })).toEqual([there, back]);
    expect(of("request-lost", { ...fromTo, count: 1 })).toEqual([there]);
    expect(of("process-crash", { process: "a" })).toEqual([]);
  });
});
