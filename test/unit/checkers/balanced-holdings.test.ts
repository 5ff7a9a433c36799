import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { balancedHoldings } from "../../../checkers/conservation/balanced-holdings.checker.ts";
import type { HistoryEvent } from "../../../checkers/history/operation.ts";
import { buildHistory } from "../../support/build-history.ts";
import { findingOf, otherKey, withOtherNames, withUnrelated } from "../../support/checker-laws.ts";
import { ChoiceTape, choices } from "../../support/choice-tape.ts";
import { historyOf } from "../../support/history-text.ts";
import { simulateHoldings } from "../../support/simulated-holdings.ts";

const checker = balancedHoldings();

test("what all hold together is what is due", () => {
  const history = historyOf(`
    record final due pieces/7 @inventory {"amount":10,"of":"first stock"}
    record final holding pieces/7 @inventory {"amount":7,"of":"stock"}
    record final holding pieces/7 @inventory {"amount":3,"of":"reserved"}
    record final due money @order {"amount":40}
    record final due money @order {"amount":-40}
    record final holding money @payment {"amount":0}
  `);
  expect(checker.check(history)).toEqual({ verdict: "valid", anomalies: [], stats: { operations: 6 } });
});

test("money that is missing between two services is named with its places", () => {
  const history = historyOf(`
    record final holding money @a {"amount":70,"of":"accounts"}
    record final holding money @b {"amount":20,"of":"accounts"}
    record final due money @bank {"amount":100,"of":"first balances"}
  `);
  const { verdict, anomalies } = checker.check(history);
  expect(verdict).toBe("invalid");
  expect(anomalies).toEqual([
    {
      type: "holdings-not-conserved",
      key: "money",
      operations: [0, 1, 2],
      proof:
        "of money 70 by a (accounts, record 0) + 20 by b (accounts, record 1) are held, together 90; " +
        "due are 100 by bank (first balances, record 2), together 100: 10 are missing",
    },
  ]);
});

test("nobody holds less than nothing, even where the sum is right", () => {
  const history = historyOf(`
    record final holding pieces @a {"amount":12}
    record final holding pieces @b {"amount":-2,"of":"stock"}
    record final due pieces @a {"amount":10}
  `);
  expect(checker.check(history).anomalies).toEqual([
    {
      type: "negative-holding",
      key: "pieces",
      operations: [1],
      proof: "b holds -2 of pieces (stock, record 1)",
    },
  ]);
});

test("a holding below nothing is named where another amount of its good cannot be read", () => {
  const history = historyOf(`
    record final holding pieces @a {"amount":1.5}
    record final holding pieces @b {"amount":-2}
  `);
  const { verdict, anomalies } = checker.check(history);
  expect([verdict, anomalies.map(({ type, operations }) => [type, operations])]).toEqual([
    "invalid",
    [["negative-holding", [1]]],
  ]);
});

describe("unknown", () => {
  test.each([
    ["nothing was recorded", "c1 read x => ok 1", "nothing was examined"],
    [
      "live records only",
      'record holding money @a {"amount":1}\nrecord due money @a {"amount":2}',
      "nothing was examined",
    ],
    [
      "nobody says what is due",
      'record final holding money @a {"amount":1}',
      "no final record says of money how much is due",
    ],
    [
      "nobody holds it",
      'record final due money @a {"amount":0}',
      "no final record says of money who holds it",
    ],
    [
      "an amount that is no whole number",
      'record final holding money @a {"amount":"1"}\nrecord final due money @a {"amount":1}',
      'record 0 has no value of the form {"amount": a whole number}',
    ],
  ])("%s", (_, text, reason) => {
    expect(checker.check(historyOf(text))).toMatchObject({ verdict: "unknown", reason });
  });
});

test("amounts beyond the exact numbers are added exactly", () => {
  const most = Number.MAX_SAFE_INTEGER;
  const history = historyOf(`
    record final holding money @a {"amount":${most}}
    record final holding money @b {"amount":${most}}
    record final due money @a {"amount":${most}}
    record final due money @b {"amount":${most - 1}}
  `);
  expect(checker.check(history).anomalies[0]?.proof).toContain(": 1 are too many");
});

test("agrees with adding up by hand on random books", () => {
  fc.assert(
    fc.property(choices(60), (tape) => {
      const events = simulateHoldings(new ChoiceTape(tape), 6);
      const sums = new Map<string, { held: number; due: number; least: number }>();
      for (const event of events) {
        if (event.type !== "record") continue;
        const sum = sums.get(event.key) ?? { held: 0, due: 0, least: 0 };
        const { amount } = event.value as { amount: number };
        if (event.f === "due") sum.due += amount;
        else {
          sum.held += amount;
          sum.least = Math.min(sum.least, amount);
        }
        sums.set(event.key, sum);
      }
      const isBroken = [...sums.values()].some(({ held, due, least }) => held !== due || least < 0);
      const { verdict } = checker.check(buildHistory(events));
      expect(verdict).toBe(isBroken ? "invalid" : sums.size === 0 ? "unknown" : "valid");
    }),
    { seed: 5, numRuns: 2000 },
  );
});

describe("laws", () => {
  const simulate = (tape: number[]): HistoryEvent[] => simulateHoldings(new ChoiceTape(tape), 6);

  test("names change nothing", () => {
    fc.assert(
      fc.property(choices(60), (tape) => {
        const events = simulate(tape);
        expect(findingOf(checker, withOtherNames(events))).toEqual(
          findingOf(checker, events, undefined, otherKey),
        );
      }),
      { seed: 6, numRuns: 200 },
    );
  });

  test("goods that have nothing to do with it change nothing", () => {
    fc.assert(
      fc.property(choices(60), choices(30), choices(60), (tape, others, order) => {
        const events = simulate(tape);
        const right = simulateHoldings(new ChoiceTape(others), 0);
        const { events: more, indexBefore } = withUnrelated(events, right, new ChoiceTape(order));
        const before = findingOf(checker, events);
        if (before.verdict === "unknown") return;
        expect(findingOf(checker, more, indexBefore)).toEqual(before);
      }),
      { seed: 7, numRuns: 200 },
    );
  });
});

test("refuses a limit that is none", () => {
  expect(() => balancedHoldings({ maxAnomalies: 0 })).toThrow(RangeError);
});
