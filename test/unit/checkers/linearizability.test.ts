import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { concurrentRegisters } from "../../../bench/concurrent-registers.ts";
import { createFormatReader } from "../../../checkers/formats/create-format-reader.ts";
import type { HistoryFormat } from "../../../checkers/formats/format-names.ts";
import type { History } from "../../../checkers/history/history.ts";
import { linearizability } from "../../../checkers/linearizability/linearizability.checker.ts";
import { checkerByName } from "../../../checkers/registry.ts";
import { buildHistory } from "../../support/build-history.ts";
import { historyOf } from "../../support/history-text.ts";

const corpus = new URL("../../corpus/", import.meta.url);

function corpusHistory(path: string, format: HistoryFormat): History {
  const reader = createFormatReader(format, { file: path });
  reader.push(readFileSync(new URL(path, corpus)));
  const result = reader.end();
  if (!result.ok) throw new Error(`${path} cannot be read: ${JSON.stringify(result.errors)}`);
  return result.history;
}

const verdicts: Readonly<Record<string, boolean>> = JSON.parse(
  readFileSync(new URL("etcd-register/verdicts.json", corpus), "utf8"),
);

describe("the corpus", () => {
  test("has logs of both kinds", () => {
    expect(Object.values(verdicts).filter((isValid) => isValid).length).toBeGreaterThan(5);
    expect(Object.values(verdicts).filter((isValid) => !isValid).length).toBeGreaterThan(5);
  });

  test.each(Object.entries(verdicts))("%s is linearizable: %s", (name, isLinearizable) => {
    const file = name.endsWith(".log") ? name : `${name}.log`;
    const result = linearizability().check(corpusHistory(`etcd-register/${file}`, "etcd-log"));
    expect(result.verdict).toBe(isLinearizable ? "valid" : "invalid");
  });
});

describe("the corpus of other tools", () => {
  test.each([
    ["kv/c01-ok.txt", "porcupine-kv", "kv", "valid"],
    ["kv/c01-bad.txt", "porcupine-kv", "kv", "invalid"],
    ["kv/c10-ok.txt", "porcupine-kv", "kv", "valid"],
    ["kv/c10-bad.txt", "porcupine-kv", "kv", "invalid"],
    ["jepsen-json/memstress3-9.json", "jepsen-json", "cas-register", "valid"],
    ["jepsen-edn/rethink-fail-minimal.edn", "jepsen-edn", "register", "invalid"],
    ["jepsen-edn/cas-failure.edn", "jepsen-edn", "cas-register", "invalid"],
    ["jepsen-json/bank.json", "jepsen-json", "bank", "valid"],
    ["jepsen-json/bank-negative-balances.json", "jepsen-json", "bank", "invalid"],
    ["jepsen-json/counter.json", "jepsen-json", "counter", "valid"],
    ["jepsen-json/set_full.json", "jepsen-json", "set", "valid"],
  ] as const)("%s (%s), held against a %s, is %s", (path, format, model, verdict) => {
    expect(linearizability({ model }).check(corpusHistory(path, format)).verdict).toBe(verdict);
  });
});

function proofOf(text: string): string | undefined {
  return linearizability().check(historyOf(text)).anomalies[0]?.proof;
}

