import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { HistoryEvent, Json } from "../../../checkers/history/operation.ts";
import { type SagaAtomicityOptions, sagaAtomicity } from "../../../checkers/saga/saga-atomicity.checker.ts";
import { buildHistory, textOfEvents } from "../../support/build-history.ts";
import { findingOf, otherKey, withOtherNames, withUnrelated } from "../../support/checker-laws.ts";
import { ChoiceTape, choices } from "../../support/choice-tape.ts";
import { RecordLog, renumbered } from "../../support/record-log.ts";
import { isNeedUnknown, type SagaOracleOptions, sagaAnomalies } from "../../support/saga.oracle.ts";
import { simulatedSteps, simulateSagas } from "../../support/simulated-saga.ts";

type Inspected = NonNullable<SagaAtomicityOptions["inspected"]>;

/** Does the checker find what the oracle finds? Counts how often it was which type. */
function compare(
  events: HistoryEvent[],
  options: SagaOracleOptions & { readonly inspected: Inspected },
  tally: Map<string, number>,
): void {
  const result = sagaAtomicity({ ...options, maxAnomalies: 1000 }).check(buildHistory(events));
  const found = [...new Set(result.anomalies.map(({ type, key }) => `${key} ${type}`))].sort();
  const expected = sagaAnomalies(events, options);
  if (found.join() !== expected.join()) {
    throw new Error(
      `expected ${expected}, found ${found}: ${JSON.stringify(options)}\n${textOfEvents(events)}`,
    );
  }
  expect(result.verdict === "invalid").toBe(expected.length > 0);
  if (isNeedUnknown(events, options)) expect(result.verdict).not.toBe("valid");
  for (const type of expected.map((name) => name.slice(name.indexOf(" ") + 1))) {
    tally.set(type, (tally.get(type) ?? 0) + 1);
  }
  tally.set(result.verdict, (tally.get(result.verdict) ?? 0) + 1);
}

const types = [
  "amount-mismatch",
  "amounts-not-conserved",
  "contradictory-end",
  "dirty-read",
  "double-compensation",
  "double-effect",
  "empty-compensation",
  "late-effect",
  "lost-compensation",
  "missing-effect",
  "out-of-order-compensation",
  "stuck-saga",
  "undone-in-completed-saga",
];

/** Records of two sagas, of all kinds, right or wrong. */
function randomRecords(tape: ChoiceTape): HistoryEvent[] {
  const log = new RecordLog();
  const hasLive = tape.once(2);
  const hasAttempts = tape.once(2);
  const hasSteps = tape.once(4);
  const key = (): string => tape.pick(["x", "y"]);
  while (!tape.isUsedUp) {
    const final = !hasLive || !tape.once(3);
    const step = tape.pick(["a", "b", "c"]);
    const kind = tape.pick(["do", "undo"]);
    if (tape.once(4)) {
      const state = tape.pick(["running", "completed", "aborted", "aborted"]);
      const value: Json = hasSteps && tape.once(2) ? { state, steps: [step, "a"] } : { state };
      log.add("saga", key(), "order", value, final);
    } else if (tape.once(5)) {
      const at: Record<string, Json> = tape.once(8) ? {} : { at: tape.below(9) };
      log.add("seen", key(), "cart", { step, ...at, ...(tape.once(4) ? { pending: true } : {}) }, false);
    } else if (hasAttempts && tape.once(3)) log.add("attempted", key(), "order", { step, kind }, false);
    else {
      const at: Record<string, Json> = tape.once(8) ? {} : { at: tape.below(9) };
      const amount: Record<string, Json> = tape.once(3) ? {} : { amount: tape.below(3) };
      log.add("effect", key(), "payment", { step, kind, ...at, ...amount }, final);
    }
  }
  return log.events;
}

