import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { historyFormats } from "../../../checkers/formats/format-names.ts";
import { guessFormat } from "../../../checkers/formats/guess-format.ts";
import { exportJepsen, exportLosses } from "../../../checkers/formats/jepsen-export.ts";
import { describeReadError } from "../../../checkers/history/describe-read-error.ts";
import { eventsOf } from "../../../checkers/history/event-at.ts";
import type { History } from "../../../checkers/history/history.ts";
import { formatEvent } from "../../../checkers/history/ndjson-writer.ts";
import type { ReadHistoryResult } from "../../../checkers/history/reader-types.ts";
import { lintFile } from "../../../checkers/lint/lint-file.ts";
import { buildHistory } from "../../support/build-history.ts";
import { byDefault, judgeByAll } from "../../support/catalogue.ts";
import { ChoiceTape, choices } from "../../support/choice-tape.ts";
import { readFormat } from "../../support/read-format.ts";
import { simulateJepsen } from "../../support/simulated-jepsen.ts";

/** Whatever was read: errors name line and field, checkers answer, the linter as well. */
function expectSense(result: ReadHistoryResult): void {
  for (const error of [...(result.ok ? [] : result.errors), ...result.warnings]) {
    expect(error.line).toBeGreaterThan(0);
    expect(describeReadError(error)).toMatch(/^given:\d+: .+ \[[a-z0-9-]+\]$/);
  }
  if (result.ok) judgeByAll(result.history, byDefault);
}

function expectLint(format: (typeof historyFormats)[number], text: string | Uint8Array): void {
  const linter = lintFile(format, { limitPerCode: 5 });
  linter.push(text);
  for (const { line, message, effect } of linter.end().findings) {
    expect(line).toBeGreaterThan(0);
    expect(`${message} ${effect}`).not.toMatch(/undefined|NaN|\[object/);
  }
}

const corpus = [
  "jepsen-edn/paper-example.edn",
  "jepsen-edn/rethink-fail-minimal.edn",
  "jepsen-edn/long-fork.edn",
  "jepsen-json/paper-example.json",
  "jepsen-json/rw-register.json",
  "jepsen-json/bank-negative-balances.json",
  "isolation-text/read-atomic/test-ra.txt",
  "etcd-register/etcd_000.log",
  "kv/c01-ok.txt",
].map((name) => new Uint8Array(readFileSync(new URL(`../../corpus/${name}`, import.meta.url))));

const ednAtoms = fc.constantFrom(
  ...[
    "nil",
    "true",
    ":r",
    ":w",
    ":append",
    ":__proto__",
    '"__proto__"',
    '"a\\nb"',
    "1",
    "-2",
    "1/2",
    "3N",
    "1.5M",
  ],
  ...["\\a", "\\]", "sym", '#inst "x"', "##Inf", "9007199254740993", "; c\n 1", "#_ x 2", ",", "0"],
);
const edn: fc.Arbitrary<string> = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    ednAtoms,
    fc.array(tie("value"), { maxLength: 4 }).map((items) => `[${items.join(" ")}]`),
    fc.array(tie("value"), { maxLength: 3 }).map((items) => `#{${items.join(" ")}}`),
    fc
      .array(fc.tuple(ednAtoms, tie("value")), { maxLength: 3 })
      .map((pairs) => `{${pairs.flat().join(" ")}}`),
    tie("value").map((value) => `#a.Tag ${value}`),
  ),
})).value;
const ednMap = fc
  .tuple(
    fc.constantFrom(":type :invoke", ":type :ok", ":type :info", ":type :fail", ":type 7", ""),
    fc.constantFrom(":process 0", ":process 1", ":process :nemesis", ":process nil", ":process 1.5"),
    fc.constantFrom(":f :read", ":f :write", ":f :add", ":f :txn", ":f nil", ":f [1]", ""),
    fc.constantFrom("", ":key 1", ':key "__proto__"', ":index 3", ":time -5", ":error [:a {}]", ":key [1]"),
    edn,
  )
  .map((parts) => `{${parts.slice(0, 4).join(" ")} :value ${parts[4]}}`);

