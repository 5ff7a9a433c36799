import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ConcurrentCalls, concurrentCalls } from "../../../bench/concurrent-objects.ts";
import { linearizability } from "../../../checkers/linearizability/linearizability.checker.ts";
import { buildHistory, textOfEvents } from "../../support/build-history.ts";
import { judgedModels } from "../../support/judged-models.ts";
import { firstUnexplained, hasOrder, oracleCalls } from "../../support/linearizability.oracle.ts";
import { hasPlace, orderFlaw, prefixOf } from "../../support/placed-order.oracle.ts";

const named = judgedModels.map((one) => [one.name, one] as const);

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
