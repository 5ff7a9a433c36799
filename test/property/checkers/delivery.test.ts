import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type DeliveryOptions, delivery } from "../../../checkers/delivery/delivery.checker.ts";
import type { DeliveryKind } from "../../../checkers/delivery/delivery-records.ts";
import type { HistoryEvent, Json } from "../../../checkers/history/operation.ts";
import { buildHistory, textOfEvents } from "../../support/build-history.ts";
import { findingOf, otherKey, withOtherNames, withUnrelated } from "../../support/checker-laws.ts";
import { ChoiceTape, choices } from "../../support/choice-tape.ts";
import { type DeliveryOracleOptions, deliveryAnomalies } from "../../support/delivery.oracle.ts";
import { RecordLog, renumbered } from "../../support/record-log.ts";
import { simulateDeliveries } from "../../support/simulated-delivery.ts";

const kinds: readonly DeliveryKind[] = ["committed", "published", "handled", "parked"];
const types = [
  "blocked-by-poison",
  "duplicate-publication",
  "handled-although-parked",
  "lost-message",
  "phantom-effect",
  "phantom-message",
  "reordered-effect",
  "reordered-publication",
  "repeated-effect",
  "unhandled-message",
];

/** Does the checker find what the oracle finds? Counts how often it was which type. */
function compare(
  events: HistoryEvent[],
  options: DeliveryOracleOptions & Pick<DeliveryOptions, "inspected">,
  tally: Map<string, number>,
): void {
  const result = delivery({ ...options, maxAnomalies: 1000 }).check(buildHistory(events));
  const messageOf = (proof: string): string =>
    /\b(m\d+)(?= of |, which was committed later)/.exec(proof)![1]!;
  const found = new Set(result.anomalies.map(({ type, key, proof }) => `${key} ${messageOf(proof)} ${type}`));
  const expected = deliveryAnomalies(events, options);
  if ([...found].sort().join() !== expected.join()) {
    const text = `expected ${expected}, found ${[...found].sort()}: ${JSON.stringify(options)}`;
    throw new Error(`${text}\n${textOfEvents(events)}`);
  }
  expect(result.verdict === "invalid").toBe(expected.length > 0);
  for (const type of expected.map((name) => name.split(" ")[2]!)) tally.set(type, (tally.get(type) ?? 0) + 1);
  tally.set(result.verdict, (tally.get(result.verdict) ?? 0) + 1);
}

/** Records of two streams and two consumers, of all kinds, right or wrong. */
function randomRecords(tape: ChoiceTape): HistoryEvent[] {
  const log = new RecordLog();
  const hasLive = tape.once(2);
  const isTimed = tape.once(2);
  const isSparse = tape.once(3);
  while (!tape.isUsedUp) {
    const final = !hasLive || !tape.once(3);
    const key = tape.pick(["x", "x", "y"]);
    const number = 1 + tape.below(4);
    const message = `m${number}`;
    const consumer = tape.pick(["payment", "mail"]);
    const f = tape.pick(["committed", "committed", "published", "published", "handled", "handled", "parked"]);
    if (f === "committed") {
      const sequence: Record<string, Json> = tape.once(12)
        ? {}
        : { sequence: tape.once(6) ? tape.below(4) : number };
      const kind: Record<string, Json> = tape.once(3) ? { kind: "paid" } : {};
      const poison: Record<string, Json> = tape.once(6) ? { poison: true } : {};
      const value: Json = { message, ...sequence, ...kind, ...poison };
      log.add(f, key, "order", value, final);
    } else if (f === "published") log.add(f, key, "kafka", { message }, final);
    else if (f === "parked") {
      if (!isSparse) log.add(f, key, consumer, { message }, final);
    } else {
      const value: Json = isTimed && !tape.once(20) ? { message, at: tape.below(6) } : { message };
      log.add(f, key, consumer, value, final);
    }
  }
  return log.events;
}

