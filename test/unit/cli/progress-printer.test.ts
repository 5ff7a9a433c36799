import { expect, test } from "vitest";
import { progressPrinter } from "../../../cli/progress-printer.ts";
import { fakeIo } from "./fake-io.ts";

function at(elapsedMs: number) {
  return {
    finished: elapsedMs,
    total: 100_000,
    anomalies: 0,
    unexpected: 0,
    elapsedMs,
    activity: "a hardened",
  };
}

test("a terminal's line is redrawn ten times a second, and taken away at the end", () => {
  const { err } = fakeIo({ isTerminal: true });
  const printer = progressPrinter(err);
  for (let ms = 0; ms <= 1000; ms += 10) printer.show(at(ms));
  expect(err.written).toHaveLength(11);
  expect(err.written.every((text) => text.startsWith("\r\u001b[2K") && !text.includes("\n"))).toBe(true);
  printer[Symbol.dispose]();
  expect(err.written.at(-1)).toBe("\r\u001b[2K");
});

test("elsewhere a line is written every few seconds", () => {
  const { err } = fakeIo();
  const printer = progressPrinter(err);
  for (let ms = 0; ms <= 16_000; ms += 100) printer.show(at(ms));
  printer[Symbol.dispose]();
  expect(err.written).toHaveLength(3);
  expect(err.written.every((text) => text.endsWith("\n") && !text.includes("\u001b"))).toBe(true);
});
