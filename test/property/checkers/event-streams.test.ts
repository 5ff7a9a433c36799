import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { eventStreams } from "../../../checkers/event-streams/event-streams.checker.ts";
import { buildHistory, textOfEvents } from "../../support/build-history.ts";
import { findingOf, otherKey, withOtherNames, withUnrelated } from "../../support/checker-laws.ts";
import { ChoiceTape, choices } from "../../support/choice-tape.ts";
import { eventStreamAnomalies, simulatedUpcast, upcastAnomalies } from "../../support/event-stream.oracle.ts";
import { simulateEntities } from "../../support/simulated-entity.ts";
import { simulateStreams } from "../../support/simulated-stream.ts";

const types = [
  "version-gap",
  "version-fork",
  "repeated-event",
  "lost-event",
  "refused-event",
  "split-append",
  "stale-append",
  "wrong-version",
  "reordered-append",
  "wrong-snapshot",
  "wrong-replay",
  "wrong-compaction",
  "wrong-read",
  "wrong-read-at",
  "read-off-stream",
  "stale-final-read",
];

describe("eventStreams", () => {
  test("finds exactly what comparing everything with everything finds", () => {
    const tally = new Map<string, number>();
    fc.assert(
      fc.property(choices(260), fc.constantFrom(0, 10, 25), (tape, bugEvery) => {
        const events = simulateStreams(new ChoiceTape(tape), bugEvery);
        const { anomalies } = eventStreams({ maxAnomalies: 1000 }).check(buildHistory(events));
        const found = [...new Set(anomalies.map(({ type, key }) => `${type} ${key}`))].sort();
        const expected = eventStreamAnomalies(events);
        if (found.join() !== expected.join()) {
          throw new Error(`expected ${expected}, found ${found}\n${textOfEvents(events)}`);
        }
        for (const { type } of anomalies) tally.set(type, (tally.get(type) ?? 0) + 1);
        if (anomalies.length === 0) tally.set("none", (tally.get("none") ?? 0) + 1);
      }),
      { seed: 71, numRuns: 1500 },
    );
    expect(
      ["none", ...types].filter((type) => (tally.get(type) ?? 0) < 10).map((type) => [type, tally.get(type)]),
    ).toEqual([]);
  });

  test("finds of events in a new form what summing up anew finds", () => {
    const tally = new Map<string, number>();
    fc.assert(
      fc.property(choices(300), fc.constantFrom(0, 12, 25), (tape, bugEvery) => {
        const events = simulateStreams(new ChoiceTape(tape), bugEvery, true);
        const checker = eventStreams({ maxAnomalies: 1000, upcast: simulatedUpcast });
        const { anomalies } = checker.check(buildHistory(events));
        const found = anomalies
          .filter(({ type }) => type.includes("upcast"))
          .map(({ type, key }) => `${type} ${key}`);
        const expected = upcastAnomalies(events);
        if ([...new Set(found)].sort().join() !== expected.join()) {
          throw new Error(`expected ${expected}, found ${found}\n${textOfEvents(events)}`);
        }
        if (bugEvery === 0) expect(anomalies).toEqual([]);
        for (const name of expected)
          tally.set(name.split(" ")[0]!, (tally.get(name.split(" ")[0]!) ?? 0) + 1);
      }),
      { seed: 74, numRuns: 800 },
    );
    for (const type of ["upcast-off-fold", "wrong-upcast", "unstable-upcast"])
      expect([type, (tally.get(type) ?? 0) > 10]).toEqual([type, true]);
  });

  test("keeps its verdict when keys, processes and nodes are renamed", () => {
    fc.assert(
      fc.property(choices(160), (tape) => {
        const events = simulateStreams(new ChoiceTape(tape), 15);
        const expected = findingOf(eventStreams(), events, undefined, otherKey);
        expect(findingOf(eventStreams(), withOtherNames(events))).toEqual(expected);
      }),
      { seed: 72, numRuns: 150 },
    );
  });

  test("keeps its anomalies when unrelated operations are added", () => {
    fc.assert(
      fc.property(choices(160), choices(60), choices(100), (tape, others, order) => {
        const events = simulateStreams(new ChoiceTape(tape), 15);
        const simulation = { clients: 2, keys: 1, bugEvery: 0, staleReads: false };
        const unrelated = simulateEntities(new ChoiceTape(others), simulation);
        const merged = withUnrelated(events, unrelated, new ChoiceTape(order));
        expect(findingOf(eventStreams(), merged.events, merged.indexBefore).anomalies).toEqual(
          findingOf(eventStreams(), events).anomalies,
        );
      }),
      { seed: 73, numRuns: 150 },
    );
  });
});
