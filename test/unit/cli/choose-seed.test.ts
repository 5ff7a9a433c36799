import { expect, test } from "vitest";
import { chooseSeed } from "../../../cli/choose-seed.ts";

const fresh = () => 99;

test("the option wins over the configuration, which wins over a fresh seed", () => {
  expect(chooseSeed(1, 2, {}, fresh)).toEqual({ seed: 1, isFresh: false });
  expect(chooseSeed(undefined, 2, {}, fresh)).toEqual({ seed: 2, isFresh: false });
  expect(chooseSeed(undefined, undefined, {}, fresh)).toEqual({ seed: 99, isFresh: true });
  expect(chooseSeed(0, 2, {}, fresh)).toEqual({ seed: 0, isFresh: false });
});

test.each(["1", "true", "yes"])("with CI=%s a fresh seed is refused", (CI) => {
  expect(() => chooseSeed(undefined, undefined, { CI }, fresh)).toThrow(/fixed seed/);
  expect(chooseSeed(1, undefined, { CI }, fresh).seed).toBe(1);
  expect(chooseSeed(undefined, 2, { CI }, fresh).seed).toBe(2);
});

test.each(["", "false"])("CI=%o is no CI", (CI) => {
  expect(chooseSeed(undefined, undefined, { CI }, fresh).isFresh).toBe(true);
});
