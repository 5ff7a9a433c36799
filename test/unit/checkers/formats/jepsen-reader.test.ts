import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { eventsOf } from "../../../../checkers/history/event-at.ts";
import { formatEvent } from "../../../../checkers/history/ndjson-writer.ts";
import { codesOf, eventsIn, historyIn, readFormat } from "../../../support/read-format.ts";

const corpus = new URL("../../../corpus/", import.meta.url);

function maps(...fields: readonly object[]): string {
  return JSON.stringify(fields);
}

const invoke = { type: "invoke", f: "write", value: 1, process: 0 };
const ok = { ...invoke, type: "ok" };

describe("a Jepsen history", () => {
  test("is the same history in an array, one map a line, and as EDN in a vector, a list or alone", () => {
    const events = eventsIn("jepsen-json", maps(invoke, ok));
    const edn =
      "{:type :invoke, :f :write, :value 1, :process 0}\n{:type :ok, :f :write, :value 1, :process 0}";
    expect(events).toHaveLength(2);
    expect(eventsIn("jepsen-json", `${JSON.stringify(invoke)}\n${JSON.stringify(ok)}\n`)).toEqual(events);
    for (const text of [
      edn,
      `[${edn}]`,
      `(${edn})`,
      `#jepsen.history.History [${edn.replaceAll("{", "#jepsen.history.Op{")}]`,
    ]) {
      expect(eventsIn("jepsen-edn", text)).toEqual(events);
    }
  });

  test.each(["jepsen-edn/paper-example.edn", "jepsen-edn/rethink-fail-minimal.edn"])(
    "%s is read alike however it is cut",
    (name) => {
      const bytes = new Uint8Array(readFileSync(new URL(name, corpus)));
      const whole = readFormat("jepsen-edn", bytes);
      const lines = whole.ok ? [...eventsOf(whole.history)].map(formatEvent) : [];
      expect(lines).toHaveLength(8);
      for (let piece = 1; piece < 40; piece++) {
        const result = readFormat("jepsen-edn", bytes, {}, piece);
        expect(result.ok && [...eventsOf(result.history)].map(formatEvent)).toEqual(lines);
      }
    },
  );

  test("a JSON array is read alike however it is cut", () => {
    const bytes = new Uint8Array(readFileSync(new URL("jepsen-json/paper-example.json", corpus)));
    const whole = historyIn("jepsen-json", bytes);
    for (let piece = 1; piece < 40; piece++) {
      const result = readFormat("jepsen-json", bytes, {}, piece);
      expect(result.ok && result.history).toEqual(whole);
    }
  });

  test("a transaction may leave out f, and its reads their third field", () => {
    const text = maps(
      {
        type: "invoke",
        process: 0,
        value: [
          ["r", "x"],
          ["append", 5, 1],
        ],
      },
      {
        type: "ok",
        process: 0,
        value: [
          ["r", "x", [1]],
          ["append", 5, 1],
        ],
      },
    );
    expect(eventsIn("jepsen-json", text)).toMatchObject([
      {
        f: "txn",
        value: [
          ["r", "x", null],
          ["append", 5, 1],
        ],
      },
      {
        f: "txn",
        value: [
          ["r", "x", [1]],
          ["append", 5, 1],
        ],
      },
    ]);
  });

  test("what the nemesis did is left out and counted", () => {
    const text = maps(invoke, { type: "info", process: "nemesis", f: "start", value: "all" }, ok);
    const result = readFormat("jepsen-json", text);
    expect(codesOf(result)).toEqual({ errors: [], warnings: ["left-out:1"] });
    expect(result.ok && result.history.length).toBe(2);
  });

  test("errors of any shape have a code", () => {
    const error = (value: unknown) =>
      historyIn("jepsen-json", maps(invoke, { ...invoke, type: "info", error: value })).error.get(1);
    expect(error("timeout")).toEqual({ code: "timeout" });
    expect(error(["conn", "no route"])).toEqual({ code: "conn", message: "no route" });
    expect(error(["conn", { port: 1 }])).toEqual({ code: "conn", message: '{"port":1}' });
    expect(error({ type: "sql" })).toEqual({ code: "sql", message: '{"type":"sql"}' });
    expect(error(17)).toEqual({ code: "error", message: "17" });
  });
});

