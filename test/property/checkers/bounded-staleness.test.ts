import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { History } from "../../../checkers/history/history.ts";
import type { HistoryEvent, Json } from "../../../checkers/history/operation.ts";
import { boundedStaleness } from "../../../checkers/staleness/bounded-staleness.checker.ts";
import { buildHistory, textOfEvents } from "../../support/build-history.ts";
import { byLabel } from "../../support/by-label.ts";
import { ChoiceTape, choices } from "../../support/choice-tape.ts";
import { everyHistory, type PossibleCall } from "../../support/every-history.ts";
import { everySequence } from "../../support/every-sequence.ts";
import { FindingTally } from "../../support/finding-tally.ts";
import { inMilliseconds } from "../../support/in-milliseconds.ts";
import { simulateEntities } from "../../support/simulated-entity.ts";
import { simulateRegister } from "../../support/simulated-register.ts";
import { replicaBoundMs, simulateReplicas } from "../../support/simulated-replicas.ts";
import { byPairs, byWorlds, stalenessOf } from "../../support/staleness.oracle.ts";

const outcomes = ["valid", "invalid", "unknown", "staleness-exceeded"];

/** Holds verdict, blamed reads and measures against an oracle. */
function compare(
  events: readonly HistoryEvent[],
  boundMs: number,
  oracle: typeof byPairs,
  tally: FindingTally,
): void {
  const history: History = buildHistory(events);
  const result = boundedStaleness({ boundMs, maxAnomalies: 1000 }).check(history);
  const { reads, isComplete } = stalenessOf(history, oracle);
  const found = result.anomalies.map(({ type, operations }) => `${type} ${operations[2]}`);
  const expected = reads
    .filter(({ staleMs }) => staleMs > boundMs)
    .map(({ read }) => `staleness-exceeded ${read}`);
  tally.compare(events, result, found, expected);
  const measures = byLabel(result.stats.measures ?? []);
  const measured = { isUnknown: result.verdict === "unknown", measures };
  const wanted = {
    isUnknown: expected.length === 0 && (!isComplete || reads.length === 0),
    measures: { ...distributionOf(reads.map(({ staleMs }) => staleMs)), reads: reads.length },
  };
  if (JSON.stringify(measured) !== JSON.stringify(wanted)) {
    throw new Error(
      `expected ${JSON.stringify(wanted)}, found ${JSON.stringify(measured)}\n${textOfEvents(events)}`,
    );
  }
}

/** Median, percentiles and the longest, by sorting. */
function distributionOf(values: readonly number[]): Record<string, number> {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (part: number): number => sorted[Math.ceil(part * sorted.length) - 1]!;
  if (sorted.length === 0) return {};
  return {
    "median staleness in ms": at(0.5),
    "p95 staleness in ms": at(0.95),
    "p99 staleness in ms": at(0.99),
    "longest staleness in ms": at(1),
  };
}

const timed = (events: readonly HistoryEvent[]): HistoryEvent[] =>
  events.map((event) => ({ ...event, time: event.index * 1e6 }));

const line = (process: number, type: string, f: string, value?: Json) => ({
  ...{ process, type, f, key: "k" },
  ...(value === undefined ? {} : { value }),
});

/** Calls that each have a process of their own, one after the other. */
function inTurn(sequence: readonly (readonly object[])[]): HistoryEvent[] {
  return inMilliseconds(
    sequence.flatMap((group, at) =>
      group.map((one) => ("process" in one && one.process === 0 ? { ...one, process: 10 + at } : one)),
    ),
  );
}

/** Is what is called once called at most once, and answered only after it was asked? */
function isPossible(
  sequence: readonly unknown[],
  once: readonly unknown[],
  spans: readonly unknown[][],
): boolean {
  return (
    once.every((one) => sequence.indexOf(one) === sequence.lastIndexOf(one)) &&
    spans.every(([ask, answer]) => {
      const at = sequence.indexOf(answer);
      return at < 0 || (sequence.indexOf(ask) >= 0 && sequence.indexOf(ask) < at);
    })
  );
}

