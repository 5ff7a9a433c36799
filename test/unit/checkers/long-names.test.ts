import { describe, expect, test } from "vitest";
import { clippedText } from "../../../checkers/history/excerpt.ts";
import type { HistoryEvent, Json } from "../../../checkers/history/operation.ts";
import { alarmSources } from "../../false-alarms/alarm-sources.ts";
import { buildHistory } from "../../support/build-history.ts";
import { ChoiceTape } from "../../support/choice-tape.ts";

const tail = "y".repeat(3000);

/** Every name with a number in it, such as a key or a value, becomes very long; what differs still differs. */
function longer(value: Json | undefined): Json | undefined {
  if (typeof value === "string") return /\d/.test(value) ? value + tail : value;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((entry: Json) => longer(entry)!);
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, longer(field)!]));
}

function withLongNames(event: HistoryEvent): HistoryEvent {
  if (event.type === "fault" || event.type === "phase") return event;
  return {
    ...event,
    ...(event.key === undefined ? {} : { key: event.key + tail }),
    ...(event.node === undefined ? {} : { node: event.node + tail }),
    ...(event.value === undefined ? {} : { value: longer(event.value)! }),
    ...("process" in event && event.client === undefined ? { process: `p${event.process}${tail}` } : {}),
  };
}

function tapeOf(seed: number, length: number): ChoiceTape {
  return new ChoiceTape(Array.from({ length }, (_, at) => ((at + 1) * (7919 + 104_729 * seed)) % 9973));
}

/** By source: how many proofs and reasons were looked at. */
const quoted = new Map<string, number>();

describe("proofs and reasons quote no more than the beginning of what is in a file", () => {
  test.each(alarmSources.filter(({ broken }) => broken !== null))(
    "$name",
    ({ name, broken, checkers, choices }) => {
      let proofs = 0;
      for (let seed = 0; seed < 60; seed++) {
        const history = buildHistory(broken!(tapeOf(seed, choices)).map(withLongNames));
        for (const checker of checkers) {
          const result = checker.check(history);
          const reason = result.verdict === "unknown" ? [result.reason] : [];
          for (const text of [...result.anomalies.map(({ proof }) => proof), ...reason]) {
            expect(text.replace(/y{200,}/, "<a long name>")).not.toContain("<a long name>");
            expect(text.length).toBeLessThan(4000);
            proofs++;
          }
        }
      }
      quoted.set(name, proofs);
    },
  );
});

test("nearly every source gave proofs to look at", () => {
  const silent = [...quoted].filter(([, count]) => count === 0).map(([name]) => name);
  expect(quoted.size).toBeGreaterThan(20);
  expect(silent.length).toBeLessThan(3);
});

test("a text that is clipped says how long it is, and ends with a whole character", () => {
  expect(clippedText("short")).toBe("short");
  expect(clippedText("x".repeat(80))).toBe("x".repeat(80));
  expect(clippedText(`${"x".repeat(79)}😀tail`)).toBe(`${"x".repeat(79)}… (85 characters)`);
});