describe("what a Jepsen history does not say is decided as Jepsen means it, and told:", () => {
  test("a process that goes on after info is a new one", () => {
    const text = maps(invoke, { ...invoke, type: "info" }, { ...invoke, value: 2 }, { ...ok, value: 2 });
    expect(codesOf(readFormat("jepsen-json", text))).toEqual({ errors: [], warnings: ["process-goes-on:1"] });
    expect(eventsIn("jepsen-json", text).map((event) => "process" in event && event.process)).toEqual([
      0,
      0,
      "0 (2)",
      "0 (2)",
    ]);
  });

  test("overlapping calls of one process are told apart by what they are about", () => {
    const read = { type: "invoke", process: 0, value: [["r", "x", null]] };
    const write = { type: "invoke", process: 0, value: [["w", "x", 1]] };
    const text = maps(read, write, { ...write, type: "ok" }, { ...read, type: "ok", value: [["r", "x", 1]] });
    expect(codesOf(readFormat("jepsen-json", text)).warnings).toEqual(["overlapping-calls:1"]);
    expect([...historyIn("jepsen-json", text).mate]).toEqual([3, 2, 1, 0]);
  });

  test("where they cannot be told apart the file is refused", () => {
    const read = { type: "invoke", process: 0, f: "read", value: null };
    const text = `${[read, read, { ...read, type: "ok", value: 1 }].map((map) => JSON.stringify(map)).join("\n")}`;
    expect(codesOf(readFormat("jepsen-json", text)).errors).toEqual(["ambiguous-pair:3"]);
  });

  test("a completion without an invocation was called right after what its process did before", () => {
    const done = (process: number, value: unknown) => ({ type: "ok", process, value });
    const text = maps(done(0, [["append", "x", 1]]), done(1, [["r", "x", [1]]]), done(0, [["r", "x", [1]]]));
    const history = historyIn("jepsen-json", text);
    expect([...history.type]).toEqual([0, 0, 1, 0, 1, 1]);
    expect([...history.mate]).toEqual([2, 4, 0, 5, 1, 3]);
    expect(history.value[1]).toEqual([["r", "x", null]]);
    expect(codesOf(readFormat("jepsen-json", text)).warnings).toEqual(["no-invocation:1"]);
  });

  test("operations without a process are paired where that is clear", () => {
    const { process: _, ...call } = invoke;
    const text = maps(call, { ...call, type: "ok" }, call, { ...call, type: "ok" });
    expect([...historyIn("jepsen-json", text).mate]).toEqual([1, 0, 3, 2]);
    expect(historyIn("jepsen-json", text).processes).toHaveLength(2);
    expect(codesOf(readFormat("jepsen-json", text)).warnings).toEqual(["no-process:1"]);
  });

  test("an index that does not rise is counted anew, a time that falls is held", () => {
    const text = maps({ ...invoke, index: 7, time: 50 }, { ...ok, index: 7, time: 20 });
    const history = historyIn("jepsen-json", text);
    expect([...history.index]).toEqual([0, 1]);
    expect([...history.time]).toEqual([50, 50]);
    expect(codesOf(readFormat("jepsen-json", text)).warnings).toEqual(["counted-anew:1", "time-held:1"]);
    expect([...historyIn("jepsen-json", maps({ ...invoke, index: 7 }, { ...ok, index: 9 })).index]).toEqual([
      7, 9,
    ]);
  });
});

describe("values of jepsen.independent", () => {
  const call = (f: string, asked: unknown, answered: unknown, process = 0) => [
    { type: "invoke", f, process, value: asked },
    { type: "ok", f, process, value: answered },
  ];

  test("are taken apart where every call has a pair and reads ask for [key nil]", () => {
    const text = maps(
      ...call("write", [5, 1], [5, 1]),
      ...call("cas", [5, [1, 2]], [5, [1, 2]]),
      ...call("read", [5, null], [5, 2]),
    );
    const result = readFormat("jepsen-json", text);
    expect(codesOf(result)).toEqual({ errors: [], warnings: ["keyed-values:1"] });
    expect(eventsIn("jepsen-json", text).map((event) => "key" in event && [event.key, event.value])).toEqual([
      ["5", 1],
      ["5", 1],
      ["5", [1, 2]],
      ["5", [1, 2]],
      ["5", null],
      ["5", 2],
    ]);
  });

  test("of sets may be answered with the list alone", () => {
    const text = maps(
      ...call("add", [0, 7], [0, 7]),
      ...call("read", [0, null], [0, 1]),
      ...call("read", [0, null], [0, [0, 7]]),
    );
    const history = historyIn("jepsen-json", text);
    expect([history.value[3], history.value[5]]).toEqual([
      [0, 1],
      [0, 7],
    ]);
  });

  test("are left alone where pairs can be values", () => {
    const text = maps(...call("cas", [1, 2], [1, 2]), ...call("read", null, 2));
    expect(historyIn("jepsen-json", text).keys).toEqual([]);
    expect(historyIn("jepsen-json", maps(...call("write", [1, 2], [1, 2]))).keys).toEqual([]);
    expect(historyIn("jepsen-json", maps(...call("write", [1, 2], [1, 2])), { keyed: true }).keys).toEqual([
      "1",
    ]);
  });

  test("that are asked for and not there are an error", () => {
    expect(
      codesOf(readFormat("jepsen-json", maps(...call("read", null, 2)), { keyed: true })).errors,
    ).toEqual(["wrong-type:1", "wrong-type:1"]);
  });
});

describe("what would mix two things up is an error:", () => {
  test("a number as a key, and the same as a text", () => {
    const write = (key: unknown) => [
      { type: "invoke", f: "write", process: 0, value: [key, 1] },
      { type: "ok", f: "write", process: 0, value: [key, 1] },
    ];
    const text = maps(...write(7), ...write("7"));
    expect(codesOf(readFormat("jepsen-json", text, { keyed: true })).errors).toEqual([
      "ambiguous-key:1",
      "ambiguous-key:1",
    ]);
    const named = maps({ ...invoke, key: 7 }, { ...ok, key: "7" });
    expect(codesOf(readFormat("jepsen-json", named)).errors).toEqual(["ambiguous-key:1"]);
  });

  test("more open calls of one process than can be told apart in time", () => {
    const calls = Array.from({ length: 300 }, (_, value) => ({ ...invoke, value }));
    const result = readFormat("jepsen-json", maps(...calls, { ...ok, value: 17 }));
    expect(codesOf(result).errors).toEqual(["ambiguous-pair:1"]);
  });
});
