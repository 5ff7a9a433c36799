import { describe, expect, test } from "vitest";
import type { CheckResult } from "../../../../checkers/checker.ts";
import { checkerByName } from "../../../../checkers/registry.ts";
import { type RwRegisterOptions, rwRegister } from "../../../../checkers/transactions/rw-register.checker.ts";
import { historyOf } from "../../../support/history-text.ts";
import { transactionHistory } from "../../../support/transaction-text.ts";

function check(text: string, options: RwRegisterOptions = {}): CheckResult {
  return rwRegister(options).check(transactionHistory(text));
}

function types(text: string, options: RwRegisterOptions = {}): unknown {
  return check(text, options).stats.details?.anomalyTypes;
}

function proofs(text: string, options: RwRegisterOptions = {}): readonly string[] {
  return check(text, options).anomalies.map(({ proof }) => proof);
}

describe("rwRegister finds", () => {
  test("a read of what an aborted transaction wrote (G1a)", () => {
    expect(proofs("fail wx1\nok rx1")).toEqual([
      "operation 3 read x = 1, which was written by operation 1, which failed",
    ]);
  });

  test("a read of an intermediate state (G1b)", () => {
    expect(types("ok wx1 wx2\nok rx1")).toEqual(["G1b"]);
  });

  test("a value that nobody wrote, where the key was nil at first", () => {
    expect(types("ok rx_\nok rx9", { isolation: "read-committed" })).toEqual([
      "empty-transaction-graph",
      "garbage-read",
    ]);
    expect(check("ok rx9\nok ry8", { isolation: "serializable" }).verdict).toBe("unknown");
  });

  test("transactions that contradict themselves", () => {
    expect(types("ok wx1 rx_")).toContain("internal");
    expect(types("ok rx1 wx1")).toContain("future-read");
    expect(types("ok wx1 rx1\nok rx1")).toEqual([]);
  });

  test("a lost update, although the order of the two values is not known", () => {
    expect(
      types("ok wx1\nc1 > rx1 wx2\nc2 > rx1 wx3\nc1 < ok\nc2 < ok", { isolation: "cursor-stability" }),
    ).toEqual(["lost-update"]);
  });

  test("circular information flow, told in words", () => {
    expect(proofs("ok wx1 ry1\nok wy1 rx1", { isolation: "read-committed" })).toEqual([
      "T1 = operation 1, T2 = operation 3. T1 comes before T2: T2 read x = 1, which T1 wrote. But T2 comes before " +
        "T1: T1 read y = 1, which T2 wrote: a contradiction",
    ]);
  });

  test("a cycle through a transaction of unknown outcome, with the read that shows that it happened", () => {
    const { anomalies } = check("info wx1 wy1\nok rx1 ry_", { isolation: "serializable" });
    expect(anomalies[0]).toMatchObject({
      operations: [1, 3],
      proof:
        "T1 = operation 1, T2 = operation 3. T1 comes before T2: T2 read x = 1, which T1 wrote. But T2 comes before T1: T2 " +
        "read y = null, and T1 wrote 1, which came later: y was that before all writes: a contradiction. The outcome of " +
        "T1 is unknown, but T2 read x = 1, which it wrote",
    });
  });

  test("read skew, by what was there before all writes", () => {
    expect(proofs("ok wx1 wy1\nok rx1 ry_", { isolation: "serializable" })).toEqual([
      "T1 = operation 1, T2 = operation 3. T1 comes before T2: T2 read x = 1, which T1 wrote. But T2 comes before " +
        "T1: T2 read y = null, and T1 wrote 1, which came later: y was that before all writes: a contradiction",
    ]);
  });

  test("read skew, by a transaction that wrote over what it had read", () => {
    const text = "ok wx1 wy1\nok ry1 wx2 wy2\nok rx2 ry1";
    expect(types(text, { isolation: "serializable" })).toEqual(["G-single-item"]);
    expect(types(text, { isolation: "serializable", wfrKeys: false })).toEqual([
      "no-serial-order",
      "no-snapshot-order",
    ]);
    expect(types(text, { isolation: "read-uncommitted" })).toEqual([]);
  });

  test("write skew, where the order of versions is assumed", () => {
    const text = "ok wx1 wy1\nc1 > rx1 wy2\nc2 > ry1 wx2\nc1 < ok\nc2 < ok";
    expect(types(text, { isolation: "serializable" })).toEqual(["no-serial-order"]);
    expect(types(text, { isolation: "serializable", linearizableKeys: true })).toEqual(["G2-item"]);
  });

  test("a cycle of writes by the order that sessions saw", () => {
    const text = "c1 > wx1 wy2\nc2 > wx2 wy1\nc1 < ok\nc2 < ok\nc1 ok rx2\nc2 ok ry2";
    expect(types(text, { isolation: "read-uncommitted" })).toEqual([]);
    expect(types(text, { isolation: "read-uncommitted", sequentialKeys: true })).toEqual(["G0"]);
    const { anomalies } = check(text, { isolation: "read-uncommitted", sequentialKeys: true });
    // The reads that show the order are part of the witness.
    expect(anomalies[0]).toMatchObject({
      operations: [2, 3, 5, 7],
      proof:
        "T1 = operation 2, T2 = operation 3. T1 comes before T2: T1 wrote x = 1, and T2 wrote 2, which came later: T1 " +
        "wrote x = 1 and had ended before operation 5, which read x = 2, began in the same session. But T2 comes before " +
        "T1: T2 wrote y = 1, and T1 wrote 2, which came later: T2 wrote y = 1 and had ended before operation 7, which " +
        "read y = 2, began in the same session: a contradiction",
    });
  });

  test("assumptions that contradict what was seen (cyclic versions)", () => {
    expect(
      proofs("c1 ok wx1\nc1 ok wx2\nc1 ok rx1", { isolation: "read-uncommitted", sequentialKeys: true }),
    ).toEqual([
      "by what was assumed of the order of the values of x, x = 1 came before x = 2 came before x = 1 again: " +
        "operation 1 wrote x = 1 and had ended before operation 3, which wrote x = 2, began in the same session; operation " +
        "3 wrote x = 2 and had ended before operation 5, which read x = 1, began in the same session",
    ]);
  });

  test("a stale read by a later one of the same session", () => {
    expect(types("c1 ok wx1\nc1 ok rx_", { isolation: "strong-session-snapshot-isolation" })).toEqual([
      "G-single-item-process",
    ]);
  });
});

