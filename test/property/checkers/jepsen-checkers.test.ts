import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bank } from "../../../checkers/bank/bank.checker.ts";
import type { Checker } from "../../../checkers/checker.ts";
import { counter } from "../../../checkers/counter/counter.checker.ts";
import type { History } from "../../../checkers/history/history.ts";
import { longFork } from "../../../checkers/long-fork/long-fork.checker.ts";
import { setFull } from "../../../checkers/set/set-full.checker.ts";
import { buildHistory, textOfEvents } from "../../support/build-history.ts";
import {
  findingOf,
  otherKey,
  withOneUnknown,
  withOtherNames,
  withUnrelated,
} from "../../support/checker-laws.ts";
import { ChoiceTape, choices } from "../../support/choice-tape.ts";
import { bankOracle, counterOracle, longForkOracle, setOracle } from "../../support/jepsen.oracle.ts";
import { type JepsenSubject, simulateJepsen } from "../../support/simulated-jepsen.ts";

const many = { maxAnomalies: 10_000 };
const checkers: readonly (readonly [JepsenSubject, Checker])[] = [
  ["bank", bank(many)],
  ["counter", counter(many)],
  ["set", setFull({ ...many, fresh: true })],
  ["long-fork", longFork(many)],
];

describe.each(checkers.map(([subject, checker]) => ({ subject, checker })))(
  "$subject",
  ({ subject, checker }) => {
    test("raises no alarm on a correct store", () => {
      fc.assert(
        fc.property(choices(200), (tape) => {
          const events = simulateJepsen(subject, new ChoiceTape(tape), 0);
          const { verdict } = checker.check(buildHistory(events));
          expect(verdict, textOfEvents(events)).not.toBe("invalid");
        }),
        { seed: 41, numRuns: 500 },
      );
    });

    test("keeps its verdict when names change and when unrelated operations are added", () => {
      fc.assert(
        fc.property(choices(100), choices(60), choices(100), (tape, others, order) => {
          const events = simulateJepsen(subject, new ChoiceTape(tape), 4);
          expect(findingOf(checker, withOtherNames(events))).toEqual(
            findingOf(checker, events, undefined, (key) => (key === "" ? key : otherKey(key))),
          );
          if (subject === "long-fork") return;
          const unrelated = simulateJepsen(subject, new ChoiceTape(others), 0);
          const merged = withUnrelated(events, unrelated, new ChoiceTape(order));
          const finding = findingOf(checker, merged.events, merged.indexBefore);
          expect(finding.anomalies).toEqual(findingOf(checker, events).anomalies);
        }),
        { seed: 42, numRuns: 200 },
      );
    });

    test("does not blame a history for knowing less", () => {
      fc.assert(
        fc.property(choices(100), choices(10), (tape, choice) => {
          const events = simulateJepsen(subject, new ChoiceTape(tape), 6);
          if (findingOf(checker, events).verdict === "invalid") return;
          const weaker = withOneUnknown(events, new ChoiceTape(choice));
          expect(findingOf(checker, weaker).verdict).not.toBe("invalid");
        }),
        { seed: 43, numRuns: 300 },
      );
    });
  },
);

/** Checks 2000 random histories with bugs; counts on how many of them the oracle finds something. */
function compare(subject: JepsenSubject, look: (history: History, text: string) => boolean): number {
  let broken = 0;
  fc.assert(
    fc.property(choices(90), (tape) => {
      const events = simulateJepsen(subject, new ChoiceTape(tape), 3);
      if (look(buildHistory(events), textOfEvents(events))) broken++;
    }),
    { seed: 44, numRuns: 2000 },
  );
  return broken;
}

describe("agrees with brute force:", () => {
  test("counter, read by read", () => {
    const broken = compare("counter", (history, text) => {
      const expected = counterOracle(history).sort((a, b) => a - b);
      const found = counter(many)
        .check(history)
        .anomalies.map(({ operations }) => operations[0])
        .sort((a, b) => a - b);
      expect(found, text).toEqual(expected.map((row) => history.index[row]));
      return expected.length > 0;
    });
    expect(broken).toBeGreaterThan(200);
  });

  test("set, element by element", () => {
    const broken = compare("set", (history, text) => {
      const expected = setOracle(history);
      const { anomalies } = setFull({ ...many, fresh: true }).check(history);
      const names = {
        "lost-element": "lost",
        "stale-read": "stale",
        "duplicate-element": "twice",
        "phantom-element": "phantom",
      };
      const found = anomalies.map(
        ({ type, proof }) =>
          `${names[type as "lost-element"]} ${/(?:shows |^)(\d+) (?:in|is)/.exec(proof)?.[1]}`,
      );
      expect([...new Set(found)].sort(), text).toEqual(expected);
      return expected.length > 0;
    });
    expect(broken).toBeGreaterThan(200);
  });

  test("bank", () => {
    const broken = compare("bank", (history, text) => {
      const { differs, isNegative } = bankOracle(history);
      const types = new Set(
        bank(many)
          .check(history)
          .anomalies.map(({ type }) => type),
      );
      expect([types.has("total-changed"), types.has("negative-balance")], text).toEqual([
        differs,
        isNegative,
      ]);
      return differs || isNegative;
    });
    expect(broken).toBeGreaterThan(200);
  });

  test("long fork", () => {
    const broken = compare("long-fork", (history, text) => {
      const expected = longForkOracle(history);
      expect(longFork().check(history).verdict === "invalid", text).toBe(expected);
      return expected;
    });
    expect(broken).toBeGreaterThan(50);
  });
});
