import { describe, expect, test } from "vitest";
import { AnomalyList } from "../../../checkers/anomaly-list.ts";
import { checkHistory } from "../../../checkers/check-history.ts";
import type { Checker, CheckResult } from "../../../checkers/checker.ts";
import { checkerByName, checkerNames } from "../../../checkers/registry.ts";
import { resultOf } from "../../../checkers/result.ts";
import { mergeVerdicts } from "../../../checkers/verdict.ts";
import { historyOf } from "../../support/history-text.ts";

const history = historyOf("c1 read x => ok 1");
const anomaly = { type: "lost-write", operations: [1], proof: "gone" } as const;

function answering(name: string, answer: () => CheckResult): Checker {
  return { name, claim: `claim of ${name}`, blindSpots: [], check: answer };
}

const valid = answering("fine", () => resultOf({ operations: 1, anomalies: [], reasons: [] }));
const invalid = answering("broken", () => resultOf({ operations: 1, anomalies: [anomaly], reasons: ["?"] }));
const failing = answering("failing", () => {
  throw new Error("no such row");
});

describe("checkHistory", () => {
  test("merges what the checkers answer", () => {
    expect(checkHistory(history, [valid]).verdict).toBe("valid");
    expect(checkHistory(history, [valid, failing]).verdict).toBe("unknown");
    expect(checkHistory(history, [failing, invalid, valid]).verdict).toBe("invalid");
    expect(checkHistory(history, [])).toEqual({ verdict: "unknown", results: [] });
  });

  test("a checker that throws is unknown, with the cause and without a stack", () => {
    expect(checkHistory(history, [failing]).results).toEqual([
      {
        checker: "failing",
        claim: "claim of failing",
        blindSpots: [],
        result: {
          verdict: "unknown",
          anomalies: [],
          reason: "the checker itself failed: no such row",
          stats: { operations: 0 },
        },
      },
    ]);
  });
});

describe("resultOf", () => {
  test("valid needs an operation, invalid an anomaly", () => {
    expect(resultOf({ operations: 0, anomalies: [], reasons: [] })).toMatchObject({
      verdict: "unknown",
      reason: "nothing was examined",
    });
    expect(resultOf({ operations: 2, anomalies: [], reasons: ["a", "b", "c", "d", "e"] })).toMatchObject({
      verdict: "unknown",
      reason: "a; b; c; and 2 more",
    });
    expect(resultOf({ operations: 0, anomalies: [anomaly], anomaliesOmitted: 4, reasons: [] })).toEqual({
      verdict: "invalid",
      anomalies: [anomaly],
      stats: { operations: 0, anomaliesOmitted: 4 },
    });
  });
});

test("mergeVerdicts: invalid over unknown over valid, nothing is unknown", () => {
  expect(mergeVerdicts(["valid", "unknown", "invalid"])).toBe("invalid");
  expect(mergeVerdicts(["unknown", "valid"])).toBe("unknown");
  expect(mergeVerdicts(["valid"])).toBe("valid");
  expect(mergeVerdicts([])).toBe("unknown");
});

describe("AnomalyList", () => {
  test("keeps the first of each type in history order, whatever the order of finding", () => {
    const rows = historyOf(Array.from({ length: 500 }, () => "c1 read x => ok 1").join("\n"));
    const list = new AnomalyList(2);
    for (let row = 999; row >= 0; row--) {
      list.add({ type: row % 2 === 0 ? "even" : "odd", key: 0, rows: [row], proof: () => `row ${row}` });
    }
    expect(list.count).toBe(1000);
    const { anomalies, anomaliesOmitted } = list.report(rows);
    expect(anomalies.map(({ type, proof }) => `${type}: ${proof}`)).toEqual([
      "even: row 0",
      "odd: row 1",
      "even: row 2",
      "odd: row 3",
    ]);
    expect(anomaliesOmitted).toBe(996);
  });
});

describe("the registry", () => {
  test("knows every checker by name", () => {
    expect(checkerNames).toEqual([
      "activity",
      "availability",
      "balanced-holdings",
      "bank",
      "bounded-staleness",
      "cache-staleness",
      "causal",
      "conservation",
      "counter",
      "definite-answers",
      "delivery",
      "durability",
      "event-streams",
      "linearizability",
      "list-append",
      "lock-safety",
      "long-fork",
      "monotonic-reads",
      "monotonic-writes",
      "optimistic-lock",
      "outgoing-calls",
      "projection",
      "read-atomic",
      "read-committed",
      "read-your-writes",
      "rw-register",
      "saga-atomicity",
      "set",
      "visible-dependencies",
      "writes-follow-reads",
    ]);
    for (const name of checkerNames) expect(checkerByName(name)?.name).toBe(name);
    expect(checkerByName("toString")).toBeUndefined();
  });

  test("maps names, and refuses those that a checker does not read", () => {
    const mapped = checkerByName("durability", { functions: { write: "put" } });
    expect(mapped?.check(historyOf("c1 put x 1 => ok\nc1 final read x => ok 2")).verdict).toBe("invalid");
    expect(() => checkerByName("durability", { functions: { put: "write" } })).toThrow(
      'checker durability reads no function "put"; it reads: read, create, update, delete, write, cas, add',
    );
    expect(() => checkerByName("activity", { fields: { version: "v" } })).toThrow("it reads: none");
  });
});
