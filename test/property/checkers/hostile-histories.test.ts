import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Checker } from "../../../checkers/checker.ts";
import { historyFormats } from "../../../checkers/formats/format-names.ts";
import { exportJepsen } from "../../../checkers/formats/jepsen-export.ts";
import { describeReadError } from "../../../checkers/history/describe-read-error.ts";
import { formatEvent } from "../../../checkers/history/ndjson-writer.ts";
import type { HistoryEvent, Json } from "../../../checkers/history/operation.ts";
import { alarmSources } from "../../false-alarms/alarm-sources.ts";
import { buildHistory } from "../../support/build-history.ts";
import { catalogueFunctions, judgeByAll } from "../../support/catalogue.ts";
import { ChoiceTape, choices } from "../../support/choice-tape.ts";
import { readFormat } from "../../support/read-format.ts";

const deep = (levels: number): Json =>
  Array.from({ length: levels }).reduce<Json>((inner) => [inner], "deep");

/** What no checker is made for, in place of a value or a part of one. */
const hostile: readonly Json[] = [
  null,
  true,
  -0,
  -1,
  0.5,
  1e308,
  2 ** 53,
  "",
  "\u0000{}",
  "\ud800",
  "𐀀".repeat(3000),
  "__proto__",
  [],
  {},
  [[]],
  deep(40),
  { version: 1 },
  { version: "1", value: { version: [] }, expected: {} },
  JSON.parse('{"__proto__":1,"constructor":{"prototype":2},"hasOwnProperty":null}'),
  [["r", "__proto__", [1]], ["append", "constructor", {}], ["w"], []],
  Array.from({ length: 2000 }, (_, at) => at),
];
const hostileKeys = ["__proto__", "constructor", "hasOwnProperty", "\udfff", "", "k".repeat(5000), "a\nb"];

/** A history for some checker of the catalogue. */
const histories = fc
  .tuple(fc.nat(alarmSources.length - 1), choices(60), fc.boolean())
  .map(([at, tape, isBroken]) => {
    const source = alarmSources[at]!;
    const simulate = isBroken && source.broken !== null ? source.broken : source.right;
    return simulate(new ChoiceTape(tape)).slice(0, 60);
  });

/** The events with some parts of some of them spoilt: functions, keys, values, parts of values, ends. */
function spoilt(
  events: readonly HistoryEvent[],
  functions: readonly string[],
  tape: ChoiceTape,
): HistoryEvent[] {
  const every = tape.pick([3, 10, 40]);
  const names = new Map(functions.map((f) => [f, tape.once(6) ? tape.pick(functions) : f]));
  const keys = new Map<string, string>();
  return events.map((event): HistoryEvent => {
    if (event.type === "fault" || event.type === "phase") return event;
    const key = event.key === undefined ? undefined : (keys.get(event.key) ?? spoiltKey(event.key, tape));
    if (event.key !== undefined && key !== undefined) keys.set(event.key, key);
    const value = tape.once(every) ? spoiltPart(event.value ?? null, tape) : event.value;
    return {
      ...event,
      f: names.get(event.f) ?? event.f,
      ...(key === undefined ? {} : { key }),
      ...(value === undefined ? {} : { value }),
      ...(tape.once(every * 4) ? { final: true } : {}),
    } as HistoryEvent;
  });
}

function spoiltKey(key: string, tape: ChoiceTape): string {
  return tape.once(3) ? tape.pick(hostileKeys) : key;
}

function spoiltPart(value: Json, tape: ChoiceTape): Json {
  if (tape.once(3) || value === null || typeof value !== "object") return tape.pick(hostile);
  if (Array.isArray(value)) {
    const at = tape.below(value.length + 1);
    return [...value.slice(0, at), spoiltPart(value[at] ?? null, tape), ...value.slice(at + 1)];
  }
  const entries = Object.entries(value as Record<string, Json>);
  if (entries.length === 0) return tape.pick(hostile);
  const at = tape.below(entries.length);
  const [name, inner] = entries[at]!;
  const isGone = tape.once(4);
  entries.splice(at, 1, ...(isGone ? [] : [[name, spoiltPart(inner, tape)] as [string, Json]]));
  return Object.fromEntries(entries);
}

const functions = catalogueFunctions();

