import { describe, expect, test } from "vitest";
import type { CheckResult } from "../../../../checkers/checker.ts";
import { checkerByName } from "../../../../checkers/registry.ts";
import { listAppend } from "../../../../checkers/transactions/list-append.checker.ts";
import { buildHistory } from "../../../support/build-history.ts";
import { transactionHistory } from "../../../support/transaction-text.ts";

function check(text: string, isolation?: string): CheckResult {
  return listAppend(isolation === undefined ? {} : { isolation }).check(transactionHistory(text));
}

function found(text: string, isolation?: string): readonly (readonly [string, readonly number[], string])[] {
  return check(text, isolation).anomalies.map(({ type, operations, proof }) => [type, operations, proof]);
}

function types(text: string, isolation?: string): unknown {
  return check(text, isolation).stats.details?.anomalyTypes;
}

describe("listAppend finds", () => {
  test("a read of what an aborted transaction appended (G1a)", () => {
    expect(found("fail ax1\nok rx[1]")).toEqual([
      ["G1a", [1, 3], "operation 3 read x = [1], in which 1 was appended by operation 1, which failed"],
    ]);
  });

  test("a read of an intermediate state (G1b)", () => {
    expect(found("ok ax1 ax2\nok rx[1]\nok rx[1,2]", "read-committed")).toEqual([
      [
        "G1b",
        [1, 3],
        "operation 3 read x = [1], but operation 1 appended more to x after 1: this was never the state after a transaction",
      ],
    ]);
  });

  test("what nobody appended", () => {
    expect(found("ok rx[7]")).toEqual([
      ["garbage-read", [1], "operation 1 read x = [7], but nobody appended 7 to x"],
    ]);
  });

  test("a transaction that does not see its own past (internal)", () => {
    expect(found("ok ax1 rx[]")).toEqual([
      [
        "internal",
        [1],
        "operation 1 read x = [], but after what it had itself done before in the same transaction it must have " +
          "seen a list that ends with [1]",
      ],
    ]);
    expect(types("ok ax1\nok rx[1] ax2 rx[1]\nok rx[1,2]")).toContain("internal");
    expect(types("ok rx[] rx[1]\nok ax1")).toContain("internal");
    expect(types("ok ax1\nok rx[1] ax2 rx[1,2]\nok rx[1,2]")).toEqual([]);
  });

  test("a transaction that sees its own future", () => {
    expect(found("ok rx[1] ax1")).toEqual([
      ["future-read", [1], "operation 1 read x = [1] and only then itself appended 1 to x"],
    ]);
  });

  test("what was appended behind what did not happen (dirty update)", () => {
    expect(types("fail ax1\nok ax2\nok rx[1,2]")).toEqual(["G1a", "dirty-update"]);
    expect(found("fail ax1\nok ax2\nok rx[1,2]", "read-committed")).toContainEqual([
      "dirty-update",
      [1, 3, 5],
      "operation 3 appended 2 to x behind 1, as operation 5 read x = [1,2], and operation 1, which had appended that, " +
        "failed: what did not happen is part of what was committed",
    ]);
    expect(types("fail ax1\ninfo ax2\nok ax3\nok rx[1,2,3]")).toContain("dirty-update");
  });

  test("two that read one state and both appended to it (lost update)", () => {
    const text = "ok ax1\nc1 > rx[1] ax2\nc2 > rx[1] ax3\nc1 < ok\nc2 < ok\nok rx[1,2,3]";
    expect(types(text)).toEqual(["G-single-item", "lost-update"]);
    expect(found(text).map(([type, operations]) => [type, operations])).toContainEqual([
      "lost-update",
      [4, 5],
    ]);
    expect(check(text).stats.details).toMatchObject({ violated: ["cursor-stability", "update-atomic"] });
  });

  test("one transaction that appends twice to what it read, which is no lost update", () => {
    expect(check("ok rx[] ax1 ax2\nok rx[1,2]").verdict).toBe("valid");
  });

  test("an element that is twice in a list", () => {
    expect(types("ok ax1\nok ax2\nok rx[1,2,1]")).toContain("duplicate-elements");
  });

  test("lists that contradict each other", () => {
    expect(found("ok ax1\nok ax2\nok rx[1]\nok rx[2,1]", "read-committed")).toEqual([
      [
        "incompatible-order",
        [5, 7],
        "operation 5 read x = [1], and operation 7 read x = [2,1]: neither is the beginning of the other, so no " +
          "one order of the appends explains both",
      ],
    ]);
  });

  test("a cycle of writes (G0), told in words", () => {
    expect(found("ok ax1 ay1\nok ax2 ay2\nok rx[1,2] ry[2,1]", "read-uncommitted")).toEqual([
      [
        "G0",
        [1, 3, 5],
        "T1 = operation 1, T2 = operation 3. T1 comes before T2: T2 appended 2 to x after T1 had appended 1, as " +
          "operation 5 read x = [1,2]. But T2 comes before T1: T1 appended 1 to y after T2 had appended 2, as " +
          "operation 5 read y = [2,1]: a contradiction",
      ],
    ]);
  });

  test("a cycle of writes with the first reads that show their order, not with later ones", () => {
    const text = "ok ax1 ay1\nok ax2 ay2\nok rx[1]\nok ry[2]\nok rx[1,2] ry[2,1]";
    expect(found(text, "read-uncommitted")[0]![1]).toEqual([1, 3, 9]);
    // What nobody read is after what was read, by whichever read shows that.
    expect(found("ok ax1 ay1\nok ax2 ay2\nok rx[1]\nok ry[2]\nok rx[1]", "read-uncommitted")).toEqual([
      [
        "G0",
        [1, 3, 5, 7],
        "T1 = operation 1, T2 = operation 3. T1 comes before T2: T2 appended 2 to x after T1 had appended 1, as " +
          "operation 5 read x = [1], and no read shows 2, so it came after all that was read. But T2 comes before T1: " +
          "T1 appended 1 to y after T2 had appended 2, as operation 7 read y = [2], and no read shows 1, so it came " +
          "after all that was read: a contradiction",
      ],
    ]);
  });

  test("a cycle through a transaction of unknown outcome, with the read that shows that it happened", () => {
    expect(found("info ax1 ay1\nok rx[1] ry[]\nok ry[1]", "serializable")).toEqual([
      [
        "G-single-item",
        [1, 3],
        "T1 = operation 1, T2 = operation 3. T1 comes before T2: T2 read x = [1], whose 1 was appended by T1. But T2 " +
          "comes before T1: T2 read y = [], and T1 appended 1 only after that state: a contradiction. The outcome of T1 " +
          "is unknown, but T2 read x = [1], with its 1",
      ],
    ]);
    expect(found("info ax1 ay2\nok ax2 ay1\nok rx[1,2] ry[1,2]", "read-committed")).toEqual([
      [
        "G1c",
        [1, 3, 5],
        "T1 = operation 1, T2 = operation 3. T1 comes before T2: T2 appended 2 to x after T1 had appended 1, as " +
          "operation 5 read x = [1,2]. But T2 comes before T1: T1 appended 2 to y after T2 had appended 1, as operation " +
          "5 read y = [1,2]: a contradiction. The outcome of T1 is unknown, but operation 5 read x = [1,2], with its 1",
      ],
    ]);
  });

  test("circular information flow (G1c)", () => {
    expect(found("ok ax1 ry[1]\nok ay1 rx[1]", "read-committed")).toEqual([
      [
        "G1c",
        [1, 3],
        "T1 = operation 1, T2 = operation 3. T1 comes before T2: T2 read x = [1], whose 1 was appended by T1. But " +
          "T2 comes before T1: T1 read y = [1], whose 1 was appended by T2: a contradiction",
      ],
    ]);
  });

  test("read skew (G-single), long fork (G-nonadjacent) and write skew (G2-item), each by its levels", () => {
    const skew = "ok ax1 ay1\nok rx[1] ry[]";
    expect(types(skew, "serializable")).toEqual(["G-single-item"]);
    expect(check(skew, "read-committed").verdict).toBe("valid");
    expect(check(skew, "serializable").stats.details).toMatchObject({
      violated: ["consistent-view", "repeatable-read"],
      strongest: ["read-committed"],
    });
    const fork = "ok ax1\nok ay1\nok rx[1] ry[]\nok rx[] ry[1]";
    expect(types(fork, "serializable")).toEqual(["G-nonadjacent-item"]);
    expect(check(fork, "serializable").stats.details).toMatchObject({
      violated: ["repeatable-read", "snapshot-isolation"],
      strongest: ["consistent-view"],
    });
    const write = "ok rx[] ay1\nok ry[] ax1";
    expect(types(write, "serializable")).toEqual(["G2-item"]);
    expect(check(write, "snapshot-isolation").verdict).toBe("valid");
    expect(check(write, "serializable").stats.details).toMatchObject({ strongest: ["snapshot-isolation"] });
  });

  test("a session that does not see its own write, and time that is not kept", () => {
    const own = "c1 ok ax1\nc1 ok rx[]\nok rx[1]";
    expect(types(own, "serializable")).toEqual([]);
    expect(found(own, "strong-session-serializable")).toEqual([
      [
        "G-single-item-process",
        [1, 3],
        "T1 = operation 1, T2 = operation 3. T1 comes before T2: T1 had ended before T2 began in the same session. " +
          "But T2 comes before T1: T2 read x = [], and T1 appended 1 only after that state: a contradiction",
      ],
    ]);
    const other = "c1 ok ax1\nc2 ok rx[]\nok rx[1]";
    expect(types(other, "strong-session-serializable")).toEqual([]);
    expect(check(other, "strong-session-serializable").stats.details).toMatchObject({
      strongest: ["strong-session-serializable"],
    });
    expect(types(other)).toEqual(["G-single-item-realtime"]);
    expect(check(other).stats.details).toMatchObject({
      violated: ["strong-snapshot-isolation"],
      strongest: ["strong-read-committed", "strong-session-serializable"],
    });
  });

  test("that the session is to blame where the order of time is demanded", () => {
    const result = check("c1 ok ax1\nc1 ok rx[]\nok rx[1]");
    expect(result.stats.details).toMatchObject({ violated: ["strong-session-snapshot-isolation"] });
    expect(types("c1 ok ax1\nc1 ok rx[]\nok rx[1]")).toEqual([
      "G-single-item-process",
      "G-single-item-realtime",
    ]);
  });
});

