import { InvalidArgumentError } from "commander";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nameList, namePairs, SEED_MAX, wholeNumber } from "../../../cli/parse-options.ts";

describe("wholeNumber", () => {
  test("reads every seed", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: SEED_MAX }), (seed) => {
        expect(wholeNumber(0, SEED_MAX)(String(seed))).toBe(seed);
      }),
      { seed: 1 },
    );
  });

  test.each([
    "",
    "-1",
    "1.5",
    "1e3",
    "0x10",
    "seven",
    " 7",
    "7 ",
    "４",
    "4294967296",
    "99999999999999999999",
  ])("refuses %o", (text) => expect(() => wholeNumber(0, SEED_MAX)(text)).toThrow(InvalidArgumentError));
});

describe("nameList", () => {
  test("takes names apart, each once", () => expect(nameList("a, b,a")).toEqual(["a", "b"]));
  test.each(["", "a,", ",a", "a,,b"])("refuses %o", (text) => {
    expect(() => nameList(text)).toThrow(InvalidArgumentError);
  });
});

describe("namePairs", () => {
  test("collects pairs", () => {
    expect(namePairs("update=save", namePairs("read=get,load"))).toEqual({
      read: ["get", "load"],
      update: ["save"],
    });
  });
  test.each(["", "read", "=get", "read=", "read=,"])("refuses %o", (text) => {
    expect(() => namePairs(text)).toThrow(InvalidArgumentError);
  });
});
