import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { concurrentRegisters } from "../../../bench/concurrent-registers.ts";
import type { HistoryEvent } from "../../../checkers/history/operation.ts";
import { linearizability } from "../../../checkers/linearizability/linearizability.checker.ts";
import { buildHistory, textOfEvents } from "../../support/build-history.ts";
import { otherKey, withOtherNames } from "../../support/checker-laws.ts";
import {
  firstUnexplained,
  hasOrder,
  oracleCalls,
  oracleRegister,
} from "../../support/linearizability.oracle.ts";
import { hasPlace, orderFlaw, prefixOf } from "../../support/placed-order.oracle.ts";

const sizes = {
  clients: fc.integer({ min: 2, max: 5 }),
  values: fc.integer({ min: 0, max: 3 }),
  writesOfTen: fc.integer({ min: 1, max: 5 }),
  casOfTen: fc.integer({ min: 0, max: 4 }),
  timeoutEvery: fc.constantFrom(0, 3, 5),
  staleEvery: fc.constantFrom(0, 2, 4),
  seed: fc.integer({ min: 1, max: 1_000_000 }),
};

const small = fc
  .record({ operations: fc.integer({ min: 3, max: 14 }), keys: fc.constant(1), ...sizes })
  .map((size): HistoryEvent[] => [...concurrentRegisters(size)]);

/** What a proof says of the call by which a value was gone, and of that which had stored it unless it was there at the start. */
const gone =
  /(?:operation (\d+) stored it|the register began with it), but operation (\d+) [^;]*?(?:overwrote|no longer found) it,/g;

describe("linearizability", () => {
  test("agrees with trying every order, and finds the same first call without a place", () => {
    let broken = 0;
    let overwritten = 0;
    fc.assert(
      fc.property(small, (events) => {
        const history = buildHistory(events);
        const calls = [...oracleCalls(history, true).values()].flat();
        if (!calls.some(({ isKnown }) => isKnown)) return;
        const result = linearizability().check(history);
        const isLinearizable = hasOrder(calls, null, oracleRegister);
        expect(result.verdict, textOfEvents(events)).toBe(isLinearizable ? "valid" : "invalid");
        if (isLinearizable) return;
        broken++;
        const end = firstUnexplained(calls, null, oracleRegister);
        expect(result.anomalies[0]?.operations, textOfEvents(events)).toEqual([
          history.index[history.mate[end]!],
        ]);
        const unplaced = calls.find((call) => call.end === end)!;
        const order = prefixOf(result, history);
        expect(orderFlaw(calls, order, unplaced, null, oracleRegister), textOfEvents(events)).toBe(null);
        expect(hasPlace(calls, order, unplaced, null, oracleRegister), textOfEvents(events)).toBe(false);
        // The call by which a value was gone lies between the one that stored it and the one that found it.
        for (const [, from, by] of result.anomalies[0]!.proof.matchAll(gone)) {
          overwritten++;
          const [stored, other] = [from, by].map((index) =>
            calls.find(({ start }) => history.index[start] === Number(index)),
          );
          expect(stored === undefined || stored.end < other!.start, textOfEvents(events)).toBe(true);
          expect(other!.end, textOfEvents(events)).toBeLessThan(unplaced.start);
        }
      }),
      { seed: 51, numRuns: 3000 },
    );
    expect(broken).toBeGreaterThan(200);
    expect(overwritten).toBeGreaterThan(50);
  });

  test("never blames registers that do one thing after the other", () => {
    fc.assert(
      fc.property(
        fc.record({
          ...sizes,
          operations: fc.integer({ min: 20, max: 120 }),
          keys: fc.integer({ min: 1, max: 3 }),
        }),
        (size) => {
          const events = [...concurrentRegisters({ ...size, staleEvery: 0, timeoutEvery: 0 })];
          expect(linearizability().check(buildHistory(events)).anomalies).toEqual([]);
        },
      ),
      { seed: 52, numRuns: 500 },
    );
  });

  test("does not depend on what keys and processes are called", () => {
    fc.assert(
      fc.property(small, (events) => {
        const before = linearizability().check(buildHistory(events));
        const after = linearizability().check(buildHistory(withOtherNames(events)));
        expect(after.verdict).toBe(before.verdict);
        expect(after.anomalies.map(({ operations, key }) => ({ operations, key }))).toEqual(
          before.anomalies.map(({ operations, key }) => ({ operations, key: otherKey(key ?? "") })),
        );
      }),
      { seed: 53, numRuns: 300 },
    );
  });

  test("stays broken, whatever follows", () => {
    fc.assert(
      fc.property(small, small, (events, others) => {
        const before = linearizability().check(buildHistory(events));
        if (before.verdict !== "invalid") return;
        const later = others.map((event) =>
          "process" in event
            ? {
                ...event,
                index: event.index + 1000,
                time: event.time + 1e9,
                process: Number(event.process) + 500,
              }
            : event,
        );
        const after = linearizability().check(buildHistory([...events, ...later]));
        expect(after.anomalies.map(({ operations }) => operations)).toEqual(
          before.anomalies.map(({ operations }) => operations),
        );
      }),
      { seed: 54, numRuns: 600 },
    );
  });
});
