import fc from "fast-check";
import { expect, test } from "vitest";
import type { HistoryEvent } from "../../../checkers/history/operation.ts";
import { QuietTime } from "../../../checkers/history/quiet-time.ts";
import { buildHistory } from "../../support/build-history.ts";

const fault = (time: number, id: number, event: "inject" | "heal") => ({ time, id, event });

function historyWith(faults: readonly ReturnType<typeof fault>[]) {
  const events = faults.map(
    (known, index): HistoryEvent => ({ index, type: "fault", fault: "pause", target: "a", ...known }),
  );
  return buildHistory(events);
}

test("is all time without faults, and none from a fault on that is never healed", () => {
  expect(new QuietTime(historyWith([])).longestNanos(3, 10)).toBe(7);
  const open = new QuietTime(historyWith([fault(5, 1, "inject")]));
  expect([open.longestNanos(0, 20), open.longestNanos(5, 20)]).toEqual([5, 0]);
});

test("is the longest of the stretches, cut at both ends", () => {
  const quiet = new QuietTime(
    historyWith([
      fault(10, 1, "inject"),
      fault(15, 2, "inject"),
      fault(20, 1, "heal"),
      fault(30, 2, "heal"),
      fault(34, 3, "inject"),
      fault(40, 3, "heal"),
    ]),
  );
  expect(quiet.longestNanos(0, 50)).toBe(10);
  expect(quiet.longestNanos(5, 42)).toBe(5);
  expect(quiet.longestNanos(12, 36)).toBe(4);
  expect(quiet.longestNanos(12, 25)).toBe(0);
  expect(quiet.longestNanos(7, 7)).toBe(0);
});

test("is what looking at each moment says", () => {
  const moments = fc.array(fc.tuple(fc.nat(60), fc.nat(12)), { maxLength: 6 });
  fc.assert(
    fc.property(moments, fc.nat(60), fc.nat(30), (spans, from, length) => {
      const lines = spans.flatMap(([start, lasts], id) => [
        fault(start, id, "inject"),
        fault(start + lasts + 1, id, "heal"),
      ]);
      lines.sort((a, b) => a.time - b.time);
      const isQuiet = (at: number) => !spans.some(([start, lasts]) => at >= start && at < start + lasts + 1);
      let longest = 0;
      let run = 0;
      for (let at = from; at < from + length; at++) {
        run = isQuiet(at) ? run + 1 : 0;
        longest = Math.max(longest, run);
      }
      expect(new QuietTime(historyWith(lines)).longestNanos(from, from + length)).toBe(longest);
    }),
    { seed: 7, numRuns: 2000 },
  );
});
