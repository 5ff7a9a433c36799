import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { HistoryEvent } from "../../../checkers/history/operation.ts";
import { lockSafety } from "../../../checkers/locks/lock-safety.checker.ts";
import { buildHistory, textOfEvents } from "../../support/build-history.ts";
import { findingOf, otherKey, withOneUnknown, withOtherNames } from "../../support/checker-laws.ts";
import { ChoiceTape, choices } from "../../support/choice-tape.ts";
import { lockAnomalies } from "../../support/lock.oracle.ts";
import { simulateLock } from "../../support/simulated-lock.ts";

/** Writes name the lock by its key. */
function withOtherLocks(events: readonly HistoryEvent[]): HistoryEvent[] {
  return events.map((event) => {
    if (!("value" in event) || typeof event.value !== "object" || event.value === null) return event;
    const { lock } = event.value as { readonly lock?: string | number };
    return lock === undefined ? event : { ...event, value: { ...event.value, lock: otherKey(String(lock)) } };
  });
}

describe("lockSafety", () => {
  test("finds exactly what comparing everything with everything finds", () => {
    const tally = new Map<string, number>();
    fc.assert(
      fc.property(choices(120), fc.boolean(), (tape, hasTokens) => {
        const events = simulateLock(new ChoiceTape(tape), { isBroken: true, hasTokens });
        if (!events.some(({ type }) => type === "record")) return;
        const result = lockSafety({ marginMs: 0, maxAnomalies: 1000 }).check(buildHistory(events));
        const found = result.anomalies.map(({ type, operations }) => `${type} ${operations.at(-1)}`).sort();
        const expected = lockAnomalies(events);
        if (found.join() !== expected.join()) {
          throw new Error(`expected ${expected}, found ${found}\n${textOfEvents(events)}`);
        }
        for (const type of expected.map((name) => name.split(" ")[0]!))
          tally.set(type, (tally.get(type) ?? 0) + 1);
        tally.set(result.verdict, (tally.get(result.verdict) ?? 0) + 1);
      }),
      { seed: 31, numRuns: 3000 },
    );
    const types = [
      "two-holders",
      "token-reused",
      "token-not-rising",
      "stale-holder-accepted",
      "acknowledged-write-missing",
      "refused-write-stored",
      "unknown-token",
      "valid",
    ];
    for (const type of types) expect([type, (tally.get(type) ?? 0) > 10]).toEqual([type, true]);
  });

  test("never blames a good lock, with tokens or without", () => {
    fc.assert(
      fc.property(choices(300), fc.boolean(), (tape, hasTokens) => {
        const events = simulateLock(new ChoiceTape(tape), { isBroken: false, hasTokens });
        expect(lockSafety({ marginMs: 0 }).check(buildHistory(events)).anomalies).toEqual([]);
      }),
      { seed: 32, numRuns: 1000 },
    );
  });

  test("keeps its verdict when keys, processes and clients are renamed", () => {
    fc.assert(
      fc.property(choices(120), (tape) => {
        const events = simulateLock(new ChoiceTape(tape), { isBroken: true, hasTokens: true });
        const checker = lockSafety({ marginMs: 0 });
        const expected = findingOf(checker, events, undefined, otherKey);
        expect(findingOf(checker, withOtherLocks(withOtherNames(events)))).toEqual(expected);
      }),
      { seed: 33, numRuns: 150 },
    );
  });

  test("does not blame a history for knowing less", () => {
    fc.assert(
      fc.property(choices(160), fc.boolean(), choices(10), (tape, hasTokens, choice) => {
        const events = simulateLock(new ChoiceTape(tape), { isBroken: false, hasTokens });
        const weaker = withOneUnknown(events, new ChoiceTape(choice));
        expect(findingOf(lockSafety({ marginMs: 0 }), weaker).verdict).not.toBe("invalid");
      }),
      { seed: 34, numRuns: 500 },
    );
  });
});
