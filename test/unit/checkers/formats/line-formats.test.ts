import { describe, expect, test } from "vitest";
import { guessFormat } from "../../../../checkers/formats/guess-format.ts";
import { codesOf, eventsIn, readFormat } from "../../../support/read-format.ts";

describe("an etcd log", () => {
  const log = (...lines: readonly string[]) => lines.map((line) => `INFO  jepsen.util - ${line}`).join("\n");

  test("is read with values, and other lines are ignored", () => {
    const text = `starting\n${log("0\t:invoke\t:cas\t[1 -4]", "0\t:fail\t:cas\t[1 -4]", ":nemesis\t:info\t:start\tnil")}\nWARN x`;
    expect(eventsIn("etcd-log", text)).toEqual([
      { index: 0, process: 0, type: "invoke", f: "cas", value: [1, -4] },
      { index: 1, process: 0, type: "fail", f: "cas", value: [1, -4] },
    ]);
  });

  test("a timeout is no observation of a read, and an unknown outcome of the others", () => {
    const text = log(
      ...[
        "0 :invoke :read nil",
        "0 :fail :read :timed-out",
        "0 :invoke :write 3",
        "0 :fail :write :timed-out",
      ],
      ...["1 :invoke :cas [1 2]", "1 :info :cas :timed-out"],
    );
    expect(eventsIn("etcd-log", text).filter(({ type }) => type !== "invoke")).toMatchObject([
      { f: "read", type: "fail", error: { code: "timed-out" } },
      { f: "write", type: "info" },
      { f: "cas", type: "info" },
    ]);
  });

  test("lines that look like operations and are none are errors", () => {
    const text = log("0 :invoke :write x", "0 :done :write 3", "0 :invoke :cas [1]", "0 :invoke :write");
    expect(codesOf(readFormat("etcd-log", text)).errors).toEqual([
      "wrong-value:1",
      "wrong-value:2",
      "wrong-value:3",
      "wrong-value:4",
    ]);
  });
});

describe("isolation text", () => {
  test("sessions become processes, lines indexes, and reads of the start null", () => {
    const text = "w 0 5\nr 1 0\n-----\nr 0 0\n=====\nr 0 5\nr 2 0\nw 2 0";
    expect(eventsIn("isolation-text", text)).toEqual([
      {
        index: 1,
        process: 0,
        type: "invoke",
        f: "txn",
        value: [
          ["w", 0, 5],
          ["r", 1, null],
        ],
      },
      {
        index: 3,
        process: 0,
        type: "ok",
        f: "txn",
        value: [
          ["w", 0, 5],
          ["r", 1, null],
        ],
      },
      { index: 4, process: 0, type: "invoke", f: "txn", value: [["r", 0, null]] },
      { index: 5, process: 0, type: "ok", f: "txn", value: [["r", 0, null]] },
      {
        index: 6,
        process: 1,
        type: "invoke",
        f: "txn",
        value: [
          ["r", 0, null],
          ["r", 2, null],
          ["w", 2, 0],
        ],
      },
      {
        index: 9,
        process: 1,
        type: "ok",
        f: "txn",
        value: [
          ["r", 0, 5],
          ["r", 2, 0],
          ["w", 2, 0],
        ],
      },
    ]);
    expect(codesOf(readFormat("isolation-text", text)).warnings).toEqual(["no-real-time:1"]);
  });

  test("CRLF, blank lines and a byte-order mark do no harm", () => {
    const plain = eventsIn("isolation-text", "w 0 5\n-----\n=====\nr 0 5\n");
    expect(eventsIn("isolation-text", "\ufeffw 0 5\r\n-----\r\n=====\r\n\r\nr 0 5\r\n")).toHaveLength(
      plain.length,
    );
  });

  test.each(["x 0 1", "w 0", "w 0 1 2", "w a 1", "w 0 99999999999999999999", "r  0 1", "w -1 2"])(
    "%s is an error",
    (line) => {
      expect(codesOf(readFormat("isolation-text", `w 0 1\n${line}\n`)).errors).toEqual(["wrong-value:2"]);
    },
  );
});

describe("the format of a file is guessed from its beginning:", () => {
  test.each([
    ['{"format":"faultline-history","version":1}\n', "ndjson"],
    ['{"process":1,"type":"invoke","f":"read"}\n', "ndjson"],
    ['\ufeff{"process":1,"type":"invoke","f":"read"}\n', "ndjson"],
    ['{"type":"record","f":"saga","key":"1"}', "ndjson"],
    ["", "ndjson"],
    ["garbage\n", "ndjson"],
    ["[1, 2]", "ndjson"],
    ["[", "jepsen-json"],
    ["[]", "jepsen-json"],
    ['[\n  {"type"', "jepsen-json"],
    ['{"index":0,"type":"invoke","process":0,"value":[["append",1,1]]}', "jepsen-json"],
    ['{"type":"info","process":"nemesis","f":"start"}', "jepsen-json"],
    ['{"type":"info","process":1,"f":"read","error":["timeout","no answer"]}', "jepsen-json"],
    ["[{:type :invoke", "jepsen-edn"],
    ["({:type :invoke", "jepsen-edn"],
    ["{:type :invoke, :f :read}", "jepsen-edn"],
    ["; a comment\n[{:type :invoke", "jepsen-edn"],
    ["#jepsen.history.Op{:index 0", "jepsen-edn"],
    ["[#jepsen.history.Op{:index 0", "jepsen-edn"],
    ['{:process 0, :type :invoke, :f :get, :key "1", :value nil}', "porcupine-kv"],
    ["INFO  jepsen.util - 0\t:invoke\t:read\tnil", "etcd-log"],
    ["started\nINFO  jepsen.util - 0\t:invoke\t:read\tnil", "etcd-log"],
    ["w 0 1\n", "isolation-text"],
    ["r 10 0", "isolation-text"],
    ["-----\nw 0 1", "isolation-text"],
  ])("%j", (text, format) => {
    expect(guessFormat(text)).toBe(format);
  });

  test("quickly, whatever the file is", () => {
    const start = process.cpuUsage().user;
    for (const piece of ["[", "{", "; x\n", "#a ", " ", "(", ",", "[ , "])
      guessFormat(piece.repeat(65_536 / piece.length));
    expect((process.cpuUsage().user - start) / 1000).toBeLessThan(1000);
  });
});