describe("sagaAtomicity", () => {
  test("says what brute force says of every small saga", () => {
    const tally = new Map<string, number>();
    const letters = ["a", "b"].flatMap((step) =>
      ["do", "undo"].flatMap((kind) => [1, 2].map((at) => ({ step, kind, at }))),
    );
    const both = { steps: ["a", "b"], order: "reverse", inspected: ["saga", "effect"] } as const;
    const visit = (chosen: readonly Json[], from: number): void => {
      for (const states of [[], ["running"], ["completed"], ["aborted"], ["completed", "aborted"]]) {
        for (const attempted of chosen.length < 3 ? [null, "a"] : [null]) {
          const log = new RecordLog();
          log.add("saga", "x", "order", { state: "running" }, false);
          if (attempted !== null) log.add("attempted", "x", "order", { step: attempted, kind: "do" }, false);
          for (const effect of chosen) log.add("effect", "x", "payment", effect, true);
          for (const state of states) log.add("saga", "x", "order", { state }, true);
          compare(log.events, both, tally);
        }
      }
      if (chosen.length === 4) return;
      for (let at = from; at < letters.length; at++) visit([...chosen, letters[at]!], at);
    };
    visit([], 0);
    expect(tally.get("valid")).toBeGreaterThan(3);
    const unseen = types.filter((type) => !type.startsWith("amount") && type !== "dirty-read");
    expect(unseen.filter((type) => !tally.has(type))).toEqual([]);
  });

  test("says what brute force says of random records of every kind, and of sagas that are nearly right", () => {
    const tally = new Map<string, number>();
    const options = fc.record({
      order: fc.constantFrom("reverse" as const, "none" as const),
      inspected: fc.subarray<Inspected[number]>(["saga", "effect"]),
      given: fc.constantFrom(null, simulatedSteps, ["stock"], ["a", "b"]),
    });
    fc.assert(
      fc.property(choices(110), options, fc.boolean(), (numbers, { given, ...rest }, isRandom) => {
        const tape = new ChoiceTape(numbers);
        const events = isRandom ? randomRecords(tape) : simulateSagas(tape, { sagas: 3, bugEvery: 14 });
        compare(events, given === null ? rest : { ...rest, steps: given }, tally);
      }),
      { seed: 31, numRuns: 3000 },
    );
    expect(types.filter((type) => (tally.get(type) ?? 0) < 10)).toEqual([]);
    expect(tally.get("valid")).toBeGreaterThan(20);
  });

  test("says what brute force says of the order of five steps that were all undone", () => {
    const tally = new Map<string, number>();
    const times = fc.array(fc.nat(9), { minLength: 10, maxLength: 10 });
    fc.assert(
      fc.property(times, times, (dos, undos) => {
        const log = new RecordLog();
        for (const [at, step] of ["a", "b", "c", "d", "e"].entries()) {
          log.add("effect", "x", "payment", { step, kind: "do", at: dos[at]! }, true);
          // Half of the sagas go backwards, but for one step.
          const back = dos[5]! < 5 && at !== dos[6] ? 20 - dos[at]! : 10 + undos[at]!;
          log.add("effect", "x", "payment", { step, kind: "undo", at: back }, true);
        }
        log.add("saga", "x", "order", { state: "aborted" }, true);
        compare(log.events, { order: "reverse", inspected: [] }, tally);
      }),
      { seed: 35, numRuns: 2000 },
    );
    expect(tally.get("out-of-order-compensation")).toBeGreaterThan(200);
    expect(tally.get("valid")).toBeGreaterThan(200);
  });

  test("never blames correct sagas, whatever live records a crash swallows", () => {
    fc.assert(
      fc.property(choices(120), choices(100), (tape, dropped) => {
        const events = simulateSagas(new ChoiceTape(tape), { sagas: 4, bugEvery: 0 });
        const checker = sagaAtomicity({ steps: simulatedSteps });
        expect(checker.check(buildHistory(events)).verdict).toBe(
          events.some((event) => event.type === "record" && event.f === "effect") ? "valid" : "unknown",
        );
        const drop = new ChoiceTape(dropped);
        const isLive = (event: HistoryEvent): boolean => event.type === "record" && event.final !== true;
        const isKept = (event: HistoryEvent): boolean =>
          !isLive(event) || (event.type === "record" && event.f === "attempted") || !drop.once(3);
        const fewer = renumbered(events.filter(isKept));
        expect(checker.check(buildHistory(fewer)).anomalies).toEqual([]);
        const live = renumbered(fewer.filter(isLive));
        expect(checker.check(buildHistory(live)).anomalies).toEqual([]);
        expect(checker.check(buildHistory(live)).verdict).toBe("unknown");
      }),
      { seed: 32, numRuns: 400 },
    );
  });

  test("finds the same when sagas and nodes are renamed, and when unrelated sagas are added", () => {
    const checker = sagaAtomicity({ steps: simulatedSteps, maxAnomalies: 1000 });
    let broken = 0;
    fc.assert(
      fc.property(choices(100), choices(60), choices(200), (tape, others, order) => {
        const events = simulateSagas(new ChoiceTape(tape), { sagas: 3, bugEvery: 12 });
        const expected = findingOf(checker, events, undefined, otherKey);
        expect(findingOf(checker, withOtherNames(events))).toEqual(expected);
        const unrelated = simulateSagas(new ChoiceTape(others), { sagas: 2, bugEvery: 0 });
        const merged = withUnrelated(events, unrelated, new ChoiceTape(order));
        const found = findingOf(checker, merged.events, merged.indexBefore);
        expect(found.anomalies).toEqual(findingOf(checker, events).anomalies);
        if (expected.verdict === "invalid") broken++;
      }),
      { seed: 33, numRuns: 300 },
    );
    expect(broken).toBeGreaterThan(50);
  });

  test("finds in each saga what it finds in all of them together", () => {
    const checker = sagaAtomicity({
      steps: simulatedSteps,
      inspected: ["saga", "effect"],
      maxAnomalies: 1000,
    });
    fc.assert(
      fc.property(choices(100), (tape) => {
        const events = simulateSagas(new ChoiceTape(tape), { sagas: 3, bugEvery: 12 });
        const keys = [...new Set(events.flatMap((event) => (event.type === "record" ? event.key : [])))];
        const found = keys.flatMap((key) =>
          findingOf(
            checker,
            events.filter(
              (event) => event.type === "record" && (event.key === key || event.f === "attempted"),
            ),
          ).anomalies.filter((anomaly) => anomaly.key === key),
        );
        const text = (anomaly: object): string => JSON.stringify(anomaly);
        expect(found.map(text).sort()).toEqual(findingOf(checker, events).anomalies.map(text).sort());
      }),
      { seed: 34, numRuns: 200 },
    );
  });
});