describe("a register", () => {
  test.each([
    ["reads and writes one after the other", "c1 write x 1 => ok\nc2 read x => ok 1", "valid"],
    ["the value at the start", "c1 read x => ok null\nc1 write x 1 => ok", "valid"],
    ["a write that is seen while it is under way", "c1 > write x 1\nc2 read x => ok 1\nc1 < ok", "valid"],
    ["a write of unknown outcome that is seen", "c1 write x 1 => info\nc2 read x => ok 1", "valid"],
    [
      "a write of unknown outcome that is seen much later",
      "c1 write x 1 => info\nc2 write x 2 => ok\nc2 read x => ok 2\nc2 read x => ok 1",
      "valid",
    ],
    [
      "a write of unknown outcome that is seen twice, with another one between",
      "c1 write x 1 => info\nc2 read x => ok 1\nc2 write x 2 => ok\nc2 read x => ok 1",
      "invalid",
    ],
    ["a write that failed", "c1 write x 1 => fail\nc2 read x => ok 1", "invalid"],
    ["a stale read", "c1 write x 1 => ok\nc1 write x 2 => ok\nc2 read x => ok 1", "invalid"],
    [
      "two readers that see two writes in opposite order",
      "c1 > write x 1\nc2 > write x 2\nc3 read x => ok 1\nc3 read x => ok 2\nc4 read x => ok 1\nc1 < ok\nc2 < ok",
      "invalid",
    ],
    ["a cas that found its value", "c1 write x 1 => ok\nc2 cas x [1,2] => ok\nc1 read x => ok 2", "valid"],
    ["a cas that cannot have", "c1 write x 1 => ok\nc2 cas x [3,2] => ok", "invalid"],
    ["two winners", "c1 write x 1 => ok\nc2 > cas x [1,2]\nc3 > cas x [1,3]\nc2 < ok\nc3 < ok", "invalid"],
    ["keys by themselves", "c1 write x 1 => ok\nc1 write y 2 => ok\nc2 read x => ok 1", "valid"],
  ])("%s", (_, text, verdict) => {
    expect(linearizability().check(historyOf(text)).verdict).toBe(verdict);
  });

  test("is unknown where nothing was answered", () => {
    expect(linearizability().check(historyOf("c1 write x 1 => info"))).toMatchObject({
      verdict: "unknown",
      reason: "nothing was examined",
    });
  });

  test("names the first call that has no place, and tells why", () => {
    const text = "c1 write x 1 => ok\nc1 write x 2 => ok\nc2 read x => ok 1\nc2 read x => ok 2";
    const result = linearizability().check(historyOf(text));
    expect(result.stats.details).toEqual({
      firstUnplaced: [
        { key: "x", operation: 4, placed: 2, prefix: { before: 0, operations: [0, 2], state: "2" } },
      ],
    });
    expect(result.anomalies).toMatchObject([{ type: "not-linearizable", key: "x", operations: [4] }]);
    expect(result.anomalies[0]?.proof).toBe(
      "the 2 calls on this register that had returned before operation 4 did can be put in an order that explains " +
        "them and agrees with real time, but there is no order with it: it found 1; operation 0 stored it, but " +
        "operation 2 (client 1: write 2) overwrote it, sent after that had returned, and returned before operation 4 was " +
        "sent. One such order: operation 0 (client 1: write 1), operation 2 (client 1: write 2); after it the register is " +
        "2. There operation 4 (client 2: read answered 1) has no place: at its end the register is 2 since operation 2",
    );
  });

  test("names the call by which what was there at the start was gone", () => {
    expect(proofOf("c1 write x 1 => ok\nc2 read x => ok null")).toContain(
      "it found null; the register began with it, but operation 0 (client 1: write 1) overwrote it, and returned before " +
        "operation 2 was sent. One",
    );
  });

  test("names the call that found another value, where the one that stored that may have taken effect at any time", () => {
    const text = "c1 write x 1 => ok\nc2 > write x 2\nc3 read x => ok 2\nc4 read x => ok 1";
    expect(proofOf(text)).toContain(
      "it found 1; operation 0 stored it, but operation 3 (client 3: read answered 2) no longer found it, sent after that " +
        "had returned, and returned before operation 5 was sent. One such order: operation 0 (client 1: write 1), " +
        "operation 2 (client 2: write 2, not yet answered), operation 3 (client 3: read answered 2); after it the register " +
        "is 2. There operation 5 (client 4: read answered 1) has no place: at its end the register is 2 since operation 2",
    );
  });

  test("tries each place that time leaves in the order, and says which call each would leave without one", () => {
    const text = "c1 > cas x [null,1]\nc2 > cas x [null,2]\nc1 < ok\nc2 < ok";
    expect(proofOf(text)).toContain(
      "One such order: operation 0 (client 1: cas [null,1]); after it the register is 1. There operation 1 (client 2: cas " +
        "[null,2]) has no place: at its start it would leave none for operation 0 (client 1: cas [null,1]); at its end the " +
        "register is 1 since operation 0",
    );
  });

  test("tells the last twenty calls of a long order, and how many came before", () => {
    const writes = Array.from({ length: 30 }, (_, at) => `c1 write x ${at} => ok`).join("\n");
    const result = linearizability().check(historyOf(`${writes}\nc2 read x => ok 3`));
    expect(result.anomalies[0]?.proof).toContain(
      "One such order: 10 calls, then operation 20 (client 1: write 10), operation 22 (client 1: write 11), ",
    );
    const operations = Array.from({ length: 20 }, (_, at) => 20 + 2 * at);
    expect(result.stats.details).toEqual({
      firstUnplaced: [
        { key: "x", operation: 60, placed: 30, prefix: { before: 10, operations, state: "29" } },
      ],
    });
  });

  test("tells no order where a refused cas tells something", () => {
    const text = "c1 write x 1 => ok\nc1 cas x [2,3] => fail\nc2 read x => ok 2";
    const [anomaly] = linearizability({ refusedCasTells: true }).check(historyOf(text)).anomalies;
    expect(anomaly?.proof).toMatch(/it found 2, which nobody had sent by then$/);
  });

  test("says so where nobody had sent a value", () => {
    const result = linearizability().check(historyOf("c1 write x 1 => ok\nc2 read x => ok 7"));
    expect(result.anomalies[0]?.proof).toContain("it found 7, which nobody had sent by then");
  });

  test("a cas whose value is no pair is not guessed at", () => {
    expect(linearizability().check(historyOf("c1 cas x 1 => ok")).verdict).toBe("unknown");
  });

  test("a refused cas tells something only where that is said", () => {
    const history = historyOf("c1 write x 1 => ok\nc1 cas x [1,2] => fail\nc1 read x => ok 1");
    expect(linearizability().check(history).verdict).toBe("valid");
    expect(linearizability({ refusedCasTells: true }).check(history).verdict).toBe("invalid");
  });
});

