import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Checker } from "../../../../checkers/checker.ts";
import { createFormatReader } from "../../../../checkers/formats/create-format-reader.ts";
import type { History } from "../../../../checkers/history/history.ts";
import { HistoryBuilder } from "../../../../checkers/history/history-builder.ts";
import type { Json } from "../../../../checkers/history/operation.ts";
import { checkerByName } from "../../../../checkers/registry.ts";
import { causal } from "../../../../checkers/weak-isolation/causal.checker.ts";
import { readAtomic } from "../../../../checkers/weak-isolation/read-atomic.checker.ts";
import { readCommitted } from "../../../../checkers/weak-isolation/read-committed.checker.ts";
import { historyOf } from "../../../support/history-text.ts";

const all: readonly Checker[] = [readCommitted(), readAtomic(), causal()];

/**
 * A history from lines such as `c1: w x 1, r y 2` (`!` at the end: aborted, `?`: unknown outcome), one
 * transaction after the other. Operations 1, 3, 5, … are the completions.
 */
function transactions(text: string): History {
  const lines = text.split("\n").map((line) => line.trim());
  const written = lines.filter((line) => line !== "").map(lineOf);
  return historyOf(written.join("\n"));
}

function lineOf(line: string): string {
  const [, client, list, how] = /^(c\d+): ([^!?]*)([!?]?)$/.exec(line)!;
  const done = list!.split(",").map((one): Json => {
    const [name, key, value] = one.trim().split(" ");
    return [name!, key!, value === "nil" ? null : Number(value)];
  });
  const asked = done.map((one) => ((one as Json[])[0] === "r" ? ["r", (one as Json[])[1], null] : one));
  const end = how === "!" ? "fail" : how === "?" ? "info" : `ok ${JSON.stringify(done)}`;
  return `${client} txn - ${JSON.stringify(asked)} => ${end}`;
}

/** Types of the anomalies that each of the three checkers finds. */
function typesOf(history: History): string[][] {
  return all.map((checker) => checker.check(history).anomalies.map(({ type }) => type));
}

describe("the corpus", () => {
  const root = new URL("../../../corpus/isolation-text/", import.meta.url);
  const files = readdirSync(root).flatMap((level) =>
    readdirSync(new URL(`${level}/`, root)).map((name) => ({ level, name })),
  );

  test("is there", () => {
    expect(files.length).toBeGreaterThanOrEqual(9);
  });

  test.each(files)("$level/$name", ({ level, name }) => {
    const reader = createFormatReader("isolation-text");
    reader.push(readFileSync(new URL(`${level}/${name}`, root)));
    const read = reader.end();
    if (!read.ok) throw new Error(JSON.stringify(read.errors));
    const strongest = level === "none" ? null : level;
    const [committed, atomic, most] = all.map((checker) => checker.check(read.history));
    expect(most!.stats.details).toMatchObject({ strongest });
    expect(most!.verdict).toBe(level === "causal" ? "valid" : "invalid");
    expect(atomic!.verdict).toBe(["causal", "read-atomic"].includes(level) ? "valid" : "invalid");
    expect(committed!.verdict).toBe(level === "none" ? "invalid" : "valid");
  });
});