describe("bounded-staleness says of registers", () => {
  const write = (value: Json): PossibleCall => ({ f: "write", value, ends: [["ok"]] });

  test("what trying all that may have happened says, of every short history of two clients", () => {
    const reads: PossibleCall = { f: "read", ends: [null, 1, 2].map((value) => ["ok", value] as const) };
    const tally = new FindingTally();
    for (const length of [4, 6, 7]) {
      for (const events of everyHistory([write(1), write(2), reads], length))
        compare(timed(events), 1, byWorlds, tally);
    }
    expect(tally.rarerThan(50, outcomes)).toEqual([]);
  });

  test("the same of every sequence of up to five calls of which two may take long", () => {
    const call = (f: string, type: string, asked?: Json, answered?: Json) => [
      line(0, "invoke", f, asked),
      line(0, type, f, answered),
    ];
    const open = [line(1, "invoke", "write", 3)];
    const closed = [line(1, "ok", "write")];
    const question = [line(2, "invoke", "read")];
    const answer = [line(2, "ok", "read", 1)];
    const writes = [call("write", "ok", 1), call("write", "info", 2), call("cas", "ok", [1, 4])];
    const reads = [null, 1, 2, 3].map((value) => call("read", "ok", undefined, value));
    const once = [...writes, open, closed, question, answer];
    const tally = new FindingTally();
    for (const sequence of everySequence<readonly object[]>([...once, ...reads], 5)) {
      const spans = [
        [open, closed],
        [question, answer],
      ];
      if (isPossible(sequence, once, spans)) compare(inTurn(sequence), 1, byWorlds, tally);
    }
    expect(tally.rarerThan(50, outcomes)).toEqual([]);
  });

  test("what comparing all pairs of calls says, of random ones, right and broken", () => {
    const tally = new FindingTally();
    fc.assert(
      fc.property(choices(120), fc.nat(12), fc.nat(5), (tape, boundMs, kind) => {
        const [isBroken, isUnique, hasDeletes] = [kind % 2 === 1, kind !== 2, kind === 3];
        const simulation = { clients: 3, bugEvery: isBroken ? 4 : 0, isUnique, hasDeletes, finalReads: 1 };
        const choice = new ChoiceTape(tape);
        const events =
          kind > 3 ? simulateReplicas(choice, "register", isBroken) : simulateRegister(choice, simulation);
        compare(timed(events), boundMs, byPairs, tally);
      }),
      { seed: 61, numRuns: 2500 },
    );
    expect(tally.rarerThan(100, outcomes)).toEqual([]);
  });
});

describe("bounded-staleness says of versioned entities what comparing all pairs of calls says", () => {
  test("of every sequence of up to five calls", () => {
    const call = (f: string, asked: Json | undefined, type: string, answered?: Json) => [
      line(0, "invoke", f, asked),
      line(0, type, f, answered),
    ];
    const question = [line(2, "invoke", "read")];
    const answer = [line(2, "ok", "read", { version: 1 })];
    const calls = [
      call("create", undefined, "ok"),
      call("update", { expected: 1 }, "ok"),
      call("update", undefined, "ok", { version: 3 }),
      call("update", undefined, "ok"),
      call("delete", undefined, "info"),
      ...[null, { version: 1 }, { version: 2 }].map((value) => call("read", undefined, "ok", value)),
    ];
    const tally = new FindingTally();
    for (const sequence of everySequence<readonly object[]>([...calls, question, answer], 5)) {
      if (isPossible(sequence, [question, answer], [[question, answer]]))
        compare(inTurn(sequence), 2, byPairs, tally);
    }
    expect(tally.rarerThan(50, outcomes)).toEqual([]);
  });

  test("of random ones, right and broken", () => {
    const tally = new FindingTally();
    fc.assert(
      fc.property(choices(160), fc.nat(12), fc.nat(5), (tape, boundMs, kind) => {
        const choice = new ChoiceTape(tape);
        const simulation = { clients: 3, keys: 2, staleReads: kind > 1, bugEvery: kind > 2 ? 8 : 0 };
        const deletes = kind === 0 ? ({ deletes: "restart", unconditional: true } as const) : {};
        const events =
          kind > 3
            ? simulateReplicas(choice, "entity", kind === 5)
            : simulateEntities(choice, { ...simulation, ...deletes });
        compare(timed(events), boundMs, byPairs, tally);
      }),
      { seed: 62, numRuns: 2500 },
    );
    expect(tally.rarerThan(100, outcomes)).toEqual([]);
  });
});

describe.each(["register", "entity"] as const)("bounded-staleness never blames replicas of a %s", (kind) => {
  test("that keep the bound, and tells those that do not", () => {
    let broken = 0;
    fc.assert(
      fc.property(choices(200), (tape) => {
        const of = (isBroken: boolean) =>
          boundedStaleness({ boundMs: replicaBoundMs }).check(
            buildHistory(simulateReplicas(new ChoiceTape(tape), kind, isBroken)),
          );
        expect(of(false).anomalies).toEqual([]);
        if (of(true).verdict === "invalid") broken++;
      }),
      { seed: 63, numRuns: 500 },
    );
    expect(broken).toBeGreaterThan(100);
  });
});
