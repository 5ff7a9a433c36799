import { describe, expect, test } from "vitest";
import { bank } from "../../../checkers/bank/bank.checker.ts";
import { counter } from "../../../checkers/counter/counter.checker.ts";
import type { History } from "../../../checkers/history/history.ts";
import type { HistoryEvent } from "../../../checkers/history/operation.ts";
import { linearizability } from "../../../checkers/linearizability/linearizability.checker.ts";
import { optimisticLock } from "../../../checkers/optimistic-lock/optimistic-lock.checker.ts";
import { setFull } from "../../../checkers/set/set-full.checker.ts";
import { buildHistory, textOfEvents } from "../../support/build-history.ts";
import { everyHistory, type PossibleCall } from "../../support/every-history.ts";
import { bankOracle, counterOracle, setOracle } from "../../support/jepsen.oracle.ts";
import { hasOrder, oracleCalls, oracleRegister } from "../../support/linearizability.oracle.ts";
import { isExplainedChain } from "../../support/optimistic-lock.oracle.ts";

const sum = (value: number): PossibleCall => ({ f: "add", value, ends: [["ok"], ["fail"]] });
const reads = (...shown: NonNullable<PossibleCall["value"]>[]): PossibleCall => ({
  f: "read",
  ends: shown.map((value) => ["ok", value] as const),
});

const subjects: readonly (readonly [
  name: string,
  calls: readonly PossibleCall[],
  length: number,
  isBroken: (history: History, events: readonly HistoryEvent[]) => boolean,
  check: (history: History) => boolean,
])[] = [
  [
    "counter",
    [sum(1), sum(-1), reads(0, 1, -1)],
    6,
    (history) => counterOracle(history).length > 0,
    (history) => counter().check(history).verdict === "invalid",
  ],
  [
    "set",
    [{ f: "add", value: 0, ends: [["ok"], ["fail"]] }, reads([], [0], [0, 0])],
    7,
    (history) => setOracle(history).length > 0,
    (history) => setFull({ fresh: true }).check(history).verdict === "invalid",
  ],
  [
    "bank",
    [reads({ a: 1, b: 1 }, { a: 2, b: 0 }, { a: 3, b: -1 }, { a: 1, b: 0 })],
    6,
    (history) => Object.values(bankOracle(history)).includes(true),
    (history) => bank().check(history).verdict === "invalid",
  ],
  [
    "linearizability",
    [
      { f: "write", value: 1, ends: [["ok"], ["fail"]] },
      { f: "cas", value: [1, 2], ends: [["ok"], ["fail"]] },
      { f: "read", ends: [null, 1, 2].map((value) => ["ok", value] as const) },
    ],
    6,
    (history) => !hasOrder([...oracleCalls(history, true).values()].flat(), null, oracleRegister),
    (history) => linearizability().check(history).verdict === "invalid",
  ],
  [
    "optimistic-lock",
    [
      {
        f: "update",
        value: { expected: 1, value: "x" },
        ends: [["ok", { version: 2 }], ["fail"], ["fail", "conflict"]],
      },
      { f: "update", value: { expected: 2, value: "y" }, ends: [["ok", { version: 3 }]] },
      {
        f: "read",
        ends: [
          ["ok", { version: 1, value: "w" }],
          ["ok", { version: 2, value: "x" }],
        ],
      },
    ],
    6,
    (history, events) => isWritten(events) && !isExplainedChain(history),
    (history) => optimisticLock().check(history).verdict === "invalid",
  ],
];

/** Entities that nobody writes are not judged. */
function isWritten(events: readonly HistoryEvent[]): boolean {
  return events.some((event) => event.type === "invoke" && event.f === "update");
}

describe("says what brute force says of every history of two clients:", () => {
  test.each(subjects)("%s", (_, calls, length, isBroken, check) => {
    const tally = { broken: 0, right: 0 };
    for (const events of everyHistory(calls, length)) {
      const history = buildHistory(events);
      const expected = isBroken(history, events);
      tally[expected ? "broken" : "right"]++;
      if (check(history) !== expected)
        throw new Error(`expected ${expected ? "invalid" : "no blame"}\n${textOfEvents(events)}`);
    }
    expect(Math.min(tally.broken, tally.right)).toBeGreaterThan(100);
  });
});