describe("readers of foreign formats and the linter never throw, and name line and field:", () => {
  test("any bytes, in any format", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), (bytes) => {
        for (const format of historyFormats) {
          expectSense(readFormat(format, bytes, {}, 9));
          expectLint(format, bytes);
        }
        guessFormat(new TextDecoder().decode(bytes));
      }),
      { seed: 51, numRuns: 600 },
    );
  });

  test("files of the corpus with bytes altered, put in or cut off", () => {
    const inserted = fc.constantFrom(
      "\u0000",
      "\ufeff",
      "\r\n",
      "{",
      "}",
      "[",
      "]",
      '"',
      "\\",
      "#_",
      ";",
      "é",
      "\ud800",
      "(((",
    );
    fc.assert(
      fc.property(
        fc.nat(corpus.length - 1),
        fc.nat(),
        fc.nat(255),
        inserted,
        fc.nat(2),
        (file, where, byte, text, how) => {
          const bytes = corpus[file]!.slice();
          const format = guessFormat(new TextDecoder().decode(bytes));
          const at = where % bytes.length;
          bytes[at] = byte;
          const added = new TextEncoder().encode(text);
          const whole = [
            bytes,
            bytes.subarray(0, at),
            new Uint8Array([...bytes.subarray(0, at), ...added, ...bytes.subarray(at)]),
          ];
          expectSense(readFormat(format, whole[how]!));
          expectLint(format, whole[how]!);
        },
      ),
      { seed: 52, numRuns: 800 },
    );
  });

  test("EDN that is well-formed, with hostile values", () => {
    fc.assert(
      fc.property(fc.array(ednMap, { maxLength: 6 }), fc.boolean(), fc.boolean(), (maps, isVector, keyed) => {
        const text = isVector ? `[${maps.join("\n")}]` : maps.join("\n");
        expectSense(readFormat("jepsen-edn", text));
        expectSense(readFormat("jepsen-edn", text, { keyed }));
        expectLint("jepsen-edn", text);
        expect(Object.getPrototypeOf({})).toBe(Object.prototype);
        expect(Object.hasOwn(Object.prototype, "1")).toBe(false);
      }),
      { seed: 53, numRuns: 1500 },
    );
  });

  test("JSON with hostile values", () => {
    const map = fc.record(
      {
        type: fc.constantFrom("invoke", "ok", "fail", "info", 3, "x"),
        process: fc.constantFrom(0, 1, "nemesis", null, {}, 1.5),
        f: fc.constantFrom("read", "write", "add", "cas", "txn", null, ["x"], ""),
        value: fc.oneof(
          fc.jsonValue({ maxDepth: 3 }),
          fc.constantFrom([1, null], [["r", 1]], [["append", "x", 1]], [1, [["w", {}, 1]]]),
        ),
        key: fc.constantFrom(undefined, 1, "__proto__", {}, null),
        index: fc.constantFrom(undefined, 0, 5, -1, "x"),
        time: fc.constantFrom(undefined, 5, 1, "x", -7),
        error: fc.jsonValue({ maxDepth: 2 }),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.array(map, { maxLength: 8 }), fc.constantFrom(undefined, true, false), (maps, keyed) => {
        const options = keyed === undefined ? {} : { keyed };
        expectSense(readFormat("jepsen-json", JSON.stringify(maps), options));
        expectLint("jepsen-json", JSON.stringify(maps));
        expectLint("ndjson", maps.map((fields) => JSON.stringify(fields)).join("\n"));
      }),
      { seed: 54, numRuns: 1500 },
    );
  });
});