describe("listAppend takes a transaction of unknown outcome", () => {
  test("for one that happened where its append was read", () => {
    expect(types("info ax1 ay1\nok rx[1] ry[]\nok ry[1]", "serializable")).toEqual(["G-single-item"]);
  });

  test("for one that may not have happened where nothing was read", () => {
    expect(check("info ax1\nok ax2\nok rx[2]\nok rx[2]").verdict).toBe("valid");
    expect(check("ok ax2\nc1 > ax1\nok rx[2]\nok rx[2]").verdict).toBe("valid");
  });

  test("for one that had not ended before the next of its session", () => {
    expect(check("c1 info ax1\nc1 ok rx[]\nok rx[1]").verdict).toBe("valid");
  });

  test("for no proof that read uncommitted is broken", () => {
    const text = "ok ax1 ay1\ninfo ax2 ay2\nok rx[1,2]\nok ry[2,1]";
    expect(check(text, "read-uncommitted").verdict).toBe("valid");
    expect(types(text, "read-committed")).toEqual(["G1c"]);
  });
});

describe("listAppend cannot decide", () => {
  test("where no transaction depends on another one", () => {
    const result = check("ok ax1", "serializable");
    expect(result.verdict).toBe("unknown");
    expect(result.stats.details?.anomalyTypes).toEqual(["empty-transaction-graph"]);
  });

  test("where one element was appended twice to a key", () => {
    const result = check("ok ax1\nok ax1\nok rx[1]");
    expect(result).toMatchObject({
      verdict: "unknown",
      reason: "operations 0 and 2 appended the same element to x, so nobody can tell whose was read",
    });
    expect(result.stats.details).not.toHaveProperty("strongest");
  });

  test("what is no transaction, and a history without any", () => {
    const events = transactionHistory("").length;
    expect(events).toBe(0);
    expect(check("").verdict).toBe("unknown");
    const value = [["put", "x", 1]];
    const event = { process: 0, f: "txn", value, time: 0 } as const;
    const history = buildHistory([
      { ...event, index: 0, type: "invoke" },
      { ...event, index: 1, type: "ok" },
    ]);
    expect(listAppend().check(history)).toMatchObject({
      verdict: "unknown",
      reason: 'operation 0 cannot be read: its micro-operation 0 is no "r" and no "append"',
    });
  });

  test("when the budget is used up, but says what it found before", () => {
    const history = transactionHistory("fail ax1\nok rx[1]\nok ax2 ay1\nok ry[1] ax3\nok rx[1,2,3]");
    let calls = 0;
    const budget = { exceeded: () => (++calls > 1 ? "out of time" : null) };
    const result = listAppend().check(history, budget);
    expect(result.verdict).toBe("invalid");
    expect(listAppend().check(history, { exceeded: () => "out of time" })).toMatchObject({
      verdict: "unknown",
      reason: "stopped: out of time",
    });
  });
});

