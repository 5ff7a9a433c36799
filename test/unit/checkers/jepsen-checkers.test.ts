import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { bank } from "../../../checkers/bank/bank.checker.ts";
import { counter } from "../../../checkers/counter/counter.checker.ts";
import { guessFormat } from "../../../checkers/formats/guess-format.ts";
import type { HistoryEvent, Json } from "../../../checkers/history/operation.ts";
import { longFork } from "../../../checkers/long-fork/long-fork.checker.ts";
import { checkerByName } from "../../../checkers/registry.ts";
import { setFull } from "../../../checkers/set/set-full.checker.ts";
import { buildHistory } from "../../support/build-history.ts";
import { byLabel, labelled } from "../../support/by-label.ts";
import { historyOf } from "../../support/history-text.ts";
import { historyIn } from "../../support/read-format.ts";

function read(name: string) {
  const text = readFileSync(new URL(`../../corpus/${name}`, import.meta.url), "utf8");
  return historyIn(guessFormat(text), text);
}

function types(result: { readonly anomalies: readonly { readonly type: string }[] }): string[] {
  return result.anomalies.map(({ type }) => type);
}

describe("histories of elle-cli have the verdicts that it gives:", () => {
  test.each([
    ["bank", undefined, "jepsen-json/bank.json", "valid"],
    ["bank", undefined, "jepsen-json/bank-negative-balances.json", "invalid"],
    ["bank", "overdraft", "jepsen-json/bank-negative-balances.json", "valid"],
    ["counter", undefined, "jepsen-json/counter.json", "valid"],
    ["set", undefined, "jepsen-json/set_full.json", "valid"],
    ["set", "fresh", "jepsen-json/set_full.json", "valid"],
    ["long-fork", undefined, "jepsen-edn/long-fork.edn", "invalid"],
  ])("%s (%s) of %s: %s", (name, model, file, verdict) => {
    const mapping = model === undefined ? {} : { model };
    expect(checkerByName(name, mapping)?.check(read(file)).verdict).toBe(verdict);
  });

  test("a model that a checker has not is refused", () => {
    expect(() => checkerByName("bank", { model: "queue" })).toThrow(RangeError);
    expect(() => checkerByName("set", { model: "queue" })).toThrow(RangeError);
  });
});

describe("set, beside a read that is slow", () => {
  test("a read that lacks what was known is stale, though only a read beside it shows it", () => {
    const text = `
      c1 add k 0 => ok
      c2 > read k
      c1 read k => ok []
      c2 < ok [0]
    `;
    const [stale] = setFull({ fresh: true }).check(historyOf(text)).anomalies;
    expect(stale).toMatchObject({ type: "stale-read", operations: [1, 4, 5] });
    const relaxed = labelled(setFull().check(historyOf(text)));
    expect(relaxed).toMatchObject({ verdict: "valid", stats: { measures: { "stale elements": 1 } } });
  });
});

describe("bank", () => {
  test("two sums are told with the reads that show them", () => {
    const result = bank().check(historyOf('c1 read => ok {"a":3,"b":2}\nc1 read => ok {"a":3,"b":3}'));
    expect(result).toMatchObject({
      verdict: "invalid",
      anomalies: [
        {
          type: "total-changed",
          operations: [1, 3],
          proof:
            "operation 1 shows 5 in all accounts, but operation 3 shows 6: transfers cannot change the sum of the entity",
        },
      ],
    });
  });

  test("with a total the read itself is the witness", () => {
    const result = bank({ total: 6 }).check(historyOf('c1 read => ok {"a":3,"b":2}'));
    expect(result.anomalies).toMatchObject([{ type: "total-changed", operations: [1] }]);
  });

  test("an account below zero is told unless that is allowed", () => {
    const history = historyOf('c1 read => ok {"a":3,"b":-2}');
    expect(types(bank().check(history))).toEqual(["negative-balance"]);
    expect(bank({ negativeBalances: true }).check(history).verdict).toBe("valid");
  });

  test("fractions that do not add up exactly are no anomaly", () => {
    const history = historyOf('c1 read => ok {"a":0.1,"b":0.2}\nc1 read => ok {"a":0.3,"b":0}');
    expect(bank().check(history).verdict).toBe("valid");
  });

  test.each(["", "c1 read => ok [1]", 'c1 read => ok {"a":null}'])("%s: unknown", (text) => {
    expect(bank().check(historyOf(text)).verdict).toBe("unknown");
  });
});

