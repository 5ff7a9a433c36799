import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { eventStreams } from "../../../checkers/event-streams/event-streams.checker.ts";
import { VersionTable } from "../../../checkers/event-streams/version-table.ts";
import { historyOf } from "../../support/history-text.ts";

const added = fc.record({
  stream: fc.integer({ min: 0, max: 2 }),
  // Near ones, some beyond what is found by position, and some that are far.
  version: fc.oneof(fc.integer({ min: 1, max: 90 }), fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER })),
  column: fc.constantFrom("Final" as const, "State" as const, "Named" as const),
});

describe("VersionTable", () => {
  test("keeps the first row of each version as a map would", () => {
    fc.assert(
      fc.property(fc.array(added, { maxLength: 60 }), (calls) => {
        const counts = new Int32Array(3);
        const highest = new Float64Array(3);
        for (const { stream, version } of calls) {
          counts[stream]!++;
          highest[stream] = Math.max(highest[stream]!, version);
        }
        const table = new VersionTable({ counts, highest });
        const known = new Map<string, number>();
        for (const [row, { stream, version, column }] of calls.entries()) {
          const name = `${column} ${stream} ${version}`;
          expect(table[`add${column}`](stream, version, row)).toBe(known.get(name) ?? -1);
          if (!known.has(name)) known.set(name, row);
        }
        for (const { stream, version } of calls) {
          for (const at of [version - 1, version, version + 1, version + 0.5]) {
            expect(table.finalRow(stream, at)).toBe(known.get(`Final ${stream} ${at}`) ?? -1);
            expect(table.stateRow(stream, at)).toBe(known.get(`State ${stream} ${at}`) ?? -1);
            expect(table.namedRow(stream, at)).toBe(known.get(`Named ${stream} ${at}`) ?? -1);
          }
          const finals = calls.filter((call) => call.stream === stream && call.column === "Final");
          const rising = [...new Set(finals.map((call) => call.version))].sort((a, b) => a - b);
          expect(table.finalVersions(stream)).toEqual(rising);
        }
      }),
      { seed: 91, numRuns: 400 },
    );
  });

  test("takes no more room than the records are many, however high their versions are", () => {
    const high = Number.MAX_SAFE_INTEGER;
    const lines = [high, high - 1, 7].map(
      (version) => `record final event x {"version":${version},"event":"e${version}"}`,
    );
    const { anomalies } = eventStreams().check(historyOf(lines.join("\n")));
    expect(anomalies.map(({ type }) => type)).toEqual(["version-gap", "version-gap"]);
  });
});
