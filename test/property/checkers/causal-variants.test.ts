import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AnomalyList } from "../../../checkers/anomaly-list.ts";
import type { HistoryEvent, Json } from "../../../checkers/history/operation.ts";
import { registerTransactions } from "../../../checkers/transactions/register-transactions.ts";
import { causal } from "../../../checkers/weak-isolation/causal.checker.ts";
import { ConsistencyPass } from "../../../checkers/weak-isolation/consistency-pass.ts";
import { happensBefore } from "../../../checkers/weak-isolation/happens-before.ts";
import { visibleHistory } from "../../../checkers/weak-isolation/visible-history.ts";
import { buildHistory, textOfEvents } from "../../support/build-history.ts";
import { hasVariantByOrders, hasVariantByPatterns } from "../../support/causal-variant.oracle.ts";
import { ChoiceTape, choices } from "../../support/choice-tape.ts";
import { simulateCausalStore } from "../../support/simulated-causal-store.ts";
import { type StoreLevel, simulateIsolation } from "../../support/simulated-isolation.ts";
import { hasLevelByClosure, hasLevelByOrders } from "../../support/weak-isolation.oracle.ts";

const [consistency, memory, convergence] = ["cc", "cm", "ccv"].map((isolation) => causal({ isolation }));
const asked = [consistency!, memory!, convergence!];
const names = ["causal-consistency", "causal-memory", "causal-convergence"];

type Tally = Record<string, number>;

const byOrders = { variant: hasVariantByOrders, level: hasLevelByOrders };
const byPatterns = { variant: hasVariantByPatterns, level: hasLevelByClosure };

/** Do the three say what the oracle says, and each the same of the other two? */
function compare(events: readonly HistoryEvent[], oracle: typeof byOrders, tally: Tally): void {
  const history = buildHistory(events);
  const cc = oracle.variant(history, "causal-consistency");
  const cm = oracle.variant(history, "causal-memory");
  const ccv = oracle.level(history, "causal");
  if ((cm || ccv) && !cc) throw new Error("the oracle contradicts itself");
  const strongest = names.filter((_, at) => [cc && !cm && !ccv, cm, ccv][at]);
  for (const [at, checker] of asked.entries()) {
    const result = checker.check(history);
    const holds = [cc, cm, ccv][at]!;
    const isRight =
      (result.verdict === "unknown" && result.reason === "nothing was examined" && holds) ||
      result.verdict === (holds ? "valid" : "invalid");
    const found = JSON.stringify(result.stats.details?.strongestCausal);
    if (!isRight || found !== JSON.stringify(strongest)) {
      throw new Error(
        `${names[at]}: ${[cc, cm, ccv]}, but ${JSON.stringify(result)}\n${textOfEvents(events)}`,
      );
    }
    for (const { type } of result.anomalies) tally[`${at} ${type}`] = (tally[`${at} ${type}`] ?? 0) + 1;
  }
  const held = strongest.join(" and ") || "none";
  tally[held] = (tally[held] ?? 0) + 1;
}

/** How many histories there were of each of the classes. */
const classes = [
  "none",
  "causal-consistency",
  "causal-memory",
  "causal-convergence",
  "causal-memory and causal-convergence",
];

type Micro = [name: "r" | "w", key: string, value: number | null];

function events(sessions: readonly (readonly (readonly Micro[])[])[]): HistoryEvent[] {
  const done = sessions.flatMap((list, client) => list.map((operations) => ({ client, operations })));
  return done.flatMap(({ client, operations }, at): HistoryEvent[] => {
    const value = operations.map(([name, key, read]): Json => [name, key, name === "r" ? null : read]);
    const line = { process: client, client, f: "txn" } as const;
    return [
      { ...line, index: 2 * at, time: 2 * at, type: "invoke", value },
      { ...line, index: 2 * at + 1, time: 2 * at + 1, type: "ok", value: operations as unknown as Json },
    ];
  });
}

/** Every history of single reads and writes in sessions of these lengths, each read of a value written to its key or of none. */
function* everySingle(lengths: readonly number[], keys: readonly string[]): Generator<HistoryEvent[]> {
  const size = lengths.reduce((sum, length) => sum + length, 0);
  const kinds = keys.flatMap((key): Micro[] => [
    ["r", key, null],
    ["w", key, null],
  ]);
  for (let code = 0; code < kinds.length ** size; code++) {
    let rest = code;
    const list = Array.from({ length: size }, (_, at): Micro => {
      const [name, key] = kinds[rest % kinds.length]!;
      rest = Math.floor(rest / kinds.length);
      return [name, key, name === "w" ? at + 1 : null];
    });
    // What a history without a second key shows is there with the first key too.
    if (list[0]![1] !== keys[0]) continue;
    yield* everyRead(lengths, list);
  }
}