test("the linter refuses exactly those files of our own format that the reader refuses", () => {
  const line = fc.record(
    {
      process: fc.oneof(
        { weight: 9, arbitrary: fc.nat(2) },
        { weight: 1, arbitrary: fc.constantFrom("0", null, 1.5) },
      ),
      type: fc.constantFrom("invoke", "ok", "invoke", "ok", "fail", "info"),
      f: fc.oneof(
        { weight: 20, arbitrary: fc.constant("read") },
        { weight: 1, arbitrary: fc.constantFrom("write", "", 7) },
      ),
      key: fc.oneof(
        { weight: 9, arbitrary: fc.constant("a") },
        { weight: 1, arbitrary: fc.constantFrom("b", 7, "7", null, {}) },
      ),
      index: fc.oneof({ weight: 20, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: fc.nat(9) }),
      time: fc.oneof({ weight: 20, arbitrary: fc.constant(5) }, { weight: 1, arbitrary: fc.nat(9) }),
      node: fc.constantFrom("x", "y"),
      value: fc.constantFrom(1, null),
    },
    { requiredKeys: ["process", "type", "f"] },
  );
  const other = fc.record(
    {
      type: fc.constantFrom("record", "phase", "record"),
      f: fc.constant("saga"),
      phase: fc.constant("load"),
      key: fc.oneof(
        { weight: 9, arbitrary: fc.constant("a") },
        { weight: 1, arbitrary: fc.constantFrom(7, "7", {}) },
      ),
      index: fc.oneof({ weight: 9, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: fc.nat(9) }),
      time: fc.oneof({ weight: 9, arbitrary: fc.constant(5) }, { weight: 1, arbitrary: fc.nat(9) }),
    },
    { requiredKeys: ["type", "f", "phase", "key"] },
  );
  const header = fc.constant({ format: "faultline-history", version: 1 });
  const any = fc.oneof(
    { weight: 20, arbitrary: line },
    { weight: 4, arbitrary: other },
    { weight: 1, arbitrary: header },
  );
  let refused = 0;
  fc.assert(
    fc.property(fc.array(any, { maxLength: 8 }), (lines) => {
      const text = lines.map((fields) => JSON.stringify(fields)).join("\n");
      const linter = lintFile("ndjson", {});
      linter.push(text);
      const refusals = linter
        .end()
        .findings.filter(({ effect }) => effect.startsWith("check refuses the file"));
      const { ok } = readFormat("ndjson", text);
      if (!ok) refused++;
      expect(refusals.length === 0, text).toBe(ok);
    }),
    { seed: 56, numRuns: 3000 },
  );
  expect(refused).toBeGreaterThan(1000);
  expect(refused).toBeLessThan(2900);
});

describe("memory stays bounded:", () => {
  const piece = "x".repeat(1 << 16);

  test.each([
    ["jepsen-edn", '{:a "'],
    ["jepsen-edn", "; "],
    ["jepsen-edn", "{:a x"],
    ["jepsen-edn", "\u0000"],
    ["jepsen-json", '[{"a":"'],
    ["jepsen-json", '["'],
    ["etcd-log", "INFO jepsen.util - 1 "],
    ["isolation-text", "r 1"],
    ["porcupine-kv", "{:a \\"],
  ] as const)("%s that begins with %j and never ends is refused or skipped", (format, start) => {
    const linter = lintFile(format, {});
    linter.push(start);
    const before = process.threadCpuUsage().user;
    for (let count = 0; count < 400; count++) linter.push(piece);
    expect((process.threadCpuUsage().user - before) / 1000).toBeLessThan(5000);
    expect(linter.end().operations).toBe(0);
  });

  test.each(["jepsen-edn", "jepsen-json"] as const)(
    "%s that is nested too deeply is an error, not a crash",
    (format) => {
      for (const open of ["[", "{", "(", "#{", "#a ", "#_", "{:a [", '{"a":[']) {
        expectSense(readFormat(format, open.repeat(100_000)));
      }
    },
  );
});

/** The lines that the events of a history make, processes left out. */
function linesOf(history: History): string[] {
  return [...eventsOf(history)].map((event) =>
    formatEvent({ ...event, ...("process" in event ? { process: 0 } : {}) }),
  );
}

test("what is exported is read back, event by event", () => {
  fc.assert(
    fc.property(choices(80), fc.constantFrom("bank", "counter", "set", "long-fork"), (tape, subject) => {
      const history = buildHistory(simulateJepsen(subject, new ChoiceTape(tape), 4));
      const { isKeyed } = exportLosses(history);
      for (const syntax of ["json", "edn"] as const) {
        const result = readFormat(`jepsen-${syntax}`, [...exportJepsen(history, syntax)].join(""), {
          keyed: isKeyed,
        });
        expect(result.ok && linesOf(result.history)).toEqual(linesOf(history));
      }
    }),
    { seed: 55, numRuns: 300 },
  );
});
