import { describe, expect, test } from "vitest";
import {
  concurrentCalls,
  sequentialBank,
  sequentialCounter,
  sequentialQueue,
  sequentialText,
} from "../../../bench/concurrent-objects.ts";
import type { HistoryEvent, Json } from "../../../checkers/history/operation.ts";
import { linearizability } from "../../../checkers/linearizability/linearizability.checker.ts";
import type { LinearizabilityModel } from "../../../checkers/linearizability/linearizability-model.ts";
import type { LinearizabilityOptions } from "../../../checkers/linearizability/linearizability-options.ts";
import { checkerByName } from "../../../checkers/registry.ts";
import { buildHistory } from "../../support/build-history.ts";
import { historyOf } from "../../support/history-text.ts";

const verdictOf = (model: string, text: string, options: LinearizabilityOptions = {}): string =>
  linearizability({ model, ...options }).check(historyOf(text)).verdict;

describe("kv", () => {
  test.each([
    [
      "appends in either order",
      'c1 > append x "a"\nc2 append x "b" => ok\nc1 < ok\nc1 get x => ok "ab"',
      "valid",
    ],
    ["an append that is lost", 'c1 append x "a" => ok\nc2 append x "b" => ok\nc1 get x => ok "a"', "invalid"],
    ["nothing is the empty text", 'c1 get x => ok ""\nc1 get x => ok null', "valid"],
    [
      "an append of unknown outcome that shows twice",
      'c1 append x "a" => info\nc2 get x => ok "aa"',
      "invalid",
    ],
    [
      "two of them that show",
      'c1 append x "a" => info\nc1 append x "a" => info\nc2 get x => ok "aa"',
      "valid",
    ],
    ["keys by themselves", 'c1 put x "a" => ok\nc2 get y => ok ""', "valid"],
  ])("%s", (_, text, verdict) => {
    expect(verdictOf("kv", text)).toBe(verdict);
  });

  test("what is no text is not guessed at", () => {
    expect(linearizability({ model: "kv" }).check(historyOf("c1 put x 7 => ok"))).toMatchObject({
      verdict: "unknown",
      reason: "operation 0 cannot be read: expected a text, not 7",
    });
  });
});

describe("counter", () => {
  test.each([
    ["a read between", "c1 > add x 2\nc2 read x => ok 0\nc2 read x => ok 2\nc1 < ok", "valid"],
    ["a read that goes back", "c1 > add x 2\nc2 read x => ok 2\nc2 read x => ok 0\nc1 < ok", "invalid"],
    ["an amount that no set of additions gives", "c1 > add x 2\nc2 read x => ok 1\nc1 < ok", "invalid"],
    ["up and down", "c1 increment x => ok\nc1 decrement x 3 => ok\nc1 read x => ok -2", "valid"],
  ])("%s", (_, text, verdict) => {
    expect(verdictOf("counter", text)).toBe(verdict);
  });

  test("another start", () => {
    expect(verdictOf("counter", "c1 read x => ok 5", { initial: 5 })).toBe("valid");
  });
});

describe("set", () => {
  test.each([
    ["elements in any order", 'c1 add s 1 => ok\nc1 add s "1" => ok\nc1 read s => ok ["1",1]', "valid"],
    ["an element that is lost", "c1 add s 1 => ok\nc1 add s 2 => ok\nc1 read s => ok [2]", "invalid"],
    ["an element twice", "c1 add s 1 => ok\nc1 read s => ok [1,1]", "invalid"],
    ["an element put in again", "c1 add s 1 => ok\nc1 add s 1 => ok\nc1 read s => ok [1]", "valid"],
  ])("%s", (_, text, verdict) => {
    expect(verdictOf("set", text)).toBe(verdict);
  });

  test("tells what was in it", () => {
    const text = "c1 add s 1 => ok\nc1 add s 2 => ok\nc1 read s => ok [2]";
    expect(linearizability({ model: "set" }).check(historyOf(text)).anomalies[0]?.proof).toBe(
      "the 2 calls on this set that had returned before operation 4 did can be put in an order that explains them and " +
        "agrees with real time, but there is no order with it: read answered [2], but the object can only have been {1, 2}. " +
        "One such order: operation 0 (client 1: add 1), operation 2 (client 1: add 2); after it the set is {1, 2}. There " +
        "operation 4 (client 1: read answered [2]) has no place: at its end the set is {1, 2} since operation 2",
    );
  });
});

