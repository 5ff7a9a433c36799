import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Checker } from "../../../checkers/checker.ts";
import { conservation } from "../../../checkers/conservation/conservation.checker.ts";
import { durability } from "../../../checkers/durability/durability.checker.ts";
import type { History } from "../../../checkers/history/history.ts";
import type { HistoryEvent } from "../../../checkers/history/operation.ts";
import { readYourWrites } from "../../../checkers/session/read-your-writes.checker.ts";
import { buildHistory, textOfEvents } from "../../support/build-history.ts";
import { ChoiceTape, choices } from "../../support/choice-tape.ts";
import { isConserved } from "../../support/conservation.oracle.ts";
import { randomEntity } from "../../support/random-entity.ts";
import { simulateEntities } from "../../support/simulated-entity.ts";
import { simulateRegister } from "../../support/simulated-register.ts";
import { simulateStock } from "../../support/simulated-stock.ts";
import { hasValueOrder, isDurableEntity, isDurableRegister } from "../../support/state-oracles.ts";

/** How often a property met histories that the oracle explains, and that it does not. */
interface Tally {
  explained: number;
  broken: number;
}

/** Does the checker say what the oracle says? `unknown` agrees with both unless it must decide. */
function compare(
  checker: Checker,
  oracle: (history: History) => boolean,
  events: HistoryEvent[],
  tally: Tally,
): void {
  const history = buildHistory(events);
  const result = checker.check(history);
  if (result.verdict === "unknown" && result.reason !== "nothing was examined") return;
  const explained = oracle(history);
  if (explained) tally.explained++;
  else tally.broken++;
  if (explained === (result.verdict === "invalid")) {
    throw new Error(`explained: ${explained}, but ${JSON.stringify(result)}\n${textOfEvents(events)}`);
  }
}

function countOf(events: readonly HistoryEvent[], isCounted: (f: string) => boolean): number {
  return events.filter((event) => event.type === "invoke" && isCounted(event.f)).length;
}

const bugs = fc.constantFrom(0, 2, 4, 8);

describe("readYourWrites", () => {
  test("says what brute force over all orders of the values says", () => {
    const tally = { explained: 0, broken: 0 };
    fc.assert(
      fc.property(choices(70), bugs, (tape, bugEvery) => {
        const simulation = { clients: 3, bugEvery, isUnique: true, hasDeletes: false, finalReads: 0 };
        const events = simulateRegister(new ChoiceTape(tape), simulation);
        if (countOf(events, (f) => f !== "read") < 7) compare(readYourWrites(), hasValueOrder, events, tally);
      }),
      { seed: 4, numRuns: 2500 },
    );
    expect(tally.broken).toBeGreaterThan(150);
    expect(tally.explained).toBeGreaterThan(150);
  });

  test("never blames a correct store of versions", () => {
    fc.assert(
      fc.property(choices(300), (tape) => {
        const simulation = { clients: 4, keys: 2, bugEvery: 0, staleReads: false };
        const result = readYourWrites().check(
          buildHistory(simulateEntities(new ChoiceTape(tape), simulation)),
        );
        expect(result.anomalies).toEqual([]);
      }),
      { seed: 5, numRuns: 500 },
    );
  });
});

describe("durability", () => {
  test("says what brute force over all orders of the writes says, of registers", () => {
    const tally = { explained: 0, broken: 0 };
    fc.assert(
      fc.property(choices(50), bugs, fc.boolean(), fc.boolean(), (tape, bugEvery, isUnique, hasDeletes) => {
        const simulation = { clients: 3, bugEvery, isUnique, hasDeletes, finalReads: 2 };
        const events = simulateRegister(new ChoiceTape(tape), simulation);
        if (countOf(events, (f) => f !== "read") < 6) compare(durability(), isDurableRegister, events, tally);
      }),
      { seed: 6, numRuns: 2500 },
    );
    expect(tally.broken).toBeGreaterThan(50);
    expect(tally.explained).toBeGreaterThan(150);
  });

  test("says what brute force says, of versioned entities", () => {
    const tally = { explained: 0, broken: 0 };
    fc.assert(
      fc.property(choices(26), (tape) => {
        const events = randomEntity(new ChoiceTape(tape), false);
        if (countOf(events, (f) => f !== "read") < 6) compare(durability(), isDurableEntity, events, tally);
      }),
      { seed: 7, numRuns: 1500 },
    );
    expect(Math.min(tally.broken, tally.explained)).toBeGreaterThan(50);
  });

  test("never blames what brute force explains, of versioned entities that are deleted", () => {
    let blamed = 0;
    fc.assert(
      fc.property(choices(26), (tape) => {
        const events = randomEntity(new ChoiceTape(tape), true);
        if (countOf(events, (f) => f !== "read") >= 6) return;
        const history = buildHistory(events);
        if (durability().check(history).verdict !== "invalid") return;
        blamed++;
        expect(isDurableEntity(history)).toBe(false);
      }),
      { seed: 8, numRuns: 1500 },
    );
    expect(blamed).toBeGreaterThan(100);
  });
});

describe("conservation", () => {
  test("says what brute force over all choices of unknown outcomes says", () => {
    const tally = { explained: 0, broken: 0 };
    fc.assert(
      fc.property(choices(70), fc.constantFrom(0, 6, 12, 24), fc.boolean(), (tape, bugEvery, hasCreate) => {
        const events = simulateStock(new ChoiceTape(tape), { clients: 3, bugEvery, hasCreate });
        compare(conservation({ refusalCodes: [] }), isConserved, events, tally);
      }),
      { seed: 9, numRuns: 2500 },
    );
    expect(tally.broken).toBeGreaterThan(300);
    expect(tally.explained).toBeGreaterThan(300);
  });

  test("never calls a refusal false in a correct stock", () => {
    fc.assert(
      fc.property(choices(150), fc.boolean(), (tape, hasCreate) => {
        const events = simulateStock(new ChoiceTape(tape), { clients: 4, bugEvery: 0, hasCreate });
        expect(conservation().check(buildHistory(events)).anomalies).toEqual([]);
      }),
      { seed: 10, numRuns: 1000 },
    );
  });
});