describe("counter", () => {
  test.each([
    ["c1 add - 2 => ok\nc2 read => ok 2", []],
    ["c1 add - 2 => ok\nc2 read => ok 1", ["read-too-low"]],
    ["c1 add - 2 => ok\nc2 read => ok 3", ["read-too-high"]],
    ["c1 add - 2 => fail\nc2 read => ok 2", ["read-too-high"]],
    ["c1 add - 2 => info\nc2 read => ok 2\nc2 read => ok 0", []],
    ["c1 > add - 2\nc2 read => ok 2\nc1 < fail", ["read-too-high"]],
    ["c2 > read\nc1 add - 2 => ok\nc2 < ok 0", []],
    [
      "c1 add - 2 => ok\nc1 > add - -5\nc2 read => ok -3\nc2 read => ok 2\nc2 read => ok -4",
      ["read-too-low"],
    ],
    ["c1 increment => ok\nc1 increment - 4 => ok\nc1 decrement => ok\nc2 read => ok 4", []],
    ["c1 decrement - 3 => ok\nc2 read => ok -2", ["read-too-high"]],
  ])("%j: %j", (text, expected) => {
    expect(types(counter().check(historyOf(text)))).toEqual(expected);
  });

  test("says how many reads there were, and from what it follows", () => {
    const result = counter().check(historyOf("c1 add - 2 => ok\nc2 read => ok 1"));
    expect(labelled(result)).toMatchObject({
      stats: { measures: { reads: 1 } },
      anomalies: [
        {
          operations: [3, 1],
          proof:
            "operation 3 shows 1 in the entity, but what had been acknowledged before it was sent makes at least 2 (up to operation 1)",
        },
      ],
    });
  });

  test("keys are counted by themselves, from the value at the start", () => {
    const text = "c1 add a 2 => ok\nc2 read b => ok 7\nc2 read a => ok 9";
    expect(counter({ initial: 7 }).check(historyOf(text)).verdict).toBe("valid");
    expect(counter().check(historyOf(text)).anomalies).toMatchObject([{ key: "b" }, { key: "a" }]);
  });

  test("what is no number is unknown", () => {
    expect(counter().check(historyOf('c1 read => ok "a"')).verdict).toBe("unknown");
    expect(counter().check(historyOf("")).verdict).toBe("unknown");
  });
});

describe("set", () => {
  test.each([
    ["c1 add - 1 => ok\nc2 read => ok [1]", []],
    ["c1 add - 1 => ok\nc2 read => ok []", ["lost-element"]],
    ["c1 add - 1 => info\nc2 read => ok []", []],
    ["c1 add - 1 => info\nc2 read => ok [1]\nc2 read => ok []", ["lost-element"]],
    ["c2 > read\nc1 add - 1 => ok\nc2 < ok []", []],
    ["c1 add - 1 => ok\nc2 read => ok []\nc2 read => ok [1]", []],
    ["c1 add - 1 => ok\nc2 > read\nc3 read => ok [1]\nc2 < ok []", []],
    ["c1 add - 1 => ok\nc2 read => ok [1,1]", ["duplicate-element"]],
    ["c2 read => ok [1]\nc1 add - 1 => ok", ["phantom-element"]],
    ["c1 add - 1 => fail\nc2 read => ok [1]", ["phantom-element"]],
    ['c1 add - {"a":1} => ok\nc2 read => ok [{"a":1}]', []],
    ["c1 add a 1 => ok\nc1 read b => ok []\nc1 read a => ok [1]", []],
  ])("%j: %j", (text, expected) => {
    expect(types(setFull().check(historyOf(text)))).toEqual(expected);
  });

  test("a loss names what was told, who saw it last, and who did not", () => {
    const text = "c1 add k 1 => ok\nc2 read k => ok [1]\nc2 read k => ok []";
    expect(setFull().check(historyOf(text)).anomalies).toMatchObject([
      {
        operations: [1, 3, 5],
        proof:
          "1 is in k, as operation 1 acknowledged, was last shown by operation 3, but operation 5, which was sent afterwards, does not show it, nor does any later read",
      },
    ]);
  });

  test("a stale read is measured, and an anomaly where reads must be fresh", () => {
    const history = historyOf("c1 add k 1 => ok\nc2 read k => ok []\nc2 read k => ok [1]\nc1 add k 2 => ok");
    expect(byLabel(setFull().check(history).stats.measures ?? [])).toEqual({
      reads: 2,
      "elements never read": 1,
      "stale elements": 1,
    });
    expect(setFull({ fresh: true }).check(history).anomalies).toMatchObject([
      { type: "stale-read", operations: [1, 3, 5] },
    ]);
  });

  test("nobody read: unknown", () => {
    expect(setFull().check(historyOf("c1 add k 1 => ok"))).toMatchObject({
      verdict: "unknown",
      reason: "nobody read k",
    });
  });
});

