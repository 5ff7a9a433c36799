import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { HistoryFormat } from "../../../../checkers/formats/format-names.ts";
import type { LintReport } from "../../../../checkers/lint/finding.ts";
import { lintFile } from "../../../../checkers/lint/lint-file.ts";
import type { LintOptions } from "../../../../checkers/lint/lint-history.ts";
import { checkerByName, checkerNames } from "../../../../checkers/registry.ts";

function lint(format: HistoryFormat, text: string, options: LintOptions = {}): LintReport {
  const linter = lintFile(format, options);
  linter.push(text);
  return linter.end();
}

function lines(...objects: readonly (object | string)[]): string {
  return objects.map((object) => (typeof object === "string" ? object : JSON.stringify(object))).join("\n");
}

/** `code:line` of each finding, a `*` behind those that change verdicts. */
function found({ findings }: LintReport): string[] {
  return findings.map(({ code, line, changesVerdict }) => `${code}:${line}${changesVerdict ? "*" : ""}`);
}

const call = (process: number, f: string, value?: unknown, more: object = {}) => ({
  process,
  type: "invoke",
  f,
  value,
  ...more,
});
const done = (process: number, f: string, value?: unknown, more: object = {}) => ({
  process,
  type: "ok",
  f,
  value,
  ...more,
});
const unknown = (process: number, f: string) => ({ process, type: "info", f });

describe("the linter finds nothing", () => {
  test("in a file with nothing to find", () => {
    const text = lines(call(1, "write", 7), done(1, "write", 7), call(2, "read"), done(2, "read", 7));
    expect(lint("ndjson", `${text}\n`)).toEqual({
      findings: [],
      limitPerCode: 1000,
      omitted: {},
      operations: 4,
      changing: 0,
    });
  });

  test("in counters that add the same amount again and again", () => {
    const text = lines(
      call(1, "add", 1),
      done(1, "add", 1),
      call(1, "add", 1),
      done(1, "add", 1),
      call(1, "read"),
      done(1, "read", 2),
    );
    expect(found(lint("ndjson", text))).toEqual([]);
  });
});