describe("rwRegister proves that there is no order", () => {
  test("by what follows without a choice", () => {
    const text = "ok wx1 wy1\nc1 > rx1 wy2\nc2 > ry1 wx2\nc1 < ok\nc2 < ok\nok wz1\nok rz1";
    expect(proofs(text, { isolation: "serializable" })).toEqual([
      "T1 = operation 1, T2 = operation 4, T3 = operation 5: for these alone there is no serial order that explains what " +
        "they read of each other. T2 comes before T3: T2 read x = 1 of T1, and T3 wrote x = 2 after that; the other way " +
        "round is not possible, for T1 comes before T3 (T3 read y = 1, which T1 wrote). T2 comes before T1: T3 read " +
        "y = 1 of T1, and T2 wrote y = 2 before that read, so before T1 wrote; the other way round is not possible, for " +
        "T2 comes before T3 (as shown). So T2 comes before T1 (as shown), T1 comes before T2 (T2 read x = 1, which T1 " +
        "wrote): a cycle.",
    ]);
  });

  test("by cases, each of which ends in a cycle", () => {
    const text = `
      ok wx1
      ok wx2
      ok wy1
      ok wy2
      ok rx1 ry2
      ok rx2 ry1
      ok rx1 ry1
      ok rx2 ry2`;
    const [proof = ""] = proofs(text, { isolation: "serializable" });
    expect(proof).toContain(
      "Case 1: suppose that T5 comes before T2 (T5 read x = 1 of T1, and T2 wrote x = 2 after that).",
    );
    expect(proof).toContain(
      "Case 2, the only other one: suppose that T2 comes before T1 (T5 read x = 1 of T1",
    );
    expect(proof.split(": a cycle.")).toHaveLength(3);
  });

  test("of snapshots and commits, and of the order of time", () => {
    const text = "ok wx1\nok wx2\nok rx1 wz1";
    expect(proofs(text, { isolation: "strong-snapshot-isolation" })).toEqual([
      "T1 = operation 1, T2 = operation 3, T3 = operation 5: for these alone there is no order of snapshots and commits " +
        "that explains what they read of each other. The commit of T2 comes before the snapshot of T1: T3 read x = 1 " +
        "of T1, and T2 wrote x = 2 before that read, so before T1 wrote; the other way round is not possible, for the " +
        "commit of T2 comes before the snapshot of T3 (T2 had ended before T3 began). So the commit of T2 comes before " +
        "the snapshot of T1 (as shown), the commit of T1 comes before the snapshot of T2 (T1 had ended before T2 " +
        "began): a cycle.",
    ]);
  });

  test("unless its budget ends before", () => {
    const asked: number[] = [];
    const exceeded = (memoryBytes: number): string | null => {
      asked.push(memoryBytes);
      return asked.length > 2 ? "enough" : null;
    };
    const history = transactionHistory("ok wx1\nok wx2\nok rx1\nok rx2");
    expect(rwRegister({ isolation: "serializable" }).check(history, { exceeded })).toMatchObject({
      verdict: "unknown",
      reason:
        "nothing broken was seen, but the search for a serial order that explains all reads ended: enough, after 0 " +
        "choices and 0 contradictions",
    });
  });

  test("in larger histories only where that is asked for, or where time is limited", () => {
    const history = transactionHistory("ok wx1 wy1\nc1 > rx1 wy2\nc2 > ry1 wx2\nc1 < ok\nc2 < ok");
    const checker = rwRegister({ isolation: "serializable", searchedTransactions: 2 });
    expect(checker.check(history).verdict).toBe("valid");
    const whole = rwRegister({ isolation: "serializable" });
    expect(whole.check(history, { isTimed: true, exceeded: () => null }).verdict).toBe("invalid");
  });
});

