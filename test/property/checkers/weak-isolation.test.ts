import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AnomalyList } from "../../../checkers/anomaly-list.ts";
import type { Checker } from "../../../checkers/checker.ts";
import type { HistoryEvent, Json } from "../../../checkers/history/operation.ts";
import { registerTransactions } from "../../../checkers/transactions/register-transactions.ts";
import { causal } from "../../../checkers/weak-isolation/causal.checker.ts";
import { addCausalEdges } from "../../../checkers/weak-isolation/causal-edges.ts";
import { commitGraph, cyclicComponents } from "../../../checkers/weak-isolation/commit-graph.ts";
import { happensBefore } from "../../../checkers/weak-isolation/happens-before.ts";
import { InferredEdges } from "../../../checkers/weak-isolation/inferred-edges.ts";
import { readAtomic } from "../../../checkers/weak-isolation/read-atomic.checker.ts";
import { readCommitted } from "../../../checkers/weak-isolation/read-committed.checker.ts";
import { visibleHistory } from "../../../checkers/weak-isolation/visible-history.ts";
import { buildHistory, textOfEvents } from "../../support/build-history.ts";
import { ChoiceTape, choices } from "../../support/choice-tape.ts";
import { type StoreLevel, simulateIsolation } from "../../support/simulated-isolation.ts";
import {
  hasLevelByClosure,
  hasLevelByOrders,
  type OracleLevel,
} from "../../support/weak-isolation.oracle.ts";

const checkers: readonly { readonly level: OracleLevel; readonly checker: Checker }[] = [
  { level: "read-committed", checker: readCommitted() },
  { level: "read-atomic", checker: readAtomic() },
  { level: "causal", checker: causal() },
];

type Tally = Record<string, number>;

/** Do all three checkers say what the oracle says, and name the same strongest level? */
function compare(events: readonly HistoryEvent[], oracle: typeof hasLevelByOrders, tally: Tally): void {
  const history = buildHistory(events);
  let strongest: string | null = null;
  for (const { level, checker } of checkers) {
    const result = checker.check(history);
    const holds = oracle(history, level);
    if (holds) strongest = level;
    const isRight =
      (result.verdict === "unknown" && result.reason === "nothing was examined" && holds) ||
      result.verdict === (holds ? "valid" : "invalid");
    if (!isRight || result.stats.details?.strongest !== strongest) {
      throw new Error(`${level}: ${holds}, but ${JSON.stringify(result)}\n${textOfEvents(events)}`);
    }
    for (const { type } of result.anomalies) tally[type] = (tally[type] ?? 0) + 1;
  }
  tally[`${strongest}`] = (tally[`${strongest}`] ?? 0) + 1;
}

type Micro = readonly [name: string, key: string, value: number | null];

/** Transactions one after the other, each of a client. */
function transactionEvents(
  list: readonly { client: number; operations: readonly Micro[] }[],
): HistoryEvent[] {
  return list.flatMap(({ client, operations }, at): HistoryEvent[] => {
    const asked = operations.map(([name, key, value]): Json => [name, key, name === "r" ? null : value]);
    const line = { process: client, client, f: "txn" } as const;
    return [
      { ...line, index: 2 * at, time: 2 * at, type: "invoke", value: asked },
      { ...line, index: 2 * at + 1, time: 2 * at + 1, type: "ok", value: operations as unknown as Json },
    ];
  });
}

/** All lists of one or two of the four micro-operations on two keys; the values are filled in later. */
const shapes: readonly (readonly (readonly ["r" | "w", string])[])[] = (() => {
  const single = (["r", "w"] as const).flatMap((name) => ["x", "y"].map((key) => [name, key] as const));
  return [...single.map((one) => [one]), ...single.flatMap((one) => single.map((two) => [one, two]))];
})();

/** Every way to let the reads of these transactions return a value that is written to their key, or nothing. */
function* withReads(
  transactions: readonly { client: number; shape: (typeof shapes)[number] }[],
): Generator<{ client: number; operations: Micro[] }[]> {
  let values = 0;
  const filled = transactions.map(({ client, shape }) => ({
    client,
    operations: shape.map(([name, key]): [string, string, number | null] => [
      name,
      key,
      name === "w" ? ++values : null,
    ]),
  }));
  const all = filled.flatMap(({ operations }) => operations);
  const reads = all.filter(([name]) => name === "r");
  const options = reads.map(([, key]) => [
    null,
    ...all.filter(([name, other]) => name === "w" && other === key).map(([, , value]) => value),
  ]);
  const chosen = reads.map(() => 0);
  for (;;) {
    for (const [at, read] of reads.entries()) read[2] = options[at]![chosen[at]!]!;
    yield filled;
    let at = 0;
    while (at < reads.length && ++chosen[at]! === options[at]!.length) chosen[at++] = 0;
    if (at === reads.length) return;
  }
}