describe("delivery", () => {
  test("says what brute force says of every short sequence of records", () => {
    const tally = new Map<string, number>();
    const options = {
      order: "per-key",
      publications: true,
      exactlyOncePublish: true,
      inspected: kinds,
      consumers: { payment: "all" },
    } as const;
    const letters: readonly (readonly [string, string, Json])[] = [1, 2].flatMap((sequence) => {
      const message = `m${sequence}`;
      return [
        ["committed", "order", { message, sequence }] as const,
        ["published", "kafka", { message }] as const,
        ["handled", "payment", { message }] as const,
        ["parked", "payment", { message }] as const,
      ];
    });
    const visit = (chosen: readonly (readonly [string, string, Json])[]): void => {
      const log = new RecordLog();
      for (const [f, node, value] of chosen) log.add(f, "x", node, value, true);
      compare(log.events, options, tally);
      if (chosen.length < 4) for (const letter of letters) visit([...chosen, letter]);
    };
    visit([]);
    // Longer ones begin with two messages that are committed and published as they should be.
    const begun = [letters[0]!, letters[4]!, letters[1]!, letters[5]!];
    const extend = (chosen: readonly (readonly [string, string, Json])[]): void => {
      const log = new RecordLog();
      for (const [f, node, value] of [...begun, ...chosen]) log.add(f, "x", node, value, true);
      compare(log.events, options, tally);
      if (chosen.length < 4) {
        for (const letter of letters) if (letter[1] === "payment") extend([...chosen, letter]);
      }
    };
    extend([]);
    expect(types.filter((type) => !tally.has(type))).toEqual([]);
    expect(tally.get("valid")).toBeGreaterThan(10);
  });

  test("says what brute force says of random records of every kind, and of deliveries that are nearly right", () => {
    const tally = new Map<string, number>();
    const options = fc.record({
      order: fc.constantFrom("per-key" as const, "none" as const),
      publications: fc.boolean(),
      exactlyOncePublish: fc.boolean(),
      inspected: fc.subarray([...kinds]),
      given: fc.constantFrom(
        null,
        { payment: "all" as const },
        { mail: ["paid"], billing: "all" as const },
        {},
      ),
    });
    fc.assert(
      fc.property(choices(110), options, fc.boolean(), (numbers, { given, ...rest }, isRandom) => {
        const tape = new ChoiceTape(numbers);
        const events = isRandom
          ? randomRecords(tape)
          : simulateDeliveries(tape, { streams: 2, bugEvery: 12 });
        compare(events, given === null ? rest : { ...rest, consumers: given }, tally);
      }),
      { seed: 41, numRuns: 3000 },
    );
    expect(types.filter((type) => (tally.get(type) ?? 0) < 10)).toEqual([]);
    expect(tally.get("valid")).toBeGreaterThan(100);
  });

  test("never blames a correct outbox, whatever live records a crash swallows", () => {
    fc.assert(
      fc.property(choices(200), choices(150), (tape, dropped) => {
        const events = simulateDeliveries(new ChoiceTape(tape), { streams: 3, bugEvery: 0 });
        const checker = delivery();
        expect(checker.check(buildHistory(events)).verdict).toBe("valid");
        const drop = new ChoiceTape(dropped);
        const isLive = (event: HistoryEvent): boolean => event.type === "record" && event.final !== true;
        const fewer = renumbered(events.filter((event) => !isLive(event) || !drop.once(3)));
        expect(checker.check(buildHistory(fewer)).verdict).toBe("valid");
        const live = renumbered(fewer.filter(isLive));
        expect(checker.check(buildHistory(live)).anomalies).toEqual([]);
        expect(checker.check(buildHistory(live)).verdict).toBe("unknown");
      }),
      { seed: 42, numRuns: 300 },
    );
  });

  test("finds the same when streams and nodes are renamed, and when unrelated streams are added", () => {
    const checker = delivery({ maxAnomalies: 1000 });
    let broken = 0;
    fc.assert(
      fc.property(choices(150), choices(100), choices(300), (tape, others, order) => {
        const events = simulateDeliveries(new ChoiceTape(tape), { streams: 2, bugEvery: 15 });
        const expected = findingOf(checker, events, undefined, otherKey);
        expect(findingOf(checker, withOtherNames(events))).toEqual(expected);
        const unrelated = simulateDeliveries(new ChoiceTape(others), { streams: 2, bugEvery: 0 });
        const merged = withUnrelated(events, unrelated, new ChoiceTape(order));
        const found = findingOf(checker, merged.events, merged.indexBefore);
        expect(found.anomalies).toEqual(findingOf(checker, events).anomalies);
        if (expected.verdict === "invalid") broken++;
      }),
      { seed: 43, numRuns: 300 },
    );
    expect(broken).toBeGreaterThan(50);
  });
});
