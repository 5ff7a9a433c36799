import { describe, expect, test } from "vitest";
import type { CheckBudget } from "../../../checkers/check-budget.ts";
import type { Checker, CheckResult } from "../../../checkers/checker.ts";
import type { History } from "../../../checkers/history/history.ts";
import { HistoryBuilder } from "../../../checkers/history/history-builder.ts";
import type { Json } from "../../../checkers/history/operation.ts";
import { bank } from "../../../checkers/index.ts";
import { checkerByName, checkerNames } from "../../../checkers/registry.ts";
import { withinBudget } from "../../../checkers/within-budget.ts";

/** Calls of three clients that overlap: enough for every checker to ask more than once. */
const calls = 70_000;

function history(
  count: number,
  callOf: (call: number) => readonly [f: string, asked: Json, answered: Json],
): History {
  const builder = new HistoryBuilder();
  for (let call = 0; call < count; call++) {
    const [f, value, answered] = callOf(call);
    const common = { process: call % 3, f, key: `k${call % 50}`, time: call };
    const txn = f === "txn" ? { process: common.process, f, time: call } : common;
    builder.append({ ...txn, index: 2 * call, type: "invoke", value });
    builder.append({ ...txn, index: 2 * call + 1, type: "ok", value: answered });
  }
  return builder.build();
}

const registers = (count: number): History =>
  history(count, (call) => (call % 100 < 50 ? ["write", call, call] : ["read", null, call - 50]));
const appends = (count: number): History =>
  history(count, (call) => {
    const transaction = [["append", call % 5000, call]];
    return ["txn", transaction, transaction];
  });
const large = { registers: registers(calls), appends: appends(calls) };
/** A history of what the checker reads; a counter would find something in one of registers. */
const largeFor = (name: string): History =>
  name === "list-append" || name === "counter" ? large.appends : large.registers;

/** Over at the question of that number, counted from 1. */
function overAt(question: number): CheckBudget & { readonly shares: (number | undefined)[] } {
  const shares: (number | undefined)[] = [];
  return {
    shares,
    isTimed: true,
    exceeded(_bytes, done) {
      shares.push(done);
      return shares.length >= question ? "the budget of the test is used up" : null;
    },
  };
}

function created(name: string): Checker {
  const checker = checkerByName(name, name === "linearizability" ? { model: "register" } : {});
  if (checker === undefined) throw new Error(`no checker ${name}`);
  return checker;
}

describe.each(checkerNames)("%s", (name) => {
  test("is ended by a budget that is over at once, and says so", () => {
    const result: CheckResult = created(name).check(largeFor(name), overAt(1));
    expect([result.verdict, result.anomalies]).toEqual(["unknown", []]);
    expect(result.verdict === "unknown" ? result.reason : "").toContain("the budget of the test is used up");
  });

  test("asks more than once, with a share that is one, and answers the same under a budget that lasts", () => {
    const budget = overAt(Number.POSITIVE_INFINITY);
    const small = name === "list-append" ? appends(300) : registers(300);
    expect(created(name).check(small, budget)).toEqual(created(name).check(small));
    const { shares } = budget;
    const again = overAt(2);
    const result = created(name).check(largeFor(name), again);
    expect(again.shares.length).toBeGreaterThanOrEqual(2);
    expect(result.verdict === "unknown" ? result.reason : result.verdict).toContain(
      "the budget of the test is used up",
    );
    for (const share of [...shares, ...again.shares]) {
      if (share !== undefined) expect(share >= 0 && share <= 1).toBe(true);
    }
  });
});

describe("a check that ends early", () => {
  const sums = (broken: number): History =>
    history(calls, (call) => ["read", null, { a: 1, b: call === broken ? 2 : 1 }]);

  test("is invalid where it had found something, and says how far it got where not", () => {
    expect(bank({ total: 2 }).check(sums(10), overAt(2))).toMatchObject({
      verdict: "invalid",
      anomalies: [{ type: "total-changed", operations: [21] }],
    });
    const result = bank({ total: 2 }).check(sums(calls - 1), overAt(3));
    expect(result).toMatchObject({
      verdict: "unknown",
      reason:
        "stopped: the budget of the test is used up; 131072 of 140000 rows of the first pass were looked at",
    });
    expect(bank({ total: 2 }).check(sums(calls - 1)).verdict).toBe("invalid");
  });

  test("of which a checker fails by itself is not taken for one", () => {
    const broken = (): never => {
      throw new RangeError("by itself");
    };
    expect(() => withinBudget(sums(0), overAt(1), broken)).toThrow("by itself");
  });
});
