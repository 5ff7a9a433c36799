import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Checker } from "../../../checkers/checker.ts";
import { conservation } from "../../../checkers/conservation/conservation.checker.ts";
import { durability } from "../../../checkers/durability/durability.checker.ts";
import type { HistoryEvent } from "../../../checkers/history/operation.ts";
import { optimisticLock } from "../../../checkers/optimistic-lock/optimistic-lock.checker.ts";
import { monotonicReads } from "../../../checkers/session/monotonic-reads.checker.ts";
import { monotonicWrites } from "../../../checkers/session/monotonic-writes.checker.ts";
import { readYourWrites } from "../../../checkers/session/read-your-writes.checker.ts";
import { writesFollowReads } from "../../../checkers/session/writes-follow-reads.checker.ts";
import {
  findingOf,
  otherKey,
  withOneUnknown,
  withOtherNames,
  withUnrelated,
} from "../../support/checker-laws.ts";
import { ChoiceTape, choices } from "../../support/choice-tape.ts";
import { simulateEntities } from "../../support/simulated-entity.ts";
import { simulateRegister } from "../../support/simulated-register.ts";
import { simulateStock } from "../../support/simulated-stock.ts";

const entities = (tape: ChoiceTape): HistoryEvent[] =>
  simulateEntities(tape, { clients: 3, keys: 2, bugEvery: 10, staleReads: true });
const registers = (tape: ChoiceTape): HistoryEvent[] =>
  simulateRegister(tape, { clients: 3, bugEvery: 4, isUnique: true, hasDeletes: false, finalReads: 1 });
const stocks = (tape: ChoiceTape): HistoryEvent[] =>
  simulateStock(tape, { clients: 3, bugEvery: 12, hasCreate: true });

const cases: readonly [Checker, (tape: ChoiceTape) => HistoryEvent[]][] = [
  [optimisticLock(), entities],
  [readYourWrites(), entities],
  [readYourWrites(), registers],
  [monotonicReads(), entities],
  [monotonicReads(), registers],
  [monotonicWrites(), entities],
  [writesFollowReads(), entities],
  [durability(), registers],
  [conservation(), stocks],
];

describe.each(cases.map(([checker, simulate]) => ({ name: checker.name, checker, simulate })))(
  "$name",
  ({ checker, simulate }) => {
    test("keeps its verdict when keys, processes and clients are renamed", () => {
      fc.assert(
        fc.property(choices(100), (tape) => {
          const events = simulate(new ChoiceTape(tape));
          const renamed = withOtherNames(events);
          const expected = findingOf(checker, events, undefined, otherKey);
          expect(findingOf(checker, renamed)).toEqual(expected);
        }),
        { seed: 11, numRuns: 150 },
      );
    });

    test("keeps its verdict when unrelated operations are added", () => {
      fc.assert(
        fc.property(choices(100), choices(60), choices(100), (tape, others, order) => {
          const events = simulate(new ChoiceTape(tape));
          const unrelated = simulateEntities(new ChoiceTape(others), {
            clients: 2,
            keys: 1,
            bugEvery: 0,
            staleReads: false,
          });
          const merged = withUnrelated(events, unrelated, new ChoiceTape(order));
          const finding = findingOf(checker, merged.events, merged.indexBefore);
          const expected = findingOf(checker, events);
          expect(finding.anomalies).toEqual(expected.anomalies);
          expect(finding.verdict === "invalid").toBe(expected.verdict === "invalid");
        }),
        { seed: 12, numRuns: 150 },
      );
    });

    test("does not blame a history for knowing less", () => {
      fc.assert(
        fc.property(choices(100), choices(10), (tape, choice) => {
          const events = simulate(new ChoiceTape(tape));
          if (findingOf(checker, events).verdict === "invalid") return;
          const weaker = withOneUnknown(events, new ChoiceTape(choice));
          expect(findingOf(checker, weaker).verdict).not.toBe("invalid");
        }),
        { seed: 13, numRuns: 300 },
      );
    });
  },
);
