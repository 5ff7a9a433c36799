import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { definiteAnswers } from "../../../checkers/answers/definite-answers.checker.ts";
import type { HistoryEvent } from "../../../checkers/history/operation.ts";
import { buildHistory } from "../../support/build-history.ts";
import {
  findingOf,
  otherKey,
  withOneUnknown,
  withOtherNames,
  withUnrelated,
} from "../../support/checker-laws.ts";
import { ChoiceTape, choices } from "../../support/choice-tape.ts";
import { answerAnomalies } from "../../support/definite-answers.oracle.ts";
import { simulateAnswers } from "../../support/simulated-answers.ts";

const checker = definiteAnswers({ maxAnomalies: 1000 });
const broken = choices(120).map((tape) => simulateAnswers(new ChoiceTape(tape), true));
const found = (events: readonly HistoryEvent[]) =>
  checker.check(buildHistory(events)).anomalies.map(({ type, operations }) => `${type} ${operations.at(-1)}`);

describe("definite-answers", () => {
  test("finds exactly what the oracle finds", () => {
    let anomalies = 0;
    fc.assert(
      fc.property(broken, (events) => {
        const expected = answerAnomalies(events);
        anomalies += expected.length;
        expect(found(events).sort()).toEqual(expected.sort());
      }),
      { numRuns: 300 },
    );
    expect(anomalies).toBeGreaterThan(100);
  });

  test("names change nothing", () => {
    fc.assert(
      fc.property(broken, (events) => {
        const renamed = findingOf(checker, withOtherNames(events));
        const { verdict, anomalies } = findingOf(checker, events, undefined, otherKey);
        expect(renamed).toEqual({ verdict, anomalies });
      }),
    );
  });

  test("right calls of others change nothing", () => {
    fc.assert(
      fc.property(broken, choices(60), choices(60), (events, other, mix) => {
        // Without faults, which would cover what comes after them.
        const others = simulateAnswers(new ChoiceTape(other), false).filter(
          (event) => event.type === "ok" || event.type === "invoke",
        );
        const calls = others.filter(({ type }, at) => type === "ok" || others[at + 1]?.type === "ok");
        const complete = calls.filter((event) => "f" in event && event.f !== "bad-request");
        const paired = pairsOf(complete);
        const merged = withUnrelated(events, paired, new ChoiceTape(mix));
        const before = answerAnomalies(events).length;
        expect(found(merged.events)).toHaveLength(before);
      }),
    );
  });

  test("to know less makes nothing invalid", () => {
    fc.assert(
      fc.property(broken, choices(5), (events, tape) => {
        if (checker.check(buildHistory(events)).verdict === "invalid") return;
        expect(checker.check(buildHistory(withOneUnknown(events, new ChoiceTape(tape)))).verdict).not.toBe(
          "invalid",
        );
      }),
    );
  });
});

/** Invocations that are followed at once by their own end. */
function pairsOf(events: readonly HistoryEvent[]): HistoryEvent[] {
  return events.flatMap((event, at) => {
    const next = events[at + 1];
    if (event.type !== "invoke" || next?.type !== "ok" || !("process" in next)) return [];
    return "process" in event && event.process === next.process ? [event, next] : [];
  });
}
