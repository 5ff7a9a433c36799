import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FAIL } from "../../../checkers/history/history.ts";
import type { HistoryEvent } from "../../../checkers/history/operation.ts";
import { optimisticLock } from "../../../checkers/optimistic-lock/optimistic-lock.checker.ts";
import { alterAnswers } from "../../support/alter-answers.ts";
import { buildHistory, textOfEvents } from "../../support/build-history.ts";
import { ChoiceTape, choices } from "../../support/choice-tape.ts";
import { isExplainedChain, returnedVersions } from "../../support/optimistic-lock.oracle.ts";
import { simulateEntities } from "../../support/simulated-entity.ts";

/** Does the checker say what brute force says? Throws with the history where it does not. */
function compare(events: readonly HistoryEvent[]): boolean {
  const history = buildHistory(events);
  const explained = isExplainedChain(history);
  const result = optimisticLock().check(history);
  if (explained === (result.verdict === "invalid")) {
    throw new Error(`explained: ${explained}, but ${JSON.stringify(result)}\n${textOfEvents(events)}`);
  }
  return explained;
}

/** Entities that nobody writes are not judged. */
function isWritten(events: readonly HistoryEvent[]): boolean {
  return events.some((event) => event.type === "invoke" && event.f !== "read" && event.f !== "delete");
}

/** Every other version under the same name, and no values. */
function withoutValues(events: readonly HistoryEvent[]): HistoryEvent[] {
  return events.map((event) => {
    const text = JSON.stringify(event).replace(/,?"value":"[^"]*"/g, "");
    const named = text.replace(
      /"(version|expected)":(\d+)/g,
      (_, name, version) => `"${name}":${1 + (version % 3)}`,
    );
    return JSON.parse(named.replaceAll("{,", "{")) as HistoryEvent;
  });
}

