import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { HistoryEvent } from "../../../checkers/history/operation.ts";
import { optimisticLock } from "../../../checkers/optimistic-lock/optimistic-lock.checker.ts";
import { alterAnswers } from "../../support/alter-answers.ts";
import { buildHistory, textOfEvents } from "../../support/build-history.ts";
import { ChoiceTape, choices } from "../../support/choice-tape.ts";
import { isExplainedChain } from "../../support/optimistic-lock.oracle.ts";
import { simulateEntities } from "../../support/simulated-entity.ts";

/** Does the checker say what brute force says? Throws with the history where it does not. */
function compare(events: readonly HistoryEvent[]): boolean {
  const history = buildHistory(events);
  const explained = isExplainedChain(history);
  const result = optimisticLock().check(history);
  if (explained === (result.verdict === "invalid")) {
    throw new Error(`explained: ${explained}, but ${JSON.stringify(result)}\n${textOfEvents(events)}`);
  }
  return explained;
}

/** Entities that nobody writes are not judged. */
function isWritten(events: readonly HistoryEvent[]): boolean {
  return events.some((event) => event.type === "invoke" && event.f !== "read");
}

describe("optimisticLock", () => {
  test("never blames a correct store, whatever the delays and unknown outcomes", () => {
    fc.assert(
      fc.property(choices(400), fc.boolean(), (tape, staleReads) => {
        const simulation = { clients: 4, keys: 2, bugEvery: 0, staleReads };
        const result = optimisticLock().check(
          buildHistory(simulateEntities(new ChoiceTape(tape), simulation)),
        );
        expect(result.anomalies).toEqual([]);
      }),
      { seed: 1, numRuns: 1500 },
    );
  });

  test("says what brute force says, of stores with and without bugs", () => {
    let broken = 0;
    fc.assert(
      fc.property(choices(120), fc.constantFrom(0, 6, 12, 24), (tape, bugEvery) => {
        const simulation = { clients: 3, keys: 1, bugEvery, staleReads: true };
        const events = simulateEntities(new ChoiceTape(tape), simulation);
        if (isWritten(events) && !compare(events)) broken++;
      }),
      { seed: 2, numRuns: 4000 },
    );
    expect(broken).toBeGreaterThan(400);
  });

  test("says what brute force says, of correct histories in which an answer was altered", () => {
    let broken = 0;
    fc.assert(
      fc.property(choices(120), choices(12), (tape, alterations) => {
        const simulation = { clients: 3, keys: 1, bugEvery: 0, staleReads: true };
        const events = simulateEntities(new ChoiceTape(tape), simulation);
        if (!isWritten(events)) return;
        if (!compare(alterAnswers(events, new ChoiceTape(alterations)))) broken++;
      }),
      { seed: 3, numRuns: 4000 },
    );
    expect(broken).toBeGreaterThan(200);
  });

  test("reads an expected version of 0 like null, as long as 0 is no version", () => {
    fc.assert(
      fc.property(choices(120), fc.constantFrom(0, 6, 12), (tape, bugEvery) => {
        const simulation = { clients: 3, keys: 1, bugEvery, staleReads: true };
        const events = simulateEntities(new ChoiceTape(tape), simulation);
        const withZero = events.map((event) =>
          JSON.parse(JSON.stringify(event).replace('"expected":null', '"expected":0')),
        );
        const check = (read: readonly HistoryEvent[]) =>
          optimisticLock()
            .check(buildHistory(read))
            .anomalies.map(({ type, operations }) => [type, operations]);
        expect(check(withZero)).toEqual(check(events));
      }),
      { seed: 19, numRuns: 600 },
    );
  });
});
