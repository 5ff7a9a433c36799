import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type ConcurrentCalls,
  concurrentCalls,
  type SequentialObject,
  sequentialBank,
  sequentialCounter,
  sequentialEntity,
  sequentialMutex,
  sequentialQueue,
  sequentialSet,
  sequentialText,
} from "../../../bench/concurrent-objects.ts";
import type { Json } from "../../../checkers/history/operation.ts";
import { linearizability } from "../../../checkers/linearizability/linearizability.checker.ts";
import type { LinearizabilityOptions } from "../../../checkers/linearizability/linearizability-options.ts";
import { buildHistory, textOfEvents } from "../../support/build-history.ts";
import {
  firstUnexplained,
  hasOrder,
  type OracleObject,
  oracleBank,
  oracleCalls,
  oracleCounter,
  oracleEntity,
  oracleMutex,
  oracleQueue,
  oracleSet,
  oracleText,
} from "../../support/linearizability.oracle.ts";
import { hasPlace, orderFlaw, prefixOf } from "../../support/placed-order.oracle.ts";

interface Judged {
  readonly name: string;
  readonly options: LinearizabilityOptions;
  readonly object: () => SequentialObject;
  readonly oracle: OracleObject;
  readonly initial: Json;
}

const judged: readonly Judged[] = [
  {
    name: "kv",
    options: { model: "kv" },
    object: () => sequentialText(),
    oracle: oracleText,
    initial: "",
  },
  {
    name: "kv, each text once",
    options: { model: "kv" },
    object: () => sequentialText(0),
    oracle: oracleText,
    initial: "",
  },
  {
    name: "counter",
    options: { model: "counter" },
    object: sequentialCounter,
    oracle: oracleCounter,
    initial: 0,
  },
  { name: "set", options: { model: "set" }, object: sequentialSet, oracle: oracleSet, initial: [] },
  {
    name: "queue",
    options: { model: "queue" },
    object: () => sequentialQueue(),
    oracle: oracleQueue,
    initial: [],
  },
  {
    name: "queue, each value once",
    options: { model: "queue" },
    object: () => sequentialQueue(0),
    oracle: oracleQueue,
    initial: [],
  },
  {
    name: "mutex",
    options: { model: "mutex" },
    object: sequentialMutex,
    oracle: oracleMutex,
    initial: false,
  },
  {
    name: "versioned-entity",
    options: { model: "versioned-entity", initial: null },
    object: sequentialEntity,
    oracle: oracleEntity,
    initial: null,
  },
  {
    name: "bank",
    options: { model: "bank", initial: { a: 3, b: 3 } },
    object: sequentialBank,
    oracle: oracleBank,
    initial: { a: 3, b: 3 },
  },
];

const named = judged.map((one) => [one.name, one] as const);

const small: fc.Arbitrary<ConcurrentCalls> = fc.record({
  operations: fc.integer({ min: 3, max: 11 }),
  clients: fc.integer({ min: 2, max: 4 }),
  timeoutEvery: fc.constantFrom(0, 3, 6),
  wrongEvery: fc.constantFrom(0, 2, 4),
  seed: fc.integer({ min: 1, max: 1_000_000 }),
});

describe.each(named)("the model %s", (_, { options, object, oracle, initial }) => {
  test("agrees with trying every order, and finds the same first call without a place", () => {
    let broken = 0;
    fc.assert(
      fc.property(small, (size) => {
        const events = concurrentCalls(size, object());
        const history = buildHistory(events);
        const calls = [...oracleCalls(history, false).values()].flat();
        if (!calls.some(({ isKnown }) => isKnown)) return;
        const result = linearizability(options).check(history);
        const isLinearizable = hasOrder(calls, initial, oracle);
        expect(result.verdict, textOfEvents(events)).toBe(isLinearizable ? "valid" : "invalid");
        if (isLinearizable) return;
        broken++;
        const end = firstUnexplained(calls, initial, oracle);
        expect(result.anomalies[0]?.operations, textOfEvents(events)).toEqual([
          history.index[history.mate[end]!],
        ]);
        const unplaced = calls.find((call) => call.end === end)!;
        const order = prefixOf(result, history);
        expect(orderFlaw(calls, order, unplaced, initial, oracle), textOfEvents(events)).toBe(null);
        expect(hasPlace(calls, order, unplaced, initial, oracle), textOfEvents(events)).toBe(false);
      }),
      { seed: 61, numRuns: 1000 },
    );
    expect(broken).toBeGreaterThan(50);
  });

  test("never blames an object that does one thing after the other", () => {
    let timedOut = 0;
    fc.assert(
      fc.property(small, (size) => {
        const events = concurrentCalls({ ...size, operations: 60, wrongEvery: 0 }, object());
        if (size.timeoutEvery > 0) timedOut++;
        const budget = { exceeded: () => "it took too long" };
        const result = linearizability(options).check(buildHistory(events), budget);
        expect(result.anomalies, textOfEvents(events)).toEqual([]);
      }),
      { seed: 62, numRuns: 150 },
    );
    expect(timedOut).toBeGreaterThan(50);
  });
});
