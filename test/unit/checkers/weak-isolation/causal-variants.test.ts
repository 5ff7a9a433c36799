import { describe, expect, test } from "vitest";
import type { CheckBudget } from "../../../../checkers/check-budget.ts";
import { checkerByName } from "../../../../checkers/registry.ts";
import { causal } from "../../../../checkers/weak-isolation/causal.checker.ts";
import { readAtomic } from "../../../../checkers/weak-isolation/read-atomic.checker.ts";
import { readCommitted } from "../../../../checkers/weak-isolation/read-committed.checker.ts";
import { transactionHistory } from "../../../support/transaction-text.ts";

const kinds = ["cc", "cm", "ccv"].map((isolation) => causal({ isolation }));

/** Sessions of single operations: `c1: wx1 rx2`, one a line, one after the other. */
function sessions(text: string): ReturnType<typeof transactionHistory> {
  const lines = text.split("\n").flatMap((line) => {
    const [client, list] = line.trim().split(": ");
    return list!.split(" ").map((one) => `${client} ok ${one}`);
  });
  return transactionHistory(lines.join("\n"));
}

const ownOrders = "c1: wx1 rx2\nc2: wx2 rx1";
const both = "causal-memory and causal-convergence";

describe("which kinds of causal consistency hold", () => {
  test.each([
    ["one order for all", "c1: wx1\nc2: rx1 wx2\nc1: rx2", both],
    ["each session explains itself, in another order", ownOrders, "causal-memory"],
    [
      "one order for all, but not what a session saw on its way",
      "c1: wz1 wx1 wy1\nc2: wx2 rz_ ry1 rx2",
      "causal-convergence",
    ],
    ["each read by itself", "c1: wx1 rx2 rx1\nc2: wx2", "causal-consistency"],
    ["an effect without its cause", "c1: wx1\nc2: rx1 wy1\nc3: ry1 rx_", "none"],
    ["older than what the cause overwrote", "c1: wx1 wx2\nc2: rx2 wy1\nc3: ry1 rx1", "none"],
    ["a value that nobody wrote", "c1: wx1\nc2: rx7", "none"],
    ["what is read before it is written", "c1: rx2 wy1\nc2: ry1 wx2", "none"],
  ])("%s", (_, text, strongest) => {
    const history = sessions(text);
    const found = kinds.map((checker) => checker.check(history));
    for (const { stats } of found) {
      const names = stats.details?.strongestCausal as string[];
      expect(names.join(" and ") || "none").toBe(strongest);
      expect(stats.details).not.toHaveProperty("undecided");
    }
    const holds = [strongest !== "none", strongest.includes("memory"), strongest.includes("convergence")];
    expect(found.map(({ verdict }) => verdict === "valid")).toEqual(holds);
  });

  test("a transaction sees one state, also where the next one may see another", () => {
    const history = transactionHistory("c1 ok wx1 wy1\nc2 ok wx2 wy2\nc3 ok rx1 ry2");
    expect(kinds.map((checker) => checker.check(history).anomalies.map(({ type }) => type))).toEqual([
      ["fractured-read"],
      ["fractured-read"],
      ["fractured-read"],
    ]);
    const twice = transactionHistory("c1 ok wx1\nc2 ok wx2\nc3 ok rx1 rx2");
    for (const checker of kinds) {
      expect(checker.check(twice).anomalies).toMatchObject([{ type: "non-repeatable-read" }]);
    }
  });

  test("what nobody asked for is left undecided in a history of many sessions", () => {
    const lines = Array.from({ length: 3200 }, (_, at) => `ok wx${at + 1}`);
    const details = causal().check(transactionHistory(`${lines.join("\n")}\nok rx1`)).stats.details;
    expect(details).toMatchObject({ strongestCausal: ["causal-convergence"], undecided: ["causal-memory"] });
  });
});