describe("a read that no level allows", () => {
  test.each([
    ["thin-air-read", "c1: r x 7", "T1 of client 1 (operation 1) read 7 of x, which no transaction wrote"],
    [
      "aborted-read",
      "c1: w x 1!\nc2: r x 1",
      "T3 of client 2 (operation 3) read 1 of x, which only T1 of client 1 (operation 1, aborted) wrote: it did not happen",
    ],
    [
      "intermediate-read",
      "c1: w x 1, w x 2\nc2: r x 1",
      "T3 of client 2 (operation 3) read 1 of x from T1 of client 1 (operation 1), which overwrote it with 2 before it ended",
    ],
    [
      "future-read",
      "c1: r x 1, w x 1",
      "T1 of client 1 (operation 1) read 1 of x, which T1 itself wrote only afterwards",
    ],
    [
      "not-own-last-write",
      "c1: w x 1, w x 2, r x 1",
      "T1 of client 1 (operation 1) read 1 of x, its own write, although it had overwritten it with 2",
    ],
    [
      "not-own-write",
      "c1: w x 1\nc2: w x 2, r x 1",
      "T3 of client 2 (operation 3) read 1 of x from T1 of client 1 (operation 1), although it had itself written 2 before",
    ],
    [
      "not-own-write",
      "c1: w x 1, r x nil",
      "T1 of client 1 (operation 1) read nothing of x, although it had itself written 1 before",
    ],
  ])("%s: %s", (type, text, proof) => {
    const history = transactions(text);
    for (const checker of all) {
      const result = checker.check(history);
      expect(result).toMatchObject({ verdict: "invalid", anomalies: [{ type, proof }] });
      expect(result.stats.details).toMatchObject({ strongest: null, violated: ["read-committed"] });
    }
  });
});

describe("contradictions in the order of commits", () => {
  test("reads in a circle", () => {
    const history = transactions("c1: r x 1, w y 1\nc2: r y 1, w x 1");
    expect(typesOf(history)).toEqual([["causality-cycle"], ["causality-cycle"], ["causality-cycle"]]);
    expect(causal().check(history).anomalies[0]?.proof).toBe(
      "T3 of client 2 (operation 3) read 1 of y from T1 of client 1 (operation 1); T1 read 1 of x from T3: " +
        "so each would have to commit before itself",
    );
  });

  test("a transaction that goes back in time", () => {
    const history = transactions("c1: w x 1\nc1: w x 2, w y 2\nc2: r y 2, r x 1");
    expect(typesOf(history)).toEqual([["non-monotonic-read"], ["fractured-read"], ["fractured-read"]]);
    const [anomaly] = readCommitted().check(history).anomalies;
    expect(anomaly).toEqual({
      type: "non-monotonic-read",
      operations: [5, 1, 3],
      proof:
        "T5 of client 2 (operation 5) read 1 of x from T1 of client 1 (operation 1), although T5 read 2 of y from " +
        "T3 of client 1 (operation 3), and T3 wrote x too, so T3 commits before T1; T1 was done when client 1 " +
        "began T3: so each would have to commit before itself",
    });
  });

  test("only half of a transaction is seen", () => {
    const history = transactions("c1: w x 1\nc1: w x 2, w y 2\nc2: r x 1, r y 2");
    expect(typesOf(history)).toEqual([[], ["fractured-read"], ["fractured-read"]]);
  });

  test("two values of one key", () => {
    const history = transactions("c1: w x 1\nc2: w x 2\nc3: r x 1, r x 2");
    expect(typesOf(history)).toEqual([[], ["non-repeatable-read"], ["non-repeatable-read"]]);
    expect(readAtomic().check(history).anomalies[0]?.proof).toBe(
      "T5 of client 3 (operation 5) read 1 of x from T1 of client 1 (operation 1), and then 2 from T3 of client 2 " +
        "(operation 3)",
    );
  });

  test("a session does not see what it wrote", () => {
    const history = transactions("c1: w x 1\nc2: r x 1, w x 2\nc2: r x 1");
    expect(typesOf(history)).toEqual([[], ["stale-session-read"], ["stale-session-read"]]);
  });

  test("what was there before any write, after a write was seen", () => {
    const history = transactions("c1: w x 1, w y 1\nc2: r y 1, r x nil");
    expect(typesOf(history)).toEqual([["non-monotonic-read"], ["fractured-read"], ["fractured-read"]]);
    expect(causal().check(history).anomalies[0]?.proof).toBe(
      "T3 of client 2 (operation 3) read nothing of x, which was there before any write, although T3 read 1 of y " +
        "from T1 of client 1 (operation 1), and T1 wrote x",
    );
  });

  test("a cause is not seen with its effect", () => {
    const history = transactions("c1: w x 1\nc1: w x 2\nc2: r x 2, w y 1\nc3: r y 1, r x 1");
    expect(typesOf(history)).toEqual([[], [], ["causality-violation"]]);
    expect(causal().check(history).anomalies[0]).toMatchObject({
      operations: [7, 1, 5, 3],
      proof:
        "T7 of client 3 (operation 7) read 1 of x from T1 of client 1 (operation 1), although T5 of client 2 " +
        "(operation 5) read 2 of x from T3 of client 1 (operation 3), T7 read 1 of y from T5, and T3 wrote x too, so " +
        "T3 commits before T1; T1 was done when client 1 began T3: so each would have to commit before itself",
    });
    expect(causal().check(history).stats.details).toEqual({
      strongest: "read-atomic",
      violated: ["causal"],
      strongestCausal: [],
      anomalyTypes: ["causality-violation"],
    });
  });

  test("two sessions disagree about the order of two writes", () => {
    const text = "c1: w x 1\nc2: w x 2\nc3: r x 1\nc3: r x 2\nc4: r x 2\nc4: r x 1";
    expect(typesOf(transactions(text))).toEqual([[], [], ["commit-order-cycle"]]);
  });

  test("a session that read its own later value and then an older one", () => {
    const text = "c1: w x 1\nc2: r x 1, w x 2\nc3: r x 2\nc3: r x 1";
    expect(typesOf(transactions(text))).toEqual([[], [], ["causality-violation"]]);
  });
});