describe("options", () => {
  test("a model without cas refuses one, an unknown model is refused", () => {
    const history = historyOf("c1 cas x [null,2] => ok");
    expect(linearizability({ model: "cas-register" }).check(history).verdict).toBe("valid");
    expect(linearizability({ model: "register" }).check(history)).toMatchObject({
      verdict: "unknown",
      reason: "operation 0 is a cas, which the model register does not have",
    });
    expect(() => checkerByName("linearizability", { model: "tree" })).toThrow(/has no model "tree"/);
  });

  test("another value at the start, and other names", () => {
    const history = historyOf("c1 get x => ok 0");
    const functions = { read: "get" };
    expect(linearizability({ functions, initial: 0 }).check(history).verdict).toBe("valid");
    expect(linearizability({ functions }).check(history).verdict).toBe("invalid");
  });
});

test("a budget that is used up leaves it open, and says how far it got", () => {
  const events = concurrentRegisters({
    operations: 3000,
    clients: 40,
    keys: 1,
    values: 5,
    writesOfTen: 3,
    casOfTen: 3,
    timeoutEvery: 0,
    staleEvery: 0,
    seed: 7,
  });
  const history = buildHistory([...events]);
  expect(linearizability().check(history).verdict).toBe("valid");
  const result = linearizability().check(history, { exceeded: () => "no time is left" });
  expect(result).toMatchObject({
    verdict: "unknown",
    reason: expect.stringMatching(/^x0: stopped: no time is left; \d+ of \d+ calls were placed$/),
  });
});
