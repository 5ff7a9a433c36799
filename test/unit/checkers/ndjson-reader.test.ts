import { describe, expect, test } from "vitest";
import { describeReadError } from "../../../checkers/history/describe-read-error.ts";
import { eventsOf } from "../../../checkers/history/event-at.ts";
import { createHistoryReader } from "../../../checkers/history/ndjson-reader.ts";
import { formatEvent, formatHeader } from "../../../checkers/history/ndjson-writer.ts";
import type { HistoryReaderOptions, ReadHistoryResult } from "../../../checkers/history/reader-types.ts";
import { eventsOfText } from "../../support/history-text.ts";

const events = eventsOfText(`
  phase load
  c1 > update user/7 {"expected":3,"value":"ä€😀"}
  record effect user/7 @user {"step":"rename"}
  fault 1 inject pause
  fault 1 heal pause 2
  record final saga user/7
  c1 < fail !conflict
  c1 final read user/7 => ok {"version":4}
`);
const header = { format: "faultline-history", version: 1, scenario: "s", seed: 7, plan: { a: [1] } } as const;
const file = [formatHeader(header), ...events.map(formatEvent), ""].join("\n");
const invoke = '{"process":1,"type":"invoke","f":"read"}';

function read(text: string | Uint8Array, options: HistoryReaderOptions = {}): ReadHistoryResult {
  const reader = createHistoryReader({ file: "h.ndjson", ...options });
  reader.push(text);
  return reader.end();
}

/** The errors as text; the warnings where there are none. */
function problemsOf(text: string | Uint8Array, options: HistoryReaderOptions = {}): string[] {
  const result = read(text, options);
  return (result.ok ? result.warnings : result.errors).map(describeReadError);
}

describe("a history file", () => {
  test("is read back as it was written", () => {
    const result = read(file);
    expect(result.ok && result.history.header).toEqual(header);
    expect(result.ok && [...eventsOf(result.history)].map(formatEvent)).toEqual([
      ...events.slice(0, -1).map(formatEvent),
      formatEvent({ ...(events.at(-1) as (typeof events)[0]), final: true } as (typeof events)[0]),
    ]);
  });

  test("may be cut into chunks anywhere, as bytes or as text", () => {
    const bytes = new TextEncoder().encode(file);
    const whole = JSON.stringify(read(file));
    for (const size of [1, 2, 3, 7, 64]) {
      const fromBytes = createHistoryReader({ file: "h.ndjson" });
      for (let at = 0; at < bytes.length; at += size) fromBytes.push(bytes.subarray(at, at + size));
      expect(JSON.stringify(fromBytes.end())).toBe(whole);
      const fromText = createHistoryReader({ file: "h.ndjson" });
      for (let at = 0; at < file.length; at += size) fromText.push(file.slice(at, at + size));
      expect(JSON.stringify(fromText.end())).toBe(whole);
    }
  });

  test("may have a byte-order mark, CRLF, blank lines, no header and no last line end", () => {
    const lines = events.map(formatEvent).join("\r\n\r\n");
    const result = read(`\ufeff${lines}`);
    expect(result).toMatchObject({ ok: true, warnings: [] });
    expect(result.ok && result.history.length).toBe(6);
  });

  test("may leave out what foreign files do not have, and have what they do", () => {
    const result = read(
      [
        '{"process":"w-1","type":"invoke","f":"read","key":7,"traceId":"abc","time":null}',
        '{"process":"w-1","type":"ok","f":"read","value":null,"error":null,"node":null,"__proto__":{"x":1}}',
        '{"process":0,"type":"invoke","f":"write","key":7,"value":{"__proto__":1}}',
        '{"process":0,"type":"info","f":"write","error":"timeout","time":12}',
      ].join("\n"),
    );
    expect(result.ok && [...eventsOf(result.history)].map(formatEvent)).toEqual([
      '{"index":0,"time":0,"process":"w-1","type":"invoke","f":"read","key":"7"}',
      '{"index":1,"time":0,"process":"w-1","type":"ok","f":"read","key":"7","value":null}',
      '{"index":2,"time":0,"process":0,"type":"invoke","f":"write","key":"7","value":{"__proto__":1}}',
      '{"index":3,"time":12,"process":0,"type":"info","f":"write","key":"7","error":{"code":"timeout"}}',
    ]);
    expect(result.ok && result.history.sessions).toEqual(["process w-1", "process 0"]);
  });

  test("may be empty", () => {
    expect(read("")).toMatchObject({ ok: true, history: { length: 0, header: null } });
    expect(read("\n\r\n  ")).toMatchObject({ ok: true, history: { length: 0 } });
  });

  test("may be cut off in its last line", () => {
    const cut = `${invoke}\n{"process":1,"type":"o`;
    expect(read(cut)).toMatchObject({ ok: true, history: { length: 1 } });
    expect(problemsOf(cut)).toEqual([
      'h.ndjson:2: line: expected one JSON object and a line end, found "{\\"process\\":1,\\"type\\":\\"o"; the recorder was ' +
        "cut off here; the line was left out [truncated-last-line]",
    ]);
    const half = new TextEncoder().encode(`${invoke}\n"ä`).slice(0, -1);
    expect(problemsOf(half)[0]).toMatch(/found half a character; .* \[truncated-last-line\]$/);
  });
});

