import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { describeReadError } from "../../../checkers/history/describe-read-error.ts";
import { eventsOf } from "../../../checkers/history/event-at.ts";
import { createHistoryReader } from "../../../checkers/history/ndjson-reader.ts";
import { formatEvent } from "../../../checkers/history/ndjson-writer.ts";
import type { ReadHistoryResult } from "../../../checkers/history/reader-types.ts";
import { buildHistory } from "../../support/build-history.ts";
import { byDefault, catalogueFunctions, judgeByAll } from "../../support/catalogue.ts";
import { ChoiceTape, choices } from "../../support/choice-tape.ts";
import { simulateEntities } from "../../support/simulated-entity.ts";

// Those of the catalogue, so that no checker is left out.
const functions = catalogueFunctions();
const names = [
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "version",
  "value",
  "expected",
  "stock",
];
const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 4 }),
  fc.dictionary(fc.constantFrom(...names), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 }),
  fc.constantFrom(
    null,
    -0,
    1e308,
    2 ** 53,
    "\u0000{}",
    [],
    {},
    [[]],
    { version: 1 },
    { version: 1, value: {} },
  ),
);
const hostileLine = fc.record(
  {
    index: fc.option(fc.oneof(fc.nat(5), hostileValue), { freq: 8 }),
    time: fc.oneof(fc.constant(undefined), fc.nat(5), hostileValue),
    process: fc.oneof({ weight: 6, arbitrary: fc.nat(2) }, { weight: 1, arbitrary: hostileValue }),
    type: fc.oneof(
      { weight: 9, arbitrary: fc.constantFrom("invoke", "ok", "fail", "info", "record", "fault", "phase") },
      { weight: 1, arbitrary: hostileValue },
    ),
    f: fc.oneof(
      { weight: 15, arbitrary: fc.constantFrom(...functions) },
      { weight: 1, arbitrary: hostileValue },
    ),
    key: fc.oneof(fc.constantFrom("a", "__proto__"), hostileValue),
    value: hostileValue,
    error: fc.oneof(fc.constantFrom("conflict", { code: "conflict" }), hostileValue),
    final: fc.oneof(fc.boolean(), hostileValue),
  },
  { requiredKeys: [] },
);

function read(chunks: Iterable<Uint8Array | string>): ReadHistoryResult {
  const reader = createHistoryReader({ file: "fuzz" });
  for (const chunk of chunks) reader.push(chunk);
  return reader.end();
}

/** Whatever was read: errors name line and field, and checkers answer. */
function expectSense(result: ReadHistoryResult): void {
  if (result.ok) {
    judgeByAll(result.history, byDefault);
    return;
  }
  for (const error of result.errors) {
    expect(error.line).toBeGreaterThan(0);
    expect(error.field).not.toBe("");
    expect(describeReadError(error)).toMatch(/^fuzz:\d+: .+ \[[a-z0-9-]+\]$/);
  }
}

describe("the reader never throws, and names line and field:", () => {
  test("any bytes", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 80 }), { maxLength: 4 }), (chunks) =>
        expectSense(read(chunks)),
      ),
      { seed: 14, numRuns: 1500 },
    );
  });

  test("lines of hostile fields", () => {
    fc.assert(
      fc.property(fc.array(hostileLine, { maxLength: 12 }), (lines) =>
        expectSense(read([lines.map((line) => JSON.stringify(line)).join("\n")])),
      ),
      { seed: 15, numRuns: 1200 },
    );
  });

  test("lines that are well-formed, with hostile values", () => {
    const call = fc.tuple(
      fc.nat(2),
      fc.constantFrom(...functions),
      fc.constantFrom("a", "__proto__"),
      hostileValue,
      hostileValue,
      fc.constantFrom("ok", "fail", "ok"),
      fc.boolean(),
    );
    fc.assert(
      fc.property(fc.array(call, { maxLength: 12 }), (calls) => {
        const lines = calls.flatMap(([process, f, key, asked, answered, type, final]) => [
          JSON.stringify({ process, type: "invoke", f, key, value: asked, final }),
          JSON.stringify({ process, type, f, value: answered, error: { code: "conflict" } }),
        ]);
        const result = read([lines.join("\n")]);
        expect(result.ok).toBe(true);
        expectSense(result);
      }),
      { seed: 16, numRuns: 1500 },
    );
  });

  test("files with one byte altered or cut off anywhere", () => {
    fc.assert(
      fc.property(choices(60), fc.nat(), fc.nat(255), fc.boolean(), (tape, where, byte, isCut) => {
        const simulation = { clients: 3, keys: 1, bugEvery: 0, staleReads: true };
        const text = simulateEntities(new ChoiceTape(tape), simulation).map(formatEvent).join("\n");
        const bytes = new TextEncoder().encode(text);
        if (bytes.length === 0) return;
        const at = where % bytes.length;
        if (!isCut) bytes[at] = byte;
        expectSense(read([isCut ? bytes.subarray(0, at) : bytes]));
      }),
      { seed: 17, numRuns: 1000 },
    );
  });
});

test("what is written is read back, event by event", () => {
  fc.assert(
    fc.property(choices(80), (tape) => {
      const simulation = { clients: 3, keys: 2, bugEvery: 4, staleReads: true };
      const history = buildHistory(simulateEntities(new ChoiceTape(tape), simulation));
      const lines = [...eventsOf(history)].map(formatEvent);
      const result = read(lines.map((line) => `${line}\n`));
      expect(result.ok && [...eventsOf(result.history)].map(formatEvent)).toEqual(lines);
    }),
    { seed: 18, numRuns: 200 },
  );
});