describe("a session without an explanation", () => {
  test("is named, with what its reads demand", () => {
    const result = causal({ isolation: "cm" }).check(sessions("c1: wx1 rx2 rx1\nc2: wx2"));
    expect(result.anomalies).toEqual([
      {
        type: "memory-order-cycle",
        operations: [3, 7, 1, 5],
        proof:
          "no order explains what client 0 read: T3 of client 0 (operation 3) read 2 of x from T7 of client 1 " +
          "(operation 7), although T1 of client 0 (operation 1) was done when client 0 began T3, and T1 wrote x too, " +
          "so T1 comes before T7; T5 of client 0 (operation 5) read 1 of x from T1, although T3 read 2 of x from T7, " +
          "T3 was done when client 0 began T5, and T7 wrote x too, so T7 comes before T1; " +
          "so each would have to come before itself",
      },
    ]);
    expect(result.stats.details).toMatchObject({ violated: ["causal-memory"] });
  });

  test("a demand that rests on another is told after it", () => {
    const result = causal({ isolation: "cm" }).check(sessions("c1: wz1 wx1 wy1\nc2: wx2 rz_ ry1 rx2"));
    expect(result.anomalies).toMatchObject([
      { type: "memory-initial-read", operations: [13, 7, 3, 5, 11, 9, 1] },
    ]);
    expect(result.anomalies[0]?.proof).toBe(
      "no order explains what client 1 read: T13 of client 1 (operation 13) read 2 of x from T7 of client 1 " +
        "(operation 7), although T3 of client 0 (operation 3) was done when client 0 began T5 of client 0 " +
        "(operation 5), T11 of client 1 (operation 11) read 1 of y from T5, T11 was done when client 1 began T13, " +
        "and T3 wrote x too, so T3 comes before T7; T9 of client 1 (operation 9) read nothing of z, which was " +
        "there before any write, although T1 of client 0 (operation 1) was done when client 0 began T3, " +
        "T3 comes before T7, T7 was done when client 1 began T9, and T1 wrote z",
    );
  });
});

describe("the budget", () => {
  const broken = "c1: wx1 wx2\nc2: rx2 wy1\nc3: ry1 rx1";
  const budgetOf = (questions: number): CheckBudget => {
    let left = questions;
    return { exceeded: (bytes, done) => (bytes > 0 && left-- > 0 ? null : `enough, at ${done}`) };
  };

  test.each([
    ["read-committed", readCommitted(), "stopped: enough, at 0"],
    ["read-atomic", readAtomic(), "stopped: enough, at 0"],
    ["causal-consistency", kinds[0]!, "stopped: enough, at 0"],
    ["causal-memory", kinds[1]!, "stopped: enough, at 0"],
    ["causal-convergence", kinds[2]!, "stopped: enough, at 0"],
  ])("is asked by %s", (_, checker, reason) => {
    expect(checker.check(sessions("c1: wx1\nc2: rx1"), budgetOf(0))).toMatchObject({
      verdict: "unknown",
      reason,
    });
  });

  test.each([
    ["causal-consistency", kinds[0]!],
    ["causal-memory", kinds[1]!],
  ])("says how far %s got, and what was found stays found", (_, checker) => {
    const good = "c1: wx1 wx2\nc2: rx2 wy1\nc3: ry1 rx2";
    expect(checker.check(sessions(good), budgetOf(2)).verdict).toBe("unknown");
    expect(checker.check(sessions(good), budgetOf(2))).toMatchObject({
      reason: `stopped: enough, at ${2 / 3}`,
    });
    expect(checker.check(sessions(`${broken}\nc4: wx4`), budgetOf(3)).verdict).toBe("invalid");
  });
});

describe("the kind that is demanded", () => {
  test.each(["cc", "CM", "CCv", "tcc", "causal-memory"])("%s", (isolation) => {
    expect(checkerByName("causal", { isolation })?.name).toBe("causal");
  });

  test("is convergence unless it is named", () => {
    expect(causal().check(sessions(ownOrders)).verdict).toBe("invalid");
    expect(causal({ isolation: "CM" }).check(sessions(ownOrders)).verdict).toBe("valid");
  });

  test("is one of the three", () => {
    expect(() => causal({ isolation: "serializable" })).toThrow(/known: causal-consistency, .*, ccv, tcc/);
  });
});