describe("what is no anomaly", () => {
  test.each([
    ["the same value read twice", "c1: w x 1\nc2: r x 1, r x 1"],
    ["an aborted transaction that nobody read", "c1: w x 1\nc2: r x 1, w x 2!\nc1: r x 1"],
    ["a write of unknown outcome that was read", "c1: w x 1?\nc2: r x 1"],
    ["a write of unknown outcome that took effect late", "c1: w x 1?\nc1: w x 2\nc2: r x 2\nc2: r x 1"],
    ["a value that an aborted transaction wrote before another one did", "c1: w x 1!\nc1: w x 1\nc2: r x 1"],
    ["a lost update", "c1: w x 0\nc2: r x 0, w x 1\nc3: r x 0, w x 2"],
    ["0 where nobody wrote it", "c1: r x 0\nc1: w x 1"],
  ])("%s", (_, text) => {
    for (const checker of all) expect(checker.check(transactions(text)).verdict).toBe("valid");
  });

  test("calls of one session that overlap are in no order", () => {
    const history = historyOf(`
      c1 txn - [["w","x",1]] => ok [["w","x",1]]
      c2 > txn - [["w","x",2]]
      c2 < ok [["w","x",2]]
      c3 txn - [["r","x",null]] => ok [["r","x",2]]
      c3 txn - [["r","x",null]] => ok [["r","x",1]]
    `);
    expect(causal().check(history).verdict).toBe("valid");
    const builder = new HistoryBuilder();
    const add = (process: number, type: "invoke" | "ok", value: Json): void =>
      builder.append({ index: builder.nextIndex, time: 0, process, client: 9, type, f: "txn", value });
    add(1, "invoke", [["w", "x", 1]]);
    add(2, "invoke", [["r", "x", null]]);
    add(1, "ok", [["w", "x", 1]]);
    add(2, "ok", [["r", "x", null]]);
    expect(causal().check(builder.build()).verdict).toBe("valid");
  });

  test("plain reads, writes and compare-and-sets are transactions of their own", () => {
    const good = historyOf(
      "c1 write x 1 => ok\nc2 cas x [1,2] => ok\nc2 read x => ok 2\nc1 cas x [5,6] => fail",
    );
    expect(causal().check(good)).toMatchObject({ verdict: "valid", stats: { operations: 2 } });
    const bad = historyOf("c1 write x 1 => ok\nc2 cas x [1,2] => ok\nc2 read x => ok 1");
    expect(causal().check(bad)).toMatchObject({ anomalies: [{ type: "stale-session-read" }] });
  });
});