describe("a malformed line is named with line and field:", () => {
  test.each([
    [
      '{"process":1}',
      'h.ndjson:1: type: expected "invoke", "ok", "fail", "info", "record", "fault" or "phase", found nothing; what kind of event the line is [missing-field]',
    ],
    ['{"type":"nemesis"}', /^h.ndjson:1: type: expected .*, found "nemesis"; .* \[unknown-type\]$/],
    [
      '{"type":"invoke","f":"r"}',
      /1: process: expected a whole number or a string, found nothing; .*missing-field/,
    ],
    ['{"type":"invoke","process":1.5,"f":"r"}', /process: .*found 1.5; .*wrong-type/],
    ['{"type":"invoke","process":1}', /1: f: expected the name of the function .*missing-field/],
    ['{"type":"invoke","process":1,"f":""}', /1: f: .*found ""; .*wrong-type/],
    ['{"type":"invoke","process":1,"f":"r","key":{}}', /key: expected a string or a number, found an object/],
    ['{"type":"invoke","process":1,"f":"r","client":"a"}', /client: expected a whole number, found "a"/],
    ['{"type":"invoke","process":1,"f":"r","node":[1,2]}', /node: expected a string, found a list of 2/],
    ['{"type":"invoke","process":1,"f":"r","final":1}', /final: expected true or false, found 1/],
    ['{"type":"invoke","process":1,"f":"r","index":-1}', /index: expected a whole number from 0, found -1/],
    [
      '{"type":"invoke","process":1,"f":"r","time":"1"}',
      /time: expected nanoseconds since the start, found "1"/,
    ],
    [
      '{"type":"invoke","process":1,"f":"r","error":5}',
      /error: expected a string or an object with a code, found 5/,
    ],
    ['{"type":"invoke","process":1,"f":"r","error":{}}', /error.code: expected a string, found nothing/],
    [
      '{"type":"invoke","process":1,"f":"r","error":{"code":"a","message":1}}',
      /error.message: expected a string/,
    ],
    ['{"type":"fault"}', /1: id: expected a whole number, found nothing/],
    [
      '{"type":"fault","id":1,"fault":"p","event":"start"}',
      /event: expected "inject" or "heal", found "start"; .*wrong-value/,
    ],
    [
      '{"type":"fault","id":1,"fault":"p","event":"heal","target":"x","bites":-1}',
      /bites: expected a whole number from 0/,
    ],
    ['{"type":"record","key":"a"}', /f: expected the kind of record, found nothing/],
    ['{"type":"record","f":"effect"}', /key: expected a string or a number, found nothing/],
    ['{"type":"record","f":"effect","key":["a"]}', /key: expected a string or a number, found a list of 1/],
    ['{"type":"record","f":"effect","key":"a","node":7}', /node: expected a string, found 7/],
    ['{"type":"record","f":"effect","key":"a","final":1}', /final: expected true or false, found 1/],
    ['{"type":"phase","phase":"end"}', /phase: expected start, load, heal, settle, final-reads, found "end"/],
    ['{"format":"other","version":1}', /format: expected "faultline-history", found "other"/],
    [
      '{"format":"faultline-history","version":2}',
      /version: expected 1, found 2; this faultline reads version 1 of the format \[unsupported-version\]/,
    ],
    ['{"format":"faultline-history"}', /version: expected 1, found nothing; .*missing-field/],
    ['{"format":"faultline-history","version":1,"seed":"a"}', /seed: expected a number, found "a"/],
    [
      `${invoke}\n{"format":"faultline-history","version":1}`,
      /:2: line: expected an event, found a header; .*misplaced-header/,
    ],
    ["nonsense", /:1: line: expected one JSON object, found "nonsense"; .*not-json/],
    ["[1]\n", /:1: line: expected one JSON object, found a list of 1; .*not-an-object/],
    [`${invoke}\nnull\n`, /:2: line: expected one JSON object, found null; .*not-an-object/],
    [`${invoke}\n${invoke}`, /:2: process: .*invocation-while-open/],
    ['{"process":1,"type":"ok","f":"read"}', /:1: process: .*completion-without-invocation/],
    [
      `${invoke}\n{"process":1,"type":"ok","f":"write"}`,
      /:2: f: expected "read" as in its invocation.*function-differs/,
    ],
    [
      '{"process":1,"type":"invoke","f":"r","key":7}\n{"process":2,"type":"invoke","f":"r","key":"7"}',
      /:2: key: expected 7, as before, found "7"; .*ambiguous-key/,
    ],
    [
      '{"process":1,"type":"invoke","f":"r","key":"7"}\n{"process":2,"type":"invoke","f":"r","key":7}',
      /:2: key: expected "7", as before, found 7; .*ambiguous-key/,
    ],
  ])("%s", (text, expected) => {
    const problems = problemsOf(text);
    expect(problems).toHaveLength(1);
    if (typeof expected === "string") expect(problems[0]).toBe(expected);
    else expect(problems[0]).toMatch(expected);
  });

  test("bytes that are not UTF-8", () => {
    const bytes = new TextEncoder().encode(`${invoke}\n"x"\n${invoke}\n`);
    bytes[invoke.length + 2] = 0xff;
    expect(problemsOf(bytes)).toEqual([
      "h.ndjson:2: line: expected UTF-8, found other bytes; save the file as UTF-8 [not-utf8]",
    ]);
    expect(problemsOf(Uint8Array.of(0xff, 0xfe, 0x7b))[0]).toMatch(/:1: line: expected UTF-8/);
  });
});

