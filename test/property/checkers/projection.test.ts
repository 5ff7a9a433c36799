import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { HistoryEvent, Json } from "../../../checkers/history/operation.ts";
import { projection } from "../../../checkers/projection/projection.checker.ts";
import { buildHistory, textOfEvents } from "../../support/build-history.ts";
import { findingOf, otherKey, withOtherNames, withUnrelated } from "../../support/checker-laws.ts";
import { ChoiceTape, choices } from "../../support/choice-tape.ts";
import { projectionFindings } from "../../support/projection.oracle.ts";
import { simulateEntities } from "../../support/simulated-entity.ts";
import { simulateProjection } from "../../support/simulated-projection.ts";

const readTypes = ["state-off-log", "state-went-back"];
const causes = ["applied-twice", "applied-out-of-order", "skipped-event"];

/** Final events of the log that put a state say how much they add to the one before. */
function withDeltas(events: readonly HistoryEvent[]): HistoryEvent[] {
  const states = new Map<string, number>();
  return events.map((event) => {
    if (event.type !== "record" || event.f !== "event" || event.final !== true) return event;
    const { put, ...value } = event.value as { readonly put?: number };
    const before = states.get(event.key) ?? 0;
    states.set(event.key, put ?? 0);
    return { ...event, value: put === undefined ? value : { ...value, by: put - before } };
  });
}

describe("projection", () => {
  test("finds exactly what trying all explanations finds", () => {
    const tally = new Map<string, number>();
    const maxLagMs = 12;
    fc.assert(
      fc.property(choices(110), fc.constantFrom(0, 8, 16), (tape, bugEvery) => {
        const events = simulateProjection(new ChoiceTape(tape), bugEvery);
        // Without these nothing is known of the states at the end.
        if (!events.some((event) => event.type === "record" && event.f === "projected")) return;
        const history = buildHistory(events);
        const { anomalies } = projection({ maxAnomalies: 1000 }).check(history);
        const isOfRead = ({ operations }: (typeof anomalies)[number]): boolean =>
          events[operations.at(-1)!]!.type === "ok";
        const expected = projectionFindings(events, maxLagMs);
        const lags = projection({ maxLagMs, maxAnomalies: 1000 })
          .check(history)
          .anomalies.filter((anomaly) => anomaly.type === "lag-exceeded" && !isOfRead(anomaly));
        const ofReads = anomalies.filter((anomaly) => readTypes.includes(anomaly.type) && isOfRead(anomaly));
        const certain = [...anomalies, ...lags].filter(
          (anomaly) => !ofReads.includes(anomaly) && !causes.includes(anomaly.type),
        );
        const names = [...new Set(certain.map(({ type, key }) => `${type} ${key}`))].sort();
        const unexplained = [...new Set(ofReads.map(({ key }) => key))].sort();
        if (names.join() !== expected.certain.join() || unexplained.join() !== expected.unexplained.join()) {
          const found = JSON.stringify({ certain: names, unexplained });
          throw new Error(`expected ${JSON.stringify(expected)}, found ${found}\n${textOfEvents(events)}`);
        }
        for (const { type } of [...anomalies, ...lags]) tally.set(type, (tally.get(type) ?? 0) + 1);
        if (anomalies.length === 0) tally.set("none", (tally.get("none") ?? 0) + 1);
      }),
      { seed: 41, numRuns: 2000 },
    );
    const types = [
      "not-converged",
      "missing-entity",
      "extra-entity",
      "position-went-back",
      "lag-exceeded",
      "none",
    ];
    for (const type of [...types, ...readTypes, ...causes]) {
      expect([type, (tally.get(type) ?? 0) > 10]).toEqual([type, true]);
    }
  });

  test("names a cause only where a final state differs", () => {
    fc.assert(
      fc.property(choices(110), fc.constantFrom(8, 16), (tape, bugEvery) => {
        const { anomalies } = projection({ maxAnomalies: 1000 }).check(
          buildHistory(simulateProjection(new ChoiceTape(tape), bugEvery)),
        );
        const differing = new Set(
          anomalies.filter(({ type }) => !causes.includes(type)).map(({ key }) => key),
        );
        for (const { type, key } of anomalies)
          if (causes.includes(type)) expect(differing.has(key)).toBe(true);
      }),
      { seed: 42, numRuns: 500 },
    );
  });

  test("says the same of events that say how they change a state as of those that say the state", () => {
    const apply = (state: Json, event: Json): Json => Number(state) + (event as { by: number }).by;
    fc.assert(
      fc.property(choices(110), fc.constantFrom(0, 8, 16), (tape, bugEvery) => {
        const events = simulateProjection(new ChoiceTape(tape), bugEvery);
        const checker = projection({ fold: { init: 0, apply } });
        expect(findingOf(checker, withDeltas(events))).toEqual(findingOf(projection(), events));
      }),
      { seed: 46, numRuns: 500 },
    );
  });

  test("keeps its verdict when keys, processes and nodes are renamed", () => {
    fc.assert(
      fc.property(choices(110), (tape) => {
        const events = simulateProjection(new ChoiceTape(tape), 10);
        const expected = findingOf(projection(), events, undefined, otherKey);
        expect(findingOf(projection(), withOtherNames(events))).toEqual(expected);
      }),
      { seed: 43, numRuns: 150 },
    );
  });

  test("keeps its verdict when unrelated operations are added", () => {
    fc.assert(
      fc.property(choices(110), choices(60), choices(100), (tape, others, order) => {
        const events = simulateProjection(new ChoiceTape(tape), 10);
        const simulation = { clients: 2, keys: 1, bugEvery: 0, staleReads: false };
        const unrelated = simulateEntities(new ChoiceTape(others), simulation);
        const merged = withUnrelated(events, unrelated, new ChoiceTape(order));
        expect(findingOf(projection(), merged.events, merged.indexBefore)).toEqual(
          findingOf(projection(), events),
        );
      }),
      { seed: 44, numRuns: 150 },
    );
  });
});
