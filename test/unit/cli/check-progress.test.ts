import { expect, test } from "vitest";
import { checkProgress } from "../../../cli/check-progress.ts";
import { fakeIo } from "./fake-io.ts";

test("a long check redraws one line of a terminal and takes it away", () => {
  const { err } = fakeIo({ isTerminal: true });
  {
    using progress = checkProgress(err);
    for (let ms = 0; ms <= 1000; ms += 10) progress.show("a.edn: list-append", ms / 1000, ms);
    expect(err.written).toHaveLength(6);
    expect(err.written[5]).toBe("\r\u001b[2Ka.edn: list-append: 100 %, 1.0 s");
  }
  expect(err.written.at(-1)).toBe("\r\u001b[2K");
});

test("how far it is may be unknown, and names may be hostile", () => {
  const { err } = fakeIo({ isTerminal: true });
  checkProgress(err).show("a\u001b[2J.edn: set", null, 70_000);
  expect(err.written.join("").slice(5)).not.toContain("\u001b");
  expect(err.written.join("")).toContain("set: 1 min 10 s");
});

test("elsewhere, and of a short check, nothing is written", () => {
  const { err } = fakeIo();
  checkProgress(err).show("a", 0.5, 10_000);
  const terminal = fakeIo({ isTerminal: true });
  const short = checkProgress(terminal.err);
  short.show("a", 0.5, 400);
  short[Symbol.dispose]();
  expect([...err.written, ...terminal.err.written]).toEqual([]);
});