describe("queue", () => {
  test.each([
    ["first in, first out", "c1 enqueue q 1 => ok\nc1 enqueue q 2 => ok\nc2 dequeue q => ok 1", "valid"],
    ["last in, first out", "c1 enqueue q 1 => ok\nc1 enqueue q 2 => ok\nc2 dequeue q => ok 2", "invalid"],
    ["a value twice", "c1 enqueue q 1 => ok\nc2 dequeue q => ok 1\nc2 dequeue q => ok 1", "invalid"],
    ["empty", "c1 dequeue q => ok null\nc1 enqueue q 1 => ok\nc1 dequeue q => ok", "invalid"],
    [
      "one that somebody may have taken",
      "c1 enqueue q 1 => ok\nc2 dequeue q => info\nc1 dequeue q => ok",
      "valid",
    ],
  ])("%s", (_, text, verdict) => {
    expect(verdictOf("queue", text)).toBe(verdict);
  });

  test.each([0, 50])(
    "many clients that put in at once need no long search (%i different values)",
    (values) => {
      const events = concurrentCalls(
        { operations: 2000, clients: 10, timeoutEvery: 0, wrongEvery: 0, seed: 5 },
        sequentialQueue(values),
      );
      let asked = 0;
      const budget = { exceeded: () => (++asked > 200 ? "it took too long" : null) };
      expect(linearizability({ model: "queue" }).check(buildHistory(events), budget).verdict).toBe("valid");
    },
  );
});

describe("calls that do the same", () => {
  test.each([
    ["counter", sequentialCounter, 40],
    ["bank", sequentialBank, 120],
  ] as const)("are tried in one order: many clients of a %s need no long search", (model, object, most) => {
    const size = { operations: 3000, clients: 20, timeoutEvery: 100, wrongEvery: 0, seed: 7 };
    let asked = 0;
    const budget = { exceeded: () => (++asked > most ? "it took too long" : null) };
    const history = buildHistory(concurrentCalls(size, object()));
    expect(linearizability({ model }).check(history, budget).verdict).toBe("valid");
  });

  test.each([
    [20, 20],
    [30, 100],
  ])(
    "without an answer need no long search to find a wrong read: a counter of %i clients, one call in %i times out",
    (clients, timeoutEvery) => {
      const size = { operations: 1000, clients, timeoutEvery, wrongEvery: 0, seed: 7 };
      const events = concurrentCalls(size, sequentialCounter());
      const reads = events.flatMap((event, at) => (event.type === "ok" && event.f === "read" ? [at] : []));
      const late = reads[Math.floor(reads.length * 0.6)]!;
      const wrong = { ...events[late]!, value: 1000 } as HistoryEvent;
      let asked = 0;
      const budget = { exceeded: () => (++asked > 700 ? "it took too long" : null) };
      const result = linearizability({ model: "counter" }).check(
        buildHistory(events.with(late, wrong)),
        budget,
      );
      expect(result.anomalies[0]?.operations).toEqual([
        buildHistory(events).index[buildHistory(events).mate[late]!],
      ]);
      expect(result.anomalies[0]?.proof).toContain("One such order: ");
    },
  );

  test("without an answer stands in for none that returns", () => {
    const text = "c1 add x 2 => info\nc2 > increment x 2\nc3 read x => ok 2\nc2 < ok\nc3 read x => ok 2";
    expect(verdictOf("counter", text)).toBe("valid");
    expect(verdictOf("counter", `${text}\nc3 read x => ok 4\nc3 read x => ok 6`)).toBe("invalid");
  });
});

describe("mutex", () => {
  test.each([
    ["one after the other", "c1 acquire l => ok\nc1 release l => ok\nc2 acquire l => ok", "valid"],
    ["two at once", "c1 acquire l => ok\nc2 acquire l => ok", "invalid"],
    [
      "a release that may have happened",
      "c1 acquire l => ok\nc1 release l => info\nc2 acquire l => ok",
      "valid",
    ],
    ["one that is free given back", "c1 release l => ok", "invalid"],
  ])("%s", (_, text, verdict) => {
    expect(verdictOf("mutex", text)).toBe(verdict);
  });
});

