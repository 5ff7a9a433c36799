import { describe, expect, test } from "vitest";
import { codesOf, historyIn, readFormat } from "../../../support/read-format.ts";

/** The value of a read that shows this EDN. */
function shownBy(edn: string): unknown {
  const text = `{:process 0 :type :invoke :f :read}\n{:process 0 :type :ok :f :read :value ${edn}}`;
  return historyIn("jepsen-edn", text, { keyed: false }).value[1];
}

describe("EDN values become JSON:", () => {
  test.each<[string, unknown]>([
    ["nil", null],
    ["true", true],
    ["false", false],
    ["0", 0],
    ["-17", -17],
    ["+5", 5],
    ["-0", 0],
    ["42N", 42],
    ["1.5", 1.5],
    ["1e3", 1000],
    ["2.50M", 2.5],
    ["1/4", 0.25],
    ["0x1F", 31],
    ["9007199254740993", "9007199254740993"],
    ["-123456789012345678901234567890N", "-123456789012345678901234567890"],
    ["1e999", "1e999"],
    [":key", "key"],
    [":a/b", "a/b"],
    ["sym", "sym"],
    ["-", "-"],
    ["##Inf", "Inf"],
    ['"a\\"b\\\\c\\nd\\u0041\\t"', 'a"b\\c\ndA\t'],
    ['"\\101"', "A"],
    ['"two\nlines"', "two\nlines"],
    ['""', ""],
    ["\\a", "a"],
    ["\\newline", "\n"],
    ["\\u0041", "A"],
    ["\\]", "]"],
    ["\\\\", "\\"],
    ["[]", []],
    ["[1, 2 ,3]", [1, 2, 3]],
    ["(1 [2] ())", [1, [2], []]],
    ["#{1 2}", [1, 2]],
    ["{}", {}],
    ['{:a 1, "b" 2, 3 4}', { a: 1, b: 2, 3: 4 }],
    ["{[1 2] :x}", { "[1,2]": "x" }],
    ['#inst "2020-01-01T00:00:00Z"', "2020-01-01T00:00:00Z"],
    ["#jepsen.history.Op{:a 1}", { a: 1 }],
    ['#object[java.lang.Thread 0x1f "main"]', ["java.lang.Thread", 31, "main"]],
    ["#_ignored 7", 7],
    ["#_#_a b 7", 7],
    ["[1 #_ 2 3 #_[4 {5 6}]]", [1, 3]],
    ["[1 ; a comment ]\n 2]", [1, 2]],
  ])("%s", (edn, json) => {
    expect(shownBy(edn)).toEqual(json);
  });

  test("a field named __proto__ is a field like any other", () => {
    const value = shownBy('{"__proto__" 1, :constructor 2}') as Record<string, unknown>;
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(Object.entries(value)).toEqual([
      ["__proto__", 1],
      ["constructor", 2],
    ]);
  });
});

describe("what is no EDN is named with its line, and reading goes on:", () => {
  const good = "{:process 1 :type :invoke :f :read}";
  test.each([
    ["{:a 1 :b}", "not-edn"],
    ["{:a ]}", "not-edn"],
    ['{:a "\\q"}', "not-edn"],
    ["{:a \\nonsense}", "not-edn"],
    ["{:a #}", "not-edn"],
    ["{: 1}", "not-edn"],
    ["[1 2]", "not-an-object"],
    ["17", "not-an-object"],
    [`{:a ${"[".repeat(70)}${"]".repeat(70)}}`, "too-deep"],
    [`{:a ${"#x ".repeat(70)} 1}`, "too-deep"],
    [`{:a ${"#_ ".repeat(70)} 1}`, "too-deep"],
  ])("%s", (bad, code) => {
    const result = readFormat("jepsen-edn", `[${good}\n ${bad}\n ${good.replace("1", "2")}]`);
    expect(codesOf(result)).toEqual({ errors: [`${code}:2`], warnings: [] });
  });

  test("a form that never ends is refused at the limit, not collected", () => {
    const text = `${good}\n{:a "${"x".repeat(5000)}`;
    expect(codesOf(readFormat("jepsen-edn", text, { maxLineBytes: 1000 }, 100)).errors).toEqual([
      "line-too-long:2",
    ]);
  });

  test("a file that was cut off is read up to there", () => {
    const result = readFormat("jepsen-edn", `[${good}\n {:process 1 :type :o`);
    expect(codesOf(result)).toEqual({ errors: [], warnings: ["truncated-last-line:2"] });
    expect(result.ok && result.history.length).toBe(1);
  });
});
