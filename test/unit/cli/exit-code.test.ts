import { expect, test } from "vitest";
import { exitCodeOf } from "../../../cli/exit-code.ts";

test.each([
  ["valid", false, 0],
  ["invalid", false, 1],
  ["unknown", false, 2],
  ["valid", true, 255],
  ["unknown", true, 255],
  ["invalid", true, 1],
] as const)("%s with harness failure %s is %i", (verdict, failed, code) => {
  expect(exitCodeOf(verdict, failed)).toBe(code);
});