describe("weak isolation", () => {
  test("says what all orders of commits say of every history of three short transactions", () => {
    const tally: Tally = {};
    for (const one of shapes) {
      for (const two of shapes) {
        // One session of two transactions and one of one; every history of three sessions has these or fewer constraints.
        for (const three of shapes) {
          const list = [
            { client: 0, shape: one },
            { client: 0, shape: two },
            { client: 1, shape: three },
          ];
          for (const filled of withReads(list)) compare(transactionEvents(filled), hasLevelByOrders, tally);
        }
      }
    }
    expect(tally).toMatchObject({});
    for (const level of ["null", "read-committed", "read-atomic", "causal"]) {
      expect(tally[level], level).toBeGreaterThan(level === "read-atomic" ? -1 : 100);
    }
  });

  test("says what all orders of commits say of random histories with bugs, aborts and unknown outcomes", () => {
    const tally: Tally = {};
    fc.assert(
      fc.property(
        choices(90),
        fc.constantFrom<StoreLevel>("read-committed", "read-atomic"),
        (tape, level) => {
          const simulation = { level, clients: 3, keys: 2, length: 4, bugEvery: 12, endsBadlyEvery: 12 };
          const events = simulateIsolation(new ChoiceTape(tape), simulation);
          compare(events.slice(0, lastQuiet(events, 7)), hasLevelByOrders, tally);
        },
      ),
      { seed: 41, numRuns: 4000 },
    );
    expect(Object.keys(tally).sort()).toEqual([
      "aborted-read",
      "causal",
      "causality-cycle",
      "causality-violation",
      "commit-order-cycle",
      "fractured-read",
      "future-read",
      "intermediate-read",
      "non-monotonic-read",
      "non-repeatable-read",
      "not-own-last-write",
      "not-own-write",
      "null",
      "read-atomic",
      "read-committed",
      "stale-session-read",
    ]);
  });

  test("says what the closure of the axioms says of longer histories", () => {
    const tally: Tally = {};
    const levels: readonly StoreLevel[] = ["read-committed", "read-atomic", "causal"];
    fc.assert(
      fc.property(
        choices(700),
        fc.constantFrom(...levels),
        fc.constantFrom(0, 60),
        (tape, level, bugEvery) => {
          const simulation = { level, clients: 5, keys: 4, length: 4, bugEvery, endsBadlyEvery: 0 };
          compare(simulateIsolation(new ChoiceTape(tape), simulation), hasLevelByClosure, tally);
        },
      ),
      { seed: 42, numRuns: 1000 },
    );
    for (const level of ["null", "read-committed", "read-atomic", "causal"]) {
      expect(tally[level], level).toBeGreaterThan(30);
    }
  });

  test("what is broken does not depend on how many clocks are kept at a time", () => {
    let broken = 0;
    const levels: readonly StoreLevel[] = ["read-atomic", "causal"];
    fc.assert(
      fc.property(choices(900), fc.constantFrom(...levels), fc.nat(6), (tape, level, width) => {
        const simulation = { level, clients: 7, keys: 3, length: 2, bugEvery: 150, endsBadlyEvery: 30 };
        const history = buildHistory(simulateIsolation(new ChoiceTape(tape), simulation));
        const anomalies = new AnomalyList();
        const visible = visibleHistory(registerTransactions(history), anomalies);
        const before = happensBefore(visible);
        if (before.isCyclic) return;
        const answers = [visible.happened.length * (1 + width), 1 << 20].map((room) => {
          const edges = new InferredEdges(10);
          expect(addCausalEdges(visible, before, edges, undefined, room)).toBeNull();
          return edges.initialCount > 0 || cyclicComponents(commitGraph(before, edges)).components > 0;
        });
        expect(answers[0]).toBe(answers[1]);
        if (anomalies.count === 0 && visible.reads.isRepeat.indexOf(1) < 0) {
          expect(answers[0]).toBe(!hasLevelByClosure(history, "causal"));
        }
        if (answers[0]) broken++;
      }),
      { seed: 43, numRuns: 400 },
    );
    expect(broken).toBeGreaterThan(20);
  });

  test.each<{ store: StoreLevel; upTo: number }>([
    { store: "read-committed", upTo: 1 },
    { store: "read-atomic", upTo: 2 },
    { store: "causal", upTo: 3 },
    { store: "serializable", upTo: 3 },
  ])("never blames a correct store: $store", ({ store, upTo }) => {
    const strongest: Tally = {};
    fc.assert(
      fc.property(choices(300), (tape) => {
        const simulation = {
          level: store,
          clients: 4,
          keys: 3,
          length: 4,
          bugEvery: 0,
          endsBadlyEvery: 15,
        };
        const history = buildHistory(simulateIsolation(new ChoiceTape(tape), simulation));
        for (const { checker } of checkers.slice(0, upTo)) {
          const result = checker.check(history);
          expect(result.anomalies).toEqual([]);
          expect(result.verdict).toBe("valid");
        }
        const found = `${causal().check(history).stats.details?.strongest}`;
        strongest[found] = (strongest[found] ?? 0) + 1;
      }),
      { seed: 44, numRuns: 500 },
    );
    // Many histories of this length show that the store keeps no more than it promises.
    const promised = checkers[upTo - 1]!.level;
    expect(strongest[promised]).toBeGreaterThan(100);
    expect(strongest.null).toBeUndefined();
  });
});

/** The longest prefix with at most `most` transactions after which every transaction has ended or never will. */
function lastQuiet(events: readonly HistoryEvent[], most: number): number {
  let open = 0;
  let begun = 0;
  let last = 0;
  for (const [at, { type }] of events.entries()) {
    if (type === "invoke") {
      open++;
      begun++;
    } else open--;
    if (begun > most) break;
    if (open === 0) last = at + 1;
  }
  return last;
}