describe("what cannot be told", () => {
  test("nothing to examine", () => {
    for (const checker of all) {
      expect(checker.check(historyOf("c1 create x 1 => ok\nc1 read x => ok 1"))).toMatchObject({
        verdict: "unknown",
        reason: "nothing was examined",
      });
      expect(checker.check(transactions("c1: w x 1"))).toMatchObject({ verdict: "unknown" });
    }
  });

  test("a value that two transactions wrote, where it was read", () => {
    const result = causal().check(transactions("c1: w x 1\nc2: w x 1\nc3: r x 1"));
    expect(result).toMatchObject({
      verdict: "unknown",
      reason:
        "operation 5 read 1 of x, which is written more than once, first by operation 1: from whom cannot be told",
    });
    expect(causal().check(transactions("c1: w x 1\nc2: w x 1\nc3: w x 2\nc1: r x 2")).verdict).toBe("valid");
    const broken = transactions("c1: w x 1\nc2: w x 1\nc3: r x 1, r y 9");
    expect(causal().check(broken)).toMatchObject({
      verdict: "invalid",
      anomalies: [{ type: "thin-air-read" }],
    });
  });

  test("transactions of another kind", () => {
    const appended = historyOf('c1 txn - [["append","x",1]] => ok [["append","x",1]]');
    expect(readAtomic().check(appended)).toMatchObject({
      verdict: "unknown",
      reason: 'operation 0 is no transaction of reads and writes: its micro-operation 0 is no "r" and no "w"',
    });
  });

  test("when the budget is used up", () => {
    const asked: number[] = [];
    const budget = {
      exceeded: (bytes: number) => {
        asked.push(bytes);
        return "2 ms are over";
      },
    };
    const result = causal().check(transactions("c1: w x 1\nc2: r x 1"), budget);
    expect(result).toMatchObject({ verdict: "unknown", reason: "stopped: 2 ms are over" });
    expect(asked.length).toBe(1);
    expect(asked[0]).toBeGreaterThan(0);
  });
});

describe("options", () => {
  test("are checked at once", () => {
    for (const create of [readCommitted, readAtomic, causal]) {
      expect(() => create({ maxAnomalies: 0 })).toThrow(RangeError);
    }
  });

  test("limit the anomalies of a type, and the rest is counted", () => {
    const lines = Array.from({ length: 30 }, (_, at) => `c1: r x ${at}`);
    const { anomalies, stats } = readCommitted({ maxAnomalies: 2 }).check(transactions(lines.join("\n")));
    expect(anomalies.length).toBe(2);
    expect(stats.anomaliesOmitted).toBe(27);
  });

  test("rename functions, also by name", () => {
    const history = historyOf("c1 put x 1 => ok\nc2 get x => ok 7");
    const functions = { read: "get", write: "put" };
    expect(causal({ functions }).check(history).verdict).toBe("invalid");
    expect(checkerByName("causal", { functions })?.check(history).verdict).toBe("invalid");
  });
});

describe("long histories", () => {
  test("a cycle as long as the history is found without recursion", () => {
    const count = 100_000;
    const builder = new HistoryBuilder();
    for (let at = 0; at < count; at++) {
      const value: Json = [
        ["r", at, 1],
        ["w", (at + 1) % count, 1],
      ];
      const line = { time: at, process: at % 7, f: "txn", value } as const;
      builder.append({ ...line, index: 2 * at, type: "invoke", process: at });
      builder.append({ ...line, index: 2 * at + 1, type: "ok", process: at });
    }
    const result = readCommitted().check(builder.build());
    expect(result.anomalies.map(({ type }) => type)).toEqual(["causality-cycle"]);
    expect(result.anomalies[0]!.operations.length).toBe(24);
    expect(result.anomalies[0]!.proof).toContain(`and so on, in ${count - 23} more steps back to T`);
  });
});