describe("limits", () => {
  test("length of a line, in bytes, however it is chunked", () => {
    const line = (bytes: number) => `{"process":1,"type":"invoke","f":"${"ä".repeat((bytes - 36) / 2)}"}`;
    expect(new TextEncoder().encode(line(200))).toHaveLength(200);
    for (const size of [5, 64, 1000]) {
      const reader = createHistoryReader({ file: "h.ndjson", maxLineBytes: 200 });
      const bytes = new TextEncoder().encode(`${line(200)}\n${line(202)}\n{}\n`);
      for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size));
      const result = reader.end();
      expect(!result.ok && result.errors.map(({ line, code }) => `${line} ${code}`)).toEqual([
        "2 line-too-long",
        "3 missing-field",
      ]);
    }
  });

  test("depth of nesting, without trouble for the stack", () => {
    const nested = (depth: number) =>
      `{"process":1,"type":"invoke","f":"r","value":${"[".repeat(depth - 1)}${"]".repeat(depth - 1)}}`;
    expect(problemsOf(nested(64))).toEqual([]);
    expect(problemsOf(nested(65))[0]).toMatch(
      /expected at most 64 levels of nesting, found more; .*too-deep/,
    );
    expect(problemsOf(nested(200_000))[0]).toMatch(/too-deep/);
    expect(problemsOf(`{"process":1,"type":"invoke","f":"${"[".repeat(100)}\\"${"{".repeat(100)}"}`)).toEqual(
      [],
    );
  });

  test("number of lines, and of errors", () => {
    expect(problemsOf(`${invoke}\n\n\n{}`, { maxLines: 3 })).toEqual([
      "h.ndjson:4: line: expected at most 3 lines, found more; raise the limit, or check a part [too-many-lines]",
    ]);
    const reader = createHistoryReader({ maxErrors: 5 });
    expect(reader.push("{}\n{}\n")).toBe(true);
    expect(reader.push("{}\n".repeat(10))).toBe(false);
    expect(reader.push("{}\n")).toBe(false);
    const result = reader.end();
    expect(!result.ok && result.errors.map(({ line }) => line)).toEqual([1, 2, 3, 4, 5]);
  });
});

test("after a line that was not understood, missing mates are not reported as well", () => {
  const problems = problemsOf(
    `{"process":1,"type":"invoke"}\n{"process":1,"type":"ok","f":"read"}\n${invoke}\n{"type":1}`,
  );
  expect(problems.map((problem) => problem.slice(0, 14))).toEqual(["h.ndjson:1: f:", "h.ndjson:4: ty"]);
});

test("an error is always one line of printable text", () => {
  const [problem] = problemsOf('{"type":"a\\u001b[2J\\nb\\u202e"}', { file: "x\ny" });
  expect(problem).toMatch(/^x\\u\{a\}y:1: type: .*found "a\\u001b\[2J\\nb\\u\{202e\}"; /);
});