describe("versioned-entity", () => {
  const create = 'c1 create u {"value":"a"} => ok {"version":1}\n';
  test.each([
    [
      "a change of what was read",
      `${create}c2 update u {"expected":1,"value":"b"} => ok {"version":2}`,
      "valid",
    ],
    [
      "two winners",
      `${create}c1 update u {"expected":1,"value":"b"} => ok {"version":2}\nc2 update u {"expected":1,"value":"c"} => ok {"version":3}`,
      "invalid",
    ],
    [
      "a stale read",
      `${create}c1 update u {"expected":1,"value":"b"} => ok\nc2 read u => ok {"version":1,"value":"a"}`,
      "invalid",
    ],
    [
      "a version that nobody told",
      `${create}c1 update u {"expected":1,"value":"b"} => ok\nc2 read u => ok {"version":4,"value":"b"}`,
      "valid",
    ],
    [
      "a version that does not rise",
      `${create}c1 update u {"expected":1,"value":"b"} => ok {"version":1}`,
      "invalid",
    ],
    ["created when it is there", `${create}c2 create u {"value":"a"} => ok {"version":1}`, "invalid"],
    ["gone", `${create}c1 delete u {"expected":1} => ok\nc2 read u => ok null`, "valid"],
    [
      "versions that begin with 0",
      'c1 create u {"value":"a"} => ok\nc2 read u => ok {"version":0,"value":"a"}',
      "valid",
    ],
    [
      "a second version that is still 0",
      'c1 create u {"value":"a"} => ok\nc1 update u {"value":"b"} => ok\nc2 read u => ok {"version":0,"value":"b"}',
      "invalid",
    ],
    [
      "a change that creates version 0",
      'c1 update u {"expected":0,"value":"b"} => ok {"version":0}',
      "valid",
    ],
    [
      "nothing, after a creation that told no version",
      "c1 create u {} => ok\nc2 read u => ok null",
      "invalid",
    ],
    ["a change that creates", 'c1 update u {"expected":0,"value":"b"} => ok {"version":1}', "valid"],
  ])("%s", (_, text, verdict) => {
    expect(verdictOf("versioned-entity", text)).toBe(verdict);
  });

  test.each([
    ["a version that was there before", 'c1 read u => ok {"version":7,"value":"a"}', undefined, "valid"],
    ["a version that cannot have been", 'c1 read u => ok {"version":7,"value":"a"}', null, "invalid"],
    ["another version than at the start", 'c1 read u => ok {"version":7}', { version: 6 }, "invalid"],
    [
      "two versions that were there before",
      'c1 read u => ok {"version":7}\nc1 read u => ok {"version":6}',
      undefined,
      "invalid",
    ],
    ["nothing at the start", 'c1 read u => ok null\nc1 update u {"expected":3} => ok', undefined, "invalid"],
    [
      "a change of what was there before",
      'c1 update u {"expected":3} => ok\nc1 read u => ok {"version":3}',
      undefined,
      "invalid",
    ],
    [
      "made where something may have been",
      `${create}c1 read u => ok {"version":1,"value":"a"}`,
      undefined,
      "valid",
    ],
  ] as const)("%s", (_, text, initial, verdict) => {
    expect(verdictOf("versioned-entity", text, initial === undefined ? {} : { initial })).toBe(verdict);
  });

  test("fields of other names", () => {
    const text = 'c1 create u {"value":"a"} => ok {"rev":1}\nc2 read u => ok {"rev":2,"value":"a"}';
    const found = checkerByName("linearizability", { model: "versioned-entity", fields: { version: "rev" } });
    expect(found?.check(historyOf(text)).verdict).toBe("invalid");
  });
});

describe("bank", () => {
  const move = 'transfer - {"from":"a","to":"b","amount":4}';
  test.each([
    [
      "money that moved",
      `c1 read => ok {"a":5,"b":0}\nc1 ${move} => ok\nc2 read => ok {"a":1,"b":4}`,
      "valid",
    ],
    [
      "money under way",
      `c1 read => ok {"a":5,"b":0}\nc1 ${move} => ok\nc2 read => ok {"a":1,"b":0}`,
      "invalid",
    ],
    [
      "money done twice",
      `c1 read => ok {"a":9,"b":0}\nc1 ${move} => ok\nc2 read => ok {"a":1,"b":8}`,
      "invalid",
    ],
    ["more than there is", `c1 read => ok {"a":3,"b":0}\nc1 ${move} => ok`, "invalid"],
    [
      "more than there is, to where it comes from",
      'c1 transfer - {"from":"a","to":"a","amount":4} => ok\nc1 read => ok {"a":3}',
      "valid",
    ],
    ["more than there can have been", `c1 ${move} => ok\nc1 read => ok {"a":-1,"b":4}`, "invalid"],
  ])("%s", (_, text, verdict) => {
    expect(verdictOf("bank", text)).toBe(verdict);
  });

  test("below zero where that is allowed, and balances that are given", () => {
    const text = `c1 read => ok {"a":3,"b":0}\nc1 ${move} => ok\nc2 read => ok {"a":-1,"b":4}`;
    expect(verdictOf("bank", text, { negativeBalances: true })).toBe("valid");
    expect(verdictOf("bank", text, { negativeBalances: true, initial: { a: 2 } })).toBe("invalid");
  });
});