/** Every name of a function or a record in the catalogue, as it stands in a history. */
function catalogueNames(): string[] {
  const names = checkerNames.flatMap((checker) => {
    try {
      checkerByName(checker, { functions: { "": "" } });
    } catch (error) {
      return /it reads: (.*)$/.exec(String(error))?.[1]?.split(", ") ?? [];
    }
    return [];
  });
  return [...new Set(names)]
    .filter((name) => name !== "none")
    .map((name) => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`));
}

test("the linter knows every function and record of the catalogue", () => {
  const names = catalogueNames();
  expect(names).toEqual(expect.arrayContaining(["read-at", "bad-request", "guarded-write", "saga", "due"]));
  const unknownNames = names.filter((name) => {
    const asCall = found(lint("ndjson", lines(call(1, name, ["a", "b"]), done(1, name, ["a", "b"]))));
    const asRecord = found(lint("ndjson", lines({ type: "record", f: name, key: "k" })));
    return asCall.includes("unknown-function:1*") && asRecord.includes("unknown-record:1*");
  });
  expect(unknownNames).toEqual([]);
});

test("a history of records alone has something in it", () => {
  expect(found(lint("ndjson", lines({ type: "record", f: "saga", key: "a" })))).toEqual([]);
});

describe("the linter finds, with its line,", () => {
  test.each<[string, HistoryFormat, readonly object[], readonly string[]]>([
    ["a completion that nobody called", "ndjson", [done(1, "read", 1)], ["completion-without-invocation:1*"]],
    [
      "a call while another is open",
      "ndjson",
      [call(1, "read"), call(1, "write", 1), done(1, "write", 1), done(1, "read", 1)],
      ["invocation-while-open:2*", "never-read-afterwards:3"],
    ],
    [
      "a process that goes on after info",
      "ndjson",
      [call(1, "read"), unknown(1, "read"), call(1, "read"), done(1, "read", 1)],
      ["process-reused-after-info:3*"],
    ],
    [
      "a completion of something else",
      "ndjson",
      [call(1, "read", null, { key: "a" }), done(1, "list", 1, { key: "b" })],
      ["function-differs:2*", "key-differs:2*"],
    ],
    [
      "a completion that could end two calls",
      "jepsen-json",
      [call(1, "read"), call(1, "read"), done(1, "read", 1)],
      ["never-completed:1", "invocation-while-open:2*", "never-completed:2", "ambiguous-pair:3*"],
    ],
    ["a call without an end", "ndjson", [call(1, "read")], ["never-completed:1"]],
    [
      "an index twice, and one that falls",
      "ndjson",
      [
        call(1, "read", null, { index: 4 }),
        done(1, "read", 1, { index: 4 }),
        call(1, "read", null, { index: 2 }),
        done(1, "read", 1, { index: 5 }),
      ],
      ["duplicate-index:2*", "index-falls:3*"],
    ],
    [
      "a time that goes back",
      "ndjson",
      [call(1, "read", null, { time: 9 }), done(1, "read", 1, { time: 4 })],
      ["time-goes-back:2*"],
    ],
    [
      "a value that is written twice to one key",
      "ndjson",
      [
        call(1, "write", 7, { key: "a" }),
        done(1, "write"),
        call(2, "write", 7, { key: "b" }),
        done(2, "write"),
        call(1, "cas", [7, 7], { key: "a" }),
        done(1, "cas"),
        call(1, "read", null, { key: "a" }),
        done(1, "read", 7),
        call(1, "read", null, { key: "b" }),
        done(1, "read", 7),
      ],
      ["value-written-twice:5*"],
    ],
    [
      "elements that two transactions append",
      "jepsen-json",
      [
        call(1, "txn", [["append", 1, 1]]),
        done(1, "txn", [["append", 1, 1]]),
        call(1, "txn", [
          ["append", 1, 1],
          ["append", 2, 1],
        ]),
        done(1, "txn", [
          ["append", 1, 1],
          ["append", 2, 1],
        ]),
        call(1, "txn", [
          ["r", 1, null],
          ["r", 2, null],
        ]),
        done(1, "txn", [
          ["r", 1, [1]],
          ["r", 2, [1]],
        ]),
      ],
      ["value-written-twice:3*"],
    ],
    [
      "a function that nobody knows",
      "ndjson",
      [call(1, "frobnicate"), done(1, "frobnicate")],
      ["unknown-function:1*"],
    ],
    [
      "a key without a final read where others have one",
      "ndjson",
      [
        call(1, "write", 1, { key: "a" }),
        done(1, "write"),
        call(1, "write", 2, { key: "b" }),
        done(1, "write"),
        call(1, "read", null, { key: "a", final: true }),
        done(1, "read", 1),
      ],
      ["no-final-read:4*"],
    ],
    [
      "writes that nobody read",
      "ndjson",
      [call(1, "read"), done(1, "read", null), call(1, "write", 2), done(1, "write")],
      ["never-read-afterwards:4"],
    ],
    [
      "a number as a key and the same as a text",
      "ndjson",
      [call(1, "read", null, { key: 7 }), done(1, "read", 1, { key: "7" })],
      ["ambiguous-key:2*"],
    ],
    ["an empty file", "ndjson", [], ["no-operation:1*"]],
    [
      "a file of another format, where nothing is an operation",
      "etcd-log",
      [call(1, "read")],
      ["no-operation:1*"],
    ],
    [
      "a versioned entity without a final read where others have one, whether it was updated or deleted",
      "ndjson",
      [
        call(1, "create", { value: "x" }, { key: "a" }),
        done(1, "create", { version: 1 }),
        call(1, "update", { expected: 1, value: "x" }, { key: "b" }),
        done(1, "update", { version: 2 }),
        call(1, "delete", null, { key: "c" }),
        done(1, "delete", null),
        call(1, "read", null, { key: "a", final: true }),
        done(1, "read", { version: 1, value: "x" }),
      ],
      ["no-final-read:4*", "no-final-read:6*"],
    ],
    [
      "values that no checker can read",
      "ndjson",
      [call(1, "cas", 3), done(1, "cas", 3), call(1, "txn", "r x"), done(1, "txn", "r x")],
      ["unreadable-value:1*", "unreadable-value:3*"],
    ],
    [
      "records that nobody knows, and such that stand before lines around them",
      "ndjson",
      [
        call(1, "read", null, { index: 3, time: 30 }),
        { type: "record", f: "sagas", key: "a", index: 3, time: 20 },
        { type: "record", f: "saga", key: "a", index: 9, time: 90 },
        done(1, "read", 1, { index: 5, time: 80 }),
        { type: "phase", phase: "settle", index: 7, time: 91 },
      ],
      [
        "index-falls:2*",
        "index-falls:4*",
        "index-falls:5*",
        "time-goes-back:2*",
        "time-goes-back:4*",
        "unknown-record:2*",
      ],
    ],
    [
      "a header in the midst of a file",
      "ndjson",
      [call(1, "read"), { format: "faultline-history", version: 1 }, done(1, "read", 1)],
      ["misplaced-header:2*"],
    ],
    ["a line that lacks a field", "ndjson", [{ type: "invoke", process: 1 }], ["missing-field:1*"]],
    [
      "what is no operation of a client",
      "jepsen-json",
      [{ process: "nemesis", type: "info", f: "start" }, call(1, "read"), done(1, "read", 1)],
      ["left-out:1"],
    ],
  ])("%s", (_, format, events, expected) => {
    const report = lint(format, lines(...events));
    expect(found(report).sort()).toEqual([...expected].sort());
    expect(report.changing).toBe(expected.filter((name) => name.endsWith("*")).length);
  });

  test("numbers that JSON does not keep apart", () => {
    const text =
      '{"process":1,"type":"invoke","f":"write","value":9007199254740993}\n{"process":1,"type":"ok","f":"write"}';
    expect(found(lint("ndjson", text))).toContain("number-not-exact:1*");
  });

  test("clocks of two hosts that differ, once for each host", () => {
    const at = (node: string, time: number) => [
      call(1, "read", null, { node, time }),
      done(1, "read", 1, { node, time: time + 1 }),
    ];
    const text = lines(
      ...at("a", 5_000_000),
      ...at("b", 1_000_000),
      ...at("a", 5_000_010),
      ...at("b", 1_000_010),
    );
    const report = lint("ndjson", text);
    expect(found(report)).toEqual(["clocks-differ:3*"]);
    expect(report.findings[0]?.message).toBe(
      "4 lines of node b are up to 4 ms behind other nodes, and rise by themselves",
    );
  });

  test("all that is wrong, not only the first of it", () => {
    const report = lint(
      "ndjson",
      lines(...Array.from({ length: 50 }, () => "garbage"), done(1, "read", 1), done(2, "read", 1)),
    );
    expect(found(report)).toHaveLength(52);
    expect(report.changing).toBe(52);
  });

  test("up to a limit that it states", () => {
    const report = lint("ndjson", lines(...Array.from({ length: 50 }, () => "garbage"), ""), {
      limitPerCode: 7,
    });
    expect(report).toMatchObject({ limitPerCode: 7, omitted: { "not-json": 43 }, changing: 50 });
    expect(report.findings).toHaveLength(7);
    expect(() => lint("ndjson", "", { limitPerCode: 0 })).toThrow(RangeError);
  });
});

test("a file that cannot be read to its end says so", () => {
  const linter = lintFile("jepsen-edn", {});
  linter.push(new TextEncoder().encode("{:type :invoke :process 0 :f :read}\n"));
  linter.push(Uint8Array.of(0xff, 0xfe, 0x00));
  expect(found(linter.end())).toEqual(["never-completed:1", "not-utf8:2*", "reading-stopped:2*"]);
});

test("an index and a process are told where the line has them", () => {
  const report = lint(
    "ndjson",
    lines(call(3, "read", null, { index: 17 }), unknown(3, "read"), call(3, "read", null, { index: 21 })),
  );
  expect(report.findings).toMatchObject([
    {
      code: "process-reused-after-info",
      line: 3,
      index: 21,
      message: "read of process 3 is called by a process with an operation of unknown outcome",
      effect: "check refuses the file",
    },
    { code: "never-completed", line: 3, index: 21 },
  ]);
});

test("values of jepsen.independent are looked at by key", () => {
  const pair = (f: string, value: unknown) => [call(0, f, value), done(0, f, value)];
  const text = lines(
    ...pair("write", [1, 5]),
    ...pair("write", [2, 5]),
    call(0, "read", [1, null]),
    done(0, "read", [1, 5]),
  );
  expect(found(lint("jepsen-json", text))).toEqual(["never-read-afterwards:4"]);
  expect(
    found(
      lint(
        "jepsen-json",
        lines(
          ...pair("write", [1, 5]),
          ...pair("write", [1, 5]),
          call(0, "read", [1, null]),
          done(0, "read", [1, 5]),
        ),
      ),
    ),
  ).toEqual(["value-written-twice:3*"]);
});

test("every finding is described in the docs", () => {
  const doc = readFileSync(new URL("../../../../docs/checkers/formats.md", import.meta.url), "utf8");
  const sources = [
    "lint-calls",
    "lint-order",
    "lint-values",
    "lint-reads",
    "lint-functions",
    "lint-shapes",
    "lint-others",
    "lint-history",
  ].map((name) => readFileSync(new URL(`../../../../checkers/lint/${name}.ts`, import.meta.url), "utf8"));
  const codes = sources.flatMap((source) =>
    [...source.matchAll(/(?:code: |rule\(\s*)"([a-z-]+)"/g)].map(([, code]) => code!),
  );
  expect(codes.length).toBeGreaterThan(14);
  expect(codes.filter((code) => !doc.includes(`\`${code}\``))).toEqual([]);
});