describe("rwRegister", () => {
  test("reads plain reads, writes and compare-and-sets as transactions", () => {
    const history = historyOf(`
      c1 write x 1 => ok
      c2 cas x [1,2] => ok
      c3 read x => ok 1
    `);
    expect(rwRegister().check(history).stats.details).toMatchObject({
      anomalyTypes: ["G-single-item-realtime"],
      strongest: ["strong-read-committed", "strong-session-serializable"],
    });
  });

  test("does not decide where one value was written twice to a key", () => {
    expect(check("ok wx1\nok wx1\nok rx1")).toMatchObject({
      verdict: "unknown",
      reason: "operations 0 and 2 wrote the same value to x, so nobody can tell whose was read",
    });
  });

  test("concludes nothing from what may not have happened", () => {
    expect(check("info wx1 wy1\nok rx_ ry_\nok rx_").verdict).not.toBe("invalid");
    expect(types("info wx1 wy1\nok rx1 ry_", { isolation: "serializable" })).toEqual(["G-single-item"]);
  });

  test("can be asked for by name, with a level", () => {
    const checker = checkerByName("rw-register", {
      isolation: "read-committed",
      functions: { txn: "transaction" },
    });
    expect(checker?.claim).toBe(
      "transactions that write registers and read them have read-committed isolation",
    );
    expect(() => checkerByName("rw-register", { isolation: "ACID" })).toThrow(RangeError);
  });
});

describe("a level that dependencies decide only in part", () => {
  const half = "ok wx1 wy1\nok rx1 ry_";

  test("is not said to hold where something was seen that may break it", () => {
    expect(check(half, { isolation: "read-atomic" })).toMatchObject({
      verdict: "unknown",
      reason: "G-single-item was seen, and it is not decided whether that breaks read-atomic isolation here",
      stats: { details: { anomalyTypes: [], violated: ["consistent-view", "repeatable-read"] } },
    });
    const demanded = ["read-committed", "update-atomic", "prefix"];
    expect(check(half, { isolation: demanded })).toMatchObject({
      verdict: "unknown",
      reason: expect.stringContaining("update-atomic and prefix isolation"),
    });
  });

  test("holds where a stronger one does, and is broken by what it forbids", () => {
    expect(check("ok wx1 wy1\nok rx1 ry1", { isolation: "read-atomic" }).verdict).toBe("valid");
    const skew = "c1 > rx_ wy1\nc2 > ry_ wx1\nc1 < ok\nc2 < ok";
    expect(check(skew, { isolation: "prefix" }).verdict).toBe("valid");
    expect(types(`${half}\nok wz1 rz_`, { isolation: "read-atomic" })).toEqual(["internal"]);
  });

  test.each(["1SR", "view-serializable", "session-serializable"])(
    "%s is what no serial order breaks",
    (isolation) => {
      expect(check("ok rx_ wy1\nok ry_ wx1", { isolation }).verdict).toBe("invalid");
      expect(check("ok wx1 wy1\nok rx1 ry1", { isolation }).verdict).toBe("valid");
    },
  );
});