describe("long-fork", () => {
  const reads = (...values: readonly string[]): string =>
    values.map((value, at) => `c${at + 1} read - [${value}] => ok [${value}]`).join("\n");

  test.each([
    [reads('["r",1,1],["r",2,null]', '["r",1,1],["r",2,1]'), "valid"],
    [reads('["r",1,1],["r",2,null]', '["r",1,null],["r",2,1]'), "invalid"],
    [reads('["r",1,1],["r",2,null],["r",3,1]', '["r",2,1],["r",1,null]'), "invalid"],
    [reads('["r",1,1],["r",2,null],["r",3,1]', '["r",4,1],["r",1,null]'), "valid"],
    [reads('["r",1,1],["r",2,null]', '["r",1,null],["r",2,1],["r",1,1]'), "invalid"],
    [reads('["w",2,1],["r",1,1],["r",2,1]', '["r",1,null],["r",2,null]'), "valid"],
    [reads('["r",1,1],["r",2,null]', '["r",1,2],["r",2,1]'), "unknown"],
    [reads('["r","1",1],["r",2,null]', '["r",1,null],["r","2",1]'), "invalid"],
    [reads('["r",[1],1],["r","b",null]', '["r","[1]",null],["r","b",1]'), "invalid"],
    [reads('["r",1,1],["r",2,null]', '["r","1.0",null],["r",2,1]'), "valid"],
    [reads('["r",1,1]', '["r",2,1]'), "unknown"],
    ["", "unknown"],
  ])("%j: %s", (text, verdict) => {
    expect(longFork().check(historyOf(text)).verdict).toBe(verdict);
  });
});

describe("a long history takes a second of processor time at most:", () => {
  const call = (f: string, asked: unknown, answered: unknown): HistoryEvent[] => [
    { index: 0, time: 0, process: 0, type: "invoke", f, value: asked as Json },
    { index: 0, time: 0, process: 0, type: "ok", f, value: answered as Json },
  ];
  const numbers = (count: number): number[] => Array.from({ length: count }, (_, at) => at);
  const group = (at: number): unknown[] =>
    [0, 1, 2].map((key) => ["r", (at % 1000) * 3 + key, at > 3000 * key ? 1 : null]);

  test.each([
    [
      "200,000 operations on a counter",
      counter(),
      () =>
        numbers(200_000).flatMap((at) =>
          at % 2 === 0 ? call("add", 1, 1) : call("read", null, (at + 1) / 2),
        ),
    ],
    [
      "100,000 reads of a bank",
      bank(),
      () => numbers(100_000).flatMap((at) => call("read", null, { a: at, b: -at + 100_000 })),
    ],
    [
      "20,000 elements and 200 reads of a set",
      setFull({ fresh: true }),
      () =>
        numbers(20_000).flatMap((at) =>
          at % 100 === 99
            ? [...call("add", at, at), ...call("read", null, numbers(at + 1))]
            : call("add", at, at),
        ),
    ],
    [
      "100,000 reads of 1000 groups of keys",
      longFork(),
      () => numbers(100_000).flatMap((at) => call("read", group(at), group(at))),
    ],
  ] as const)("%s", (_, checker, events) => {
    const history = buildHistory(events().map((event, index) => ({ ...event, index, time: index })));
    const before = process.threadCpuUsage();
    expect(checker.check(history).verdict).toBe("valid");
    const { user, system } = process.threadCpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(1000);
  });
});