describe("listAppend", () => {
  test("refuses what it does not know, with what it knows", () => {
    expect(() => listAppend({ isolation: "serialisable" })).toThrow(
      /expected the name of an isolation level, found "serialisable"; known: read-uncommitted, .*strict-serializable/,
    );
    expect(() => listAppend({ anomalies: ["G9"] })).toThrow(/found "G9"; known: .*G-single-item/);
    expect(() => listAppend({ maxAnomalies: 0 })).toThrow(RangeError);
    expect(() => checkerByName("list-append", { isolation: "none" })).toThrow(RangeError);
  });

  test("takes other names of levels, several levels, and other keys and elements than numbers", () => {
    expect(check("ok rx[] ay1\nok ry[] ax1", "PL-SI").verdict).toBe("valid");
    expect(listAppend({ isolation: ["read-committed", "PL-3"] }).claim).toContain(
      "read-committed and serializable",
    );
    const operations = [
      [
        ["append", ["a", 1], "one"],
        ["append", ["a", 1], { two: 2 }],
      ],
      [
        ["r", ["a", 1], ["one", { two: 2 }]],
        ["append", "1", 2 ** 40],
      ],
      [
        ["r", 1, null],
        ["r", "1", [2 ** 40]],
      ],
    ];
    const events = operations.flatMap((value, at) => [
      { index: 2 * at, time: at, process: at, type: "invoke" as const, f: "txn", value },
      { index: 2 * at + 1, time: at, process: at, type: "ok" as const, f: "txn", value },
    ]);
    expect(listAppend().check(buildHistory(events))).toMatchObject({ verdict: "valid" });
  });

  test("survives one cycle through a hundred thousand transactions", () => {
    const count = 100_000;
    const events = Array.from({ length: count }, (_, at) => {
      const value = [
        ["append", at, 1],
        ["r", (at + 1) % count, [1]],
      ];
      const common = { time: at, process: at, f: "txn", value } as const;
      return [
        { ...common, index: 2 * at, type: "invoke" as const },
        { ...common, index: 2 * at + 1, type: "ok" as const },
      ];
    });
    const result = listAppend({ isolation: "serializable" }).check(buildHistory(events.flat()));
    expect(result.stats.details).toMatchObject({ anomalyTypes: ["G1c"] });
    expect(result.anomalies[0]?.operations.length).toBe(count);
    expect(result.anomalies[0]?.proof.length).toBeLessThan(3000);
  });
});
