import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { History } from "../../../checkers/history/history.ts";
import { HistoryBuilder } from "../../../checkers/history/history-builder.ts";
import { formatEvent } from "../../../checkers/history/ndjson-writer.ts";
import type { HistoryEvent } from "../../../checkers/history/operation.ts";
import { optimisticLock } from "../../../checkers/optimistic-lock/optimistic-lock.checker.ts";
import { ChoiceTape, choices } from "../../support/choice-tape.ts";
import { isExplainedChain } from "../../support/optimistic-lock.oracle.ts";
import { simulateEntities } from "../../support/simulated-entity.ts";

function build(events: readonly HistoryEvent[]): History {
  const builder = new HistoryBuilder();
  for (const event of events) builder.append(event);
  return builder.build();
}

describe("optimisticLock", () => {
  test("never blames a correct store", () => {
    fc.assert(
      fc.property(choices(300), (tape) => {
        const simulation = { clients: 4, keys: 2, bugEvery: 0, staleReads: true };
        const history = build(simulateEntities(new ChoiceTape(tape), simulation));
        expect(optimisticLock().check(history).anomalies).toEqual([]);
      }),
      { seed: 1, numRuns: 2000 },
    );
  });

  test("agrees with brute force on small histories", () => {
    let invalid = 0;
    fc.assert(
      fc.property(choices(100), fc.nat(3), (tape, bugs) => {
        const simulation = { clients: 3, keys: 1, bugEvery: [0, 4, 8, 12][bugs]!, staleReads: true };
        const events = simulateEntities(new ChoiceTape(tape), simulation);
        const history = build(events);
        const explained = isExplainedChain(history);
        const result = optimisticLock().check(history);
        if (!explained) invalid++;
        if (explained === (result.verdict === "invalid")) {
          throw new Error(
            `oracle ${explained}, checker ${JSON.stringify(result)}\n${events.map(formatEvent).join("\n")}`,
          );
        }
      }),
      { seed: 2, numRuns: 3000 },
    );
    expect(invalid).toBeGreaterThan(500);
  });
});
