import { describe, expect, test } from "vitest";
import type { History } from "../../../../checkers/history/history.ts";
import type { Json } from "../../../../checkers/history/operation.ts";
import {
  ABORTED,
  COMMITTED,
  READ,
  registerTransactions,
  UNKNOWN,
  WRITE,
} from "../../../../checkers/transactions/register-transactions.ts";
import { historyOf } from "../../../support/history-text.ts";

/** Micro-operations as `r x 1 < 0`: kind, key, value, and the micro-operation that wrote it. */
function described(history: History): string[][] {
  const t = registerTransactions(history);
  return Array.from({ length: t.count }, (_, at) =>
    Array.from({ length: t.starts[at + 1]! - t.starts[at]! }, (__, place) => {
      const op = t.starts[at]! + place;
      const version = t.version[op]!;
      const kind = t.kind[op] === READ ? "r" : "w";
      expect(t.owner[op]).toBe(at);
      if (version < 0) return `${kind} ${t.keys[t.key[op]!]} ?`;
      expect(t.versionKey[version]).toBe(t.key[op]);
      const value = version < t.keys.length ? "start" : JSON.stringify(t.versionValue[version]);
      return `${kind} ${t.keys[t.key[op]!]} ${value} < ${t.writer[version]}`;
    }),
  );
}

describe("transactions on registers", () => {
  test("are numbered with their outcome, micro-operations and writers", () => {
    const history = historyOf(`
      c1 txn - [["w","x",1],["r",7,null]] => ok [["w","x",1],["r",7,"a"]]
      c2 txn - [["w",7,"a"],["r","x",null]] => info
      c3 txn - [["r","x",null],["w","x",2]] => fail
      c1 > txn - [["r","x",null]]
      c2 txn - [["r","x",null],["r","x",null]] => ok [["r","x",1],["r","x",null]]
    `);
    const t = registerTransactions(history);
    expect([...t.outcome]).toEqual([COMMITTED, UNKNOWN, ABORTED, UNKNOWN, COMMITTED]);
    expect([...t.invocation]).toEqual([0, 2, 4, 6, 7]);
    expect([...t.completion]).toEqual([1, 3, 5, -1, 8]);
    expect([...t.session]).toEqual([0, 1, 2, 0, 1]);
    expect([...t.kind].filter((kind) => kind === WRITE).length).toBe(3);
    expect(t.keys).toEqual(["x", 7]);
    expect(described(history)).toEqual([
      ["w x 1 < 0", 'r 7 "a" < 2'],
      ['w 7 "a" < 2', "r x ?"],
      ["r x ?", "w x 2 < 5"],
      ["r x ?"],
      ["r x 1 < 0", "r x start < -1"],
    ]);
    expect(t.ambiguous).toBeNull();
    expect(t.unreadable).toBeNull();
  });

  test("0 is what was there at the start only where nobody wrote it and nobody read nil", () => {
    const read = (key: string, value: Json): string =>
      `c1 txn - [["r","${key}",null]] => ok [["r","${key}",${JSON.stringify(value)}]]`;
    const history = historyOf(
      [
        read("a", 0),
        read("b", 0),
        read("b", null),
        'c2 txn - [["w","c",0]] => ok [["w","c",0]]',
        read("c", 0),
      ].join("\n"),
    );
    expect(described(history)).toEqual([
      ["r a start < -1"],
      ["r b 0 < -1"],
      ["r b start < -1"],
      ["w c 0 < 3"],
      ["r c 0 < 3"],
    ]);
  });

  test("plain operations, and keys of other kinds of data are left alone", () => {
    const history = historyOf(`
      c1 write x 1 => ok
      c1 read x => ok 1
      c2 cas x [1,2] => ok
      c2 cas x [1,3] => fail
      c2 write - "v" => info
      c3 create user/1 {"name":"a"} => ok {"version":1}
      c3 read user/1 => ok {"version":1}
    `);
    expect(described(history)).toEqual([
      ["w x 1 < 0"],
      ["r x 1 < 0"],
      ["r x 1 < 0", "w x 2 < 3"],
      ["r x ?", "w x 3 < 5"],
      ['w  "v" < 6'],
    ]);
  });

  test("values are told apart by what they are", () => {
    const values: Json[] = [1, "1", true, "true", [1], "[1]", { a: 1 }, 2 ** 40, 1.5, -1, "", 1e300];
    const lines = values.map((value) => `c1 write x ${JSON.stringify(value)} => ok`);
    const reads = values.map((value) => `c1 read x => ok ${JSON.stringify(value)}`);
    const t = registerTransactions(historyOf([...lines, ...reads].join("\n")));
    expect(t.ambiguous).toBeNull();
    expect(t.versionValue.slice(1)).toEqual(values);
    const half = t.version.length / 2;
    expect([...t.version.subarray(half)]).toEqual([...t.version.subarray(0, half)]);
    expect([...t.writer.subarray(1)]).toEqual(values.map((_, at) => at));
  });

  test("a value is ambiguous if two transactions that may have happened write it", () => {
    const write = 'txn - [["w","x",1]]';
    const both = registerTransactions(historyOf(`c1 ${write} => info\nc2 ${write} => ok [["w","x",1]]`));
    expect(both.ambiguous).toEqual([0, 1]);
    expect([...both.isAmbiguous]).toEqual([0, 1]);
    const retried = registerTransactions(historyOf(`c1 ${write} => fail\nc2 ${write} => ok [["w","x",1]]`));
    expect(retried.ambiguous).toBeNull();
    expect(retried.writer[1]).toBe(1);
    const twice = historyOf('c1 txn - [["w","x",1],["w","x",1]] => ok [["w","x",1],["w","x",1]]');
    expect(registerTransactions(twice)).toMatchObject({ ambiguous: null });
    expect(registerTransactions(twice).writer[1]).toBe(1);
  });

  test.each([
    ["its value is no list of micro-operations", 'c1 txn - {"a":1} => ok'],
    ["its micro-operation 0 is no list", 'c1 txn - ["r"] => ok'],
    ["the key of its micro-operation 0 is neither a number nor a string", 'c1 txn - [["r",[1],2]] => ok'],
    ['its micro-operation 1 is no "r" and no "w"', 'c1 txn - [["r","x",2],["append","x",1]] => ok'],
    ["it writes nil, which is also what a key has before any write", 'c1 txn - [["w","x",null]] => ok'],
    ["it writes nil, which is also what a key has before any write", "c1 write x => ok"],
    ["its value is no pair of an old and a new value", "c1 cas x 4 => ok"],
  ])("unreadable: %s", (problem, text) => {
    expect(registerTransactions(historyOf(`c2 write y 1 => ok\n${text}`)).unreadable).toEqual({
      row: 2,
      problem,
    });
  });

  test("many keys and values", () => {
    const lines = Array.from(
      { length: 3000 },
      (_, at) => `c1 txn - [["w",${at * 7919},${at}],["w","k${at}",${at}]] => info`,
    );
    const t = registerTransactions(historyOf(lines.join("\n")));
    expect(t.keys.length).toBe(6000);
    expect(t.versionValue.length).toBe(12_000);
    expect([...t.writer.subarray(6000)]).toEqual(Array.from({ length: 6000 }, (_, at) => at));
  });
});