function* everyRead(lengths: readonly number[], list: readonly Micro[]): Generator<HistoryEvent[]> {
  const reads = list.filter(([name]) => name === "r");
  const options = reads.map(([, key]) => [
    null,
    ...list.flatMap(([name, other, value]) => (name === "w" && other === key ? [value] : [])),
  ]);
  const total = options.reduce((product, { length }) => product * length, 1);
  for (let code = 0; code < total; code++) {
    let rest = code;
    for (const [at, read] of reads.entries()) {
      read[2] = options[at]![rest % options[at]!.length]!;
      rest = Math.floor(rest / options[at]!.length);
    }
    let from = 0;
    yield events(
      lengths.map((length) => {
        from += length;
        return list.slice(from - length, from).map((one) => [one]);
      }),
    );
  }
}

/** All orders of three keys. */
const orders = ["xyz", "xzy", "yxz", "yzx", "zxy", "zyx"].map((text) => [...text]);

describe("the three kinds of causal consistency", () => {
  test("are what all sequences say of every history of two short sessions", () => {
    const tally: Tally = {};
    for (const lengths of [
      [2, 2],
      [3, 2],
      [3, 1],
    ]) {
      for (const one of everySingle(lengths, ["x", "y"])) compare(one, byOrders, tally);
    }
    for (const one of everySingle([3, 3], ["x"])) compare(one, byOrders, tally);
    for (const one of everySingle([2, 2, 2], ["x"])) compare(one, byOrders, tally);
    for (const written of orders) {
      for (const read of orders) {
        const writes = written.map((key, at): Micro => ["w", key, at + 1]);
        const reads = read.map((key): Micro => ["r", key, null]);
        for (const one of everyRead([3, 4], [...writes, ["w", "x", 4], ...reads])) {
          compare(one, byOrders, tally);
        }
      }
    }
    for (const name of classes) {
      // Convergence without memory takes as many operations as the last of these: there are two such histories.
      expect(tally[name], name).toBeGreaterThan(name === "causal-convergence" ? 1 : 40);
    }
  });

  test("are what all sequences say of random histories with bugs, aborts and unknown outcomes", () => {
    const tally: Tally = {};
    const promises = ["causal-memory", "causal-consistency"] as const;
    fc.assert(
      fc.property(
        choices(120),
        fc.constantFrom(...promises),
        fc.constantFrom(0, 5),
        fc.constantFrom(1, 3),
        (tape, promise, bugEvery, length) => {
          const simulation = { promise, clients: 3, keys: 2, length, bugEvery, endsBadlyEvery: 12 };
          const found = simulateCausalStore(new ChoiceTape(tape), simulation);
          compare(found.slice(0, 16), byOrders, tally);
        },
      ),
      { seed: 51, numRuns: 3000 },
    );
    const shown = classes.filter((name) => name !== "causal-convergence");
    for (const name of shown) expect(tally[name], name).toBeGreaterThan(4);
  });

  test("are what the bad patterns say of longer histories", () => {
    const tally: Tally = {};
    const promises = ["causal-memory", "causal-consistency"] as const;
    fc.assert(
      fc.property(
        choices(420),
        fc.constantFrom(...promises),
        fc.constantFrom(0, 40),
        fc.constantFrom(1, 4),
        fc.constantFrom(2, 4),
        (tape, promise, bugEvery, length, keys) => {
          const simulation = { promise, clients: 4, keys, length, bugEvery, endsBadlyEvery: 0 };
          compare(simulateCausalStore(new ChoiceTape(tape), simulation), byPatterns, tally);
        },
      ),
      { seed: 52, numRuns: 600 },
    );
    const levels: readonly StoreLevel[] = ["read-atomic", "causal", "serializable"];
    fc.assert(
      fc.property(
        choices(250),
        fc.constantFrom(...levels),
        fc.constantFrom(0, 40),
        (tape, level, bugEvery) => {
          const simulation = { level, clients: 4, keys: 3, length: 3, bugEvery, endsBadlyEvery: 0 };
          compare(simulateIsolation(new ChoiceTape(tape), simulation), byPatterns, tally);
        },
      ),
      { seed: 53, numRuns: 300 },
    );
    for (const name of classes) expect(tally[name], name).toBeGreaterThan(10);
    const types = ["0 causality-violation", "0 fractured-read", "0 stale-session-read"];
    for (const type of [...types, "1 memory-order-cycle", "1 memory-initial-read", "2 commit-order-cycle"]) {
      expect(tally[type], type).toBeGreaterThan(3);
    }
  });

  test("which transactions lack causal consistency does not depend on how many clocks are kept at a time", () => {
    let broken = 0;
    fc.assert(
      fc.property(choices(600), fc.nat(4), (tape, width) => {
        const simulation = {
          promise: "causal-consistency",
          clients: 6,
          keys: 3,
          length: 4,
          bugEvery: 6,
          endsBadlyEvery: 30,
        } as const;
        const history = buildHistory(simulateCausalStore(new ChoiceTape(tape), simulation));
        const visible = visibleHistory(registerTransactions(history), new AnomalyList());
        const before = happensBefore(visible);
        if (before.isCyclic) return;
        const [some, all] = [visible.happened.length * (1 + width), 1 << 20].map((room) =>
          new ConsistencyPass(visible, before, room).run(undefined),
        );
        expect(some).toEqual(all);
        broken += all!.broken.length;
      }),
      { seed: 54, numRuns: 300 },
    );
    expect(broken).toBeGreaterThan(100);
  });

  test("do not depend on how the sessions are interleaved, and hold of the beginning of what they hold of", () => {
    const seen: Tally = {};
    fc.assert(
      fc.property(choices(400), choices(100), fc.constantFrom(1, 3), (tape, others, length) => {
        const simulation = {
          promise: "causal-consistency",
          clients: 4,
          keys: 2,
          length,
          bugEvery: 40,
          endsBadlyEvery: 0,
        } as const;
        const whole = simulateCausalStore(new ChoiceTape(tape), simulation);
        const shuffled = interleaved(whole, new ChoiceTape(others));
        const half = whole.slice(0, 2 * Math.floor(whole.length / 4));
        for (const [at, checker] of asked.entries()) {
          const { verdict } = checker.check(buildHistory(whole));
          expect(checker.check(buildHistory(shuffled)).verdict).toBe(verdict);
          if (verdict === "valid") expect(checker.check(buildHistory(half)).anomalies).toEqual([]);
          seen[`${at} ${verdict}`] = (seen[`${at} ${verdict}`] ?? 0) + 1;
        }
      }),
      { seed: 57, numRuns: 300 },
    );
    for (const at of [0, 1, 2]) {
      for (const verdict of ["valid", "invalid"]) expect(seen[`${at} ${verdict}`]).toBeGreaterThan(20);
    }
  });

  test.each([
    { promise: "causal-memory", keeps: [consistency!, memory!], not: convergence! },
    { promise: "causal-consistency", keeps: [consistency!], not: memory! },
  ] as const)("never blames a correct store: $promise", ({ promise, keeps, not }) => {
    let more = 0;
    fc.assert(
      fc.property(choices(700), fc.constantFrom(1, 4), (tape, length) => {
        const simulation = { promise, clients: 4, keys: 2, length, bugEvery: 0, endsBadlyEvery: 15 };
        const history = buildHistory(simulateCausalStore(new ChoiceTape(tape), simulation));
        for (const checker of keeps) expect(checker.check(history).anomalies).toEqual([]);
        if (not.check(history).verdict === "invalid") more++;
      }),
      { seed: 55, numRuns: 300 },
    );
    // The store keeps no more than it promises.
    expect(more).toBeGreaterThan(50);
  });
});

/** The same transactions, each session's in its order, the sessions in any. */
function interleaved(whole: readonly HistoryEvent[], tape: ChoiceTape): HistoryEvent[] {
  const left = new Map<number, HistoryEvent[]>();
  for (const event of whole) {
    if (!("client" in event) || event.client === undefined) continue;
    left.set(event.client, [...(left.get(event.client) ?? []), event]);
  }
  const mixed: HistoryEvent[] = [];
  while (left.size > 0) {
    const client = tape.pick([...left.keys()]);
    const own = left.get(client)!;
    for (const event of own.splice(0, 2)) mixed.push({ ...event, index: mixed.length, time: mixed.length });
    if (own.length === 0) left.delete(client);
  }
  return mixed;
}