describe("a model of one's own", () => {
  const highest: LinearizabilityModel<{ readonly mark: number }> = {
    name: "high-water mark",
    functions: ["raise", "read"],
    reads: ["read"],
    init: () => ({ mark: 0 }),
    step: (state, { f, input, output, isAnswered }) => {
      if (f === "raise") return { mark: Math.max(state.mark, Number(input)) };
      return !isAnswered || output === state.mark ? state : undefined;
    },
    equal: (a, b) => a.mark === b.mark,
    hash: ({ mark }) => mark,
    describe: ({ mark }) => `a mark of ${mark}`,
  };

  test("is held against the history", () => {
    const checker = linearizability({ model: highest, functions: { raise: ["lift", "raise"] } });
    expect(checker.check(historyOf("c1 raise x 3 => ok\nc1 lift x 2 => ok\nc1 read x => ok 3")).verdict).toBe(
      "valid",
    );
    const result = checker.check(historyOf("c1 raise x 3 => ok\nc1 read x => ok 2"));
    expect(result.anomalies[0]?.proof).toContain(
      "read answered 2, but the object can only have been a mark of 3",
    );
  });

  test("is refused a function that it does not have", () => {
    expect(() => linearizability({ model: highest, functions: { lower: "sink" } })).toThrow(
      'model high-water mark of checker linearizability has no function "lower"; it has: raise, read',
    );
  });

  test("may have states that are JSON values and nothing else", () => {
    const last: LinearizabilityModel<Json> = {
      name: "last value",
      functions: ["set", "get"],
      init: () => null,
      step: (state, { f, input, output }) =>
        f === "set" ? (input ?? null) : output === state ? state : undefined,
    };
    const result = linearizability({ model: last }).check(historyOf("c1 set x 1 => ok\nc1 get x => ok 2"));
    expect(result.anomalies[0]?.proof).toContain("the object can only have been 1");
  });
});

test("a budget that is used up leaves it open, and says how far it got", () => {
  const events = concurrentCalls(
    { operations: 400, clients: 14, timeoutEvery: 0, wrongEvery: 40, seed: 3 },
    sequentialText(),
  );
  const result = linearizability({ model: "kv" }).check(buildHistory(events), {
    exceeded: () => "no time is left",
  });
  expect(result).toMatchObject({
    verdict: "unknown",
    reason: expect.stringMatching(/^stopped: no time is left; \d+ of \d+ calls were placed$/),
  });
});

describe("memory without a limit", () => {
  // What states have in common is counted with each of them.
  const seen: readonly number[] = new Array<number>(1_000_000).fill(0);
  /** Sums that seem to take as much memory as there is. */
  const vast: LinearizabilityModel<{ readonly sum: number; readonly seen: readonly number[] }> = {
    name: "sum",
    functions: ["add", "read"],
    init: () => ({ sum: 0, seen }),
    step: ({ sum }, { f, input, output }) => {
      const next = f === "add" ? sum + Number(input) : sum;
      return f === "add" || output === sum ? { sum: next, seen } : undefined;
    },
    equal: (a, b) => a.sum === b.sum,
    hash: ({ sum }) => sum,
    describe: ({ sum }) => `${sum}`,
  };
  const adds = Array.from({ length: 13 }, (_, bit) => `c${bit} > add x ${2 ** bit}`);
  const history = historyOf([...adds, "c20 read x => ok -1"].join("\n"));

  test("is not used up by a search", () => {
    expect(linearizability({ model: vast }).check(history)).toMatchObject({
      verdict: "unknown",
      reason: expect.stringMatching(
        /^x: stopped: the search took more than 1000 MB of memory, with \d+ % of the work done/,
      ),
    });
    const timed = { isTimed: true, exceeded: () => null };
    expect(linearizability({ model: vast }).check(history, timed).verdict).toBe("unknown");
  });

  test("is used where a budget allows it", () => {
    const budget = { isSized: true, exceeded: () => null };
    expect(linearizability({ model: vast }).check(history, budget).verdict).toBe("invalid");
  });
});