describe("optimisticLock", () => {
  test("never blames a correct store, whatever the delays and unknown outcomes", () => {
    fc.assert(
      fc.property(choices(400), fc.boolean(), (tape, staleReads) => {
        const simulation = { clients: 4, keys: 2, bugEvery: 0, staleReads };
        const result = optimisticLock().check(
          buildHistory(simulateEntities(new ChoiceTape(tape), simulation)),
        );
        expect(result.anomalies).toEqual([]);
      }),
      { seed: 1, numRuns: 1500 },
    );
  });

  test("says what brute force says, of stores with and without bugs", () => {
    let broken = 0;
    fc.assert(
      fc.property(choices(120), fc.constantFrom(0, 6, 12, 24), (tape, bugEvery) => {
        const simulation = { clients: 3, keys: 1, bugEvery, staleReads: true };
        const events = simulateEntities(new ChoiceTape(tape), simulation);
        if (isWritten(events) && !compare(events)) broken++;
      }),
      { seed: 2, numRuns: 4000 },
    );
    expect(broken).toBeGreaterThan(400);
  });

  test("says what brute force says, of correct histories in which an answer was altered", () => {
    let broken = 0;
    fc.assert(
      fc.property(choices(120), choices(12), (tape, alterations) => {
        const simulation = { clients: 3, keys: 1, bugEvery: 0, staleReads: true };
        const events = simulateEntities(new ChoiceTape(tape), simulation);
        if (!isWritten(events)) return;
        if (!compare(alterAnswers(events, new ChoiceTape(alterations)))) broken++;
      }),
      { seed: 3, numRuns: 4000 },
    );
    expect(broken).toBeGreaterThan(200);
  });

  test("finds before the first delete what brute force finds there, and after it only what brute force confirms", () => {
    const tally = { broken: 0, later: 0 };
    fc.assert(
      fc.property(
        choices(130),
        fc.constantFrom(0, 5, 10, 20),
        fc.boolean(),
        fc.constantFrom("rise" as const, "restart" as const),
        (tape, bugEvery, unconditional, deletes) => {
          const simulation = { clients: 3, keys: 1, bugEvery, staleReads: true, deletes };
          const events = simulateEntities(new ChoiceTape(tape), { ...simulation, unconditional });
          const history = buildHistory(events);
          const result = optimisticLock({ maxAnomalies: 1000 }).check(history);
          const fail = (what: string): never => {
            throw new Error(`${what}: ${JSON.stringify(result)}\n${textOfEvents(events)}`);
          };
          const expected = returnedVersions(history).map((row) => history.index[history.mate[row]!]!);
          const aba = result.anomalies.filter(({ type }) => type === "aba");
          if (aba.map(({ operations }) => operations.at(-1)).join() !== expected.join())
            fail(`aba ${expected}`);
          if (aba.length > 0 && bugEvery === 0 && deletes === "rise") fail("aba of versions that rise");
          const isBlamed = aba.length < result.anomalies.length;
          if (isBlamed && isExplainedChain(history)) fail("explained");
          const first = events.findIndex(
            (event, at) =>
              event.type === "invoke" && event.f === "delete" && history.type[history.mate[at]!] !== FAIL,
          );
          const before = first < 0 ? events : events.slice(0, first);
          const hasBlind = before.some(
            ({ type, ...event }) =>
              type === "invoke" &&
              "f" in event &&
              event.f === "update" &&
              !("expected" in (event.value as object)),
          );
          if (isWritten(before) && !hasBlind && !isExplainedChain(buildHistory(before))) {
            tally.broken++;
            if (!isBlamed) fail("missed");
          } else if (isBlamed) tally.later++;
        },
      ),
      { seed: 4, numRuns: 3000 },
    );
    expect(tally.broken).toBeGreaterThan(100);
    expect(tally.later).toBeGreaterThan(20);
  });

  test("finds the versions that came back which their definition finds", () => {
    let found = 0;
    fc.assert(
      fc.property(choices(700), fc.constantFrom(0, 20), (tape, bugEvery) => {
        const simulation = { clients: 3, keys: 1, bugEvery, staleReads: false, deletes: "restart" as const };
        const events = simulateEntities(new ChoiceTape(tape), simulation);
        const history = buildHistory(events);
        const expected = returnedVersions(history).map((row) => history.index[history.mate[row]!]!);
        const { anomalies } = optimisticLock({ maxAnomalies: 1000 }).check(history);
        const aba = anomalies.filter(({ type }) => type === "aba").map(({ operations }) => operations.at(-1));
        if (aba.join() !== expected.join()) {
          throw new Error(`expected ${expected}, found ${aba}\n${textOfEvents(events)}`);
        }
        found += aba.length;
      }),
      { seed: 6, numRuns: 800 },
    );
    expect(found).toBeGreaterThan(20);
  });

  test.each(["rising", "opaque"] as const)("blames %s versions only where brute force does", (versions) => {
    let broken = 0;
    let found = 0;
    fc.assert(
      fc.property(choices(110), choices(12), fc.constantFrom(0, 6, 12), (tape, alterations, bugEvery) => {
        const simulation = { clients: 3, keys: 1, bugEvery, staleReads: true, unconditional: true };
        const events = alterAnswers(
          simulateEntities(new ChoiceTape(tape), simulation),
          new ChoiceTape(alterations.slice(0, 12 * Math.sign(bugEvery))),
        );
        // Versions that come back are only without an order, and then each names one value.
        const named = versions === "rising" ? events : withoutValues(events);
        const history = buildHistory(named);
        const result = optimisticLock({ versions }).check(history);
        const isBlamed = result.anomalies.some(({ type }) => type !== "aba");
        if (isBlamed) found++;
        if (!isBlamed && bugEvery === 0) return;
        if (isExplainedChain(history, versions)) {
          if (isBlamed) throw new Error(`explained: ${JSON.stringify(result)}\n${textOfEvents(named)}`);
        } else broken++;
      }),
      { seed: 5, numRuns: 2500 },
    );
    expect(found).toBeGreaterThan(versions === "rising" ? 100 : 15);
    expect(broken).toBeGreaterThanOrEqual(found);
  });

  test("reads an expected version of 0 like null, as long as 0 is no version", () => {
    fc.assert(
      fc.property(choices(120), fc.constantFrom(0, 6, 12), (tape, bugEvery) => {
        const simulation = { clients: 3, keys: 1, bugEvery, staleReads: true };
        const events = simulateEntities(new ChoiceTape(tape), simulation);
        const withZero = events.map((event) =>
          JSON.parse(JSON.stringify(event).replace('"expected":null', '"expected":0')),
        );
        const check = (read: readonly HistoryEvent[]) =>
          optimisticLock()
            .check(buildHistory(read))
            .anomalies.map(({ type, operations }) => [type, operations]);
        expect(check(withZero)).toEqual(check(events));
      }),
      { seed: 19, numRuns: 600 },
    );
  });
});