describe("no checker throws, or is content with nothing,", () => {
  test("where functions, keys and values of histories of every checker are spoilt", () => {
    let read = 0;
    fc.assert(
      fc.property(histories, choices(80), (events, tape) => {
        const text = spoilt(events, functions, new ChoiceTape(tape)).map(formatEvent).join("\n");
        const result = readFormat("ndjson", text);
        if (!result.ok) return;
        read++;
        judgeByAll(result.history);
      }),
      { seed: 101, numRuns: Number(process.env.FAULTLINE_LAW_RUNS ?? 250) },
    );
    expect(read).toBeGreaterThan(100);
  });

  test("where every function of the catalogue has every hostile value", () => {
    for (const f of functions) {
      for (const final of [false, true]) {
        const events = hostile.flatMap((value, at): object[] => [
          { process: at, type: "invoke", f, key: "a", value, final },
          {
            process: at,
            type: at % 3 === 2 ? "info" : "ok",
            f,
            key: "a",
            value: hostile[(at * 5) % hostile.length],
          },
          { type: "record", f, key: hostileKeys[at % hostileKeys.length]!, node: "n", value, final },
        ]);
        const result = readFormat("ndjson", events.map((event) => JSON.stringify(event)).join("\n"));
        expect(result.ok).toBe(true);
        if (result.ok) judgeByAll(result.history);
      }
    }
  });

  test("where a file of any format is cut off, spoilt, or of mixed encodings", () => {
    let read = 0;
    const encodings = ["utf-8", "utf-16", "latin1", "mixed"] as const;
    fc.assert(
      fc.property(
        histories,
        fc.nat(),
        fc.constantFrom(...encodings),
        fc.nat(3),
        (events, where, encoding, how) => {
          const history = buildHistory(events);
          const texts = [
            events.map(formatEvent).join("\n"),
            [...exportJepsen(history, "json")].join(""),
            [...exportJepsen(history, "edn")].join(""),
          ];
          for (const text of texts) {
            const whole = encoded(text, encoding);
            const at = where % (whole.length + 1);
            const bytes = how === 0 ? whole : how === 1 ? whole.subarray(0, at) : whole.slice();
            if (how === 2) bytes[at] = where % 256;
            for (const format of historyFormats) {
              const result = readFormat(format, bytes, {}, 97);
              for (const error of [...(result.ok ? [] : result.errors), ...result.warnings])
                expect(describeReadError(error)).toMatch(/^given:\d+: (.|\n)+ \[[a-z0-9-]+\]$/);
              if (!result.ok || result.history.length === 0) continue;
              read++;
              judgeByAll(result.history);
            }
          }
        },
      ),
      { seed: 102, numRuns: Number(process.env.FAULTLINE_LAW_RUNS ?? 90) },
    );
    expect(read).toBeGreaterThan(30);
  });
});

function encoded(text: string, encoding: "utf-8" | "utf-16" | "latin1" | "mixed"): Uint8Array {
  if (encoding === "utf-16") return new Uint8Array(Buffer.from(`\ufeff${text}`, "utf16le"));
  if (encoding === "latin1") return new Uint8Array(Buffer.from(text.replace("k", "é"), "latin1"));
  if (encoding === "utf-8") return new TextEncoder().encode(text);
  const half = text.length >> 1;
  return new Uint8Array([...Buffer.from(text.slice(0, half)), ...Buffer.from(text.slice(half), "utf16le")]);
}

test("a checker that throws, is content with nothing, or says what is no sense is found out", () => {
  const answers = (check: Checker["check"]): Checker => ({ name: "fake", claim: "", blindSpots: [], check });
  const history = buildHistory([]);
  const valid = { verdict: "valid", anomalies: [], stats: { operations: 0 } } as const;
  const unknown = { verdict: "unknown", anomalies: [], reason: "NaN", stats: { operations: 0 } } as const;
  const fail = (): never => {
    throw new TypeError("x");
  };
  expect(() => judgeByAll(history, [answers(fail)])).toThrow("itself failed");
  expect(() => judgeByAll(history, [answers(() => valid)])).toThrow("nothing was examined");
  expect(() => judgeByAll(history, [answers(() => unknown)])).toThrow("NaN");
});

test("the names are those of the catalogue", () => {
  const known = [
    "txn",
    "append",
    "read-at",
    "event",
    "projected",
    "acquire",
    "enqueue",
    "transfer",
    "guarded-write",
  ];
  expect(functions).toEqual(
    expect.arrayContaining([...known, "holding", "due", "call", "bad-request", "list"]),
  );
});
