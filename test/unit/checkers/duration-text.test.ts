import { expect, test } from "vitest";
import { durationText } from "../../../checkers/history/duration-text.ts";

test("durations have one decimal at most, and what exceeds a limit does not read as equal to it", () => {
  expect([0, 3, 12.5, 0.1, 20037.391622, 12500.000001].map(durationText)).toEqual([
    "0 ms",
    "3 ms",
    "12.5 ms",
    "0.1 ms",
    "20037.4 ms",
    "12500.1 ms",
  ]);
});
