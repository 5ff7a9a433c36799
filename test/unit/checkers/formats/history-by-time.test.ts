import { describe, expect, test } from "vitest";
import type { HistoryFormat } from "../../../../checkers/formats/format-names.ts";
import { historyByTime } from "../../../../checkers/formats/history-by-time.ts";
import { KeyKinds } from "../../../../checkers/formats/key-kinds.ts";
import { createPartReader } from "../../../../checkers/formats/timed-part.ts";
import { describeReadError } from "../../../../checkers/history/describe-read-error.ts";
import { eventsOf } from "../../../../checkers/history/event-at.ts";
import type { History } from "../../../../checkers/history/history.ts";
import type { ReadHistoryResult } from "../../../../checkers/history/reader-types.ts";
import { sourcePlaceOf } from "../../../../checkers/history/source-place.ts";
import { historyIn } from "../../../support/read-format.ts";

function read(format: HistoryFormat, files: Readonly<Record<string, string>>): ReadHistoryResult {
  const kinds = new KeyKinds();
  const parts = Object.entries(files).map(([file, text]) => {
    const reader = createPartReader(format, kinds, { file });
    for (let at = 0; at < text.length; at += 100) reader.push(text.slice(at, at + 100));
    return reader.end();
  });
  return historyByTime(parts, format);
}

function ordered(format: HistoryFormat, files: Readonly<Record<string, string>>): History {
  const result = read(format, files);
  if (!result.ok) throw new Error(result.errors.map(describeReadError).join("\n"));
  return result.history;
}

function errors(format: HistoryFormat, files: Readonly<Record<string, string>>): string[] {
  const result = read(format, files);
  return result.ok ? [] : result.errors.map(describeReadError);
}

/** `process:type:value@time` of each operation; `!` before what is no operation. */
function told(history: History): string[] {
  return [...eventsOf(history)].map((event) =>
    "process" in event
      ? `${event.process}:${event.type}:${event.value ?? ""}@${event.time}`
      : `!${event.type}@${event.time}`,
  );
}

const line = (process: number | string, type: string, value: number, time?: number, more: object = {}) =>
  `${JSON.stringify({ process, type, f: "write", value, time, ...more })}\n`;

describe("one file", () => {
  const sorted = [
    line(1, "invoke", 1, 10),
    line(2, "invoke", 2, 20),
    line(1, "ok", 1, 30),
    line(2, "ok", 2, 40),
  ];

  test.each<HistoryFormat>(["ndjson", "jepsen-json"])(
    "of %s is the same in whatever order its lines stand",
    (format) => {
      const straight = historyIn(format, sorted.join(""));
      const shuffled = ordered(format, { a: [sorted[2], sorted[0], sorted[3], sorted[1]].join("") });
      expect([...eventsOf(shuffled)]).toEqual([...eventsOf(straight)]);
      expect([...shuffled.index].map((index) => sourcePlaceOf(shuffled, index))).toEqual([
        { line: 2 },
        { line: 4 },
        { line: 1 },
        { line: 3 },
      ]);
    },
  );

  test("keeps faults, phases and records at their times", () => {
    const fault = (event: string, time: number) =>
      `${JSON.stringify({ type: "fault", id: 0, fault: "f", event, target: "t", time })}\n`;
    const text =
      fault("heal", 50) +
      line(1, "ok", 1, 30) +
      `{"type":"record","f":"seen","key":"k","time":30}\n` +
      fault("inject", 20) +
      `{"type":"phase","phase":"load","time":20}\n` +
      line(1, "invoke", 1, 20);
    expect(told(ordered("ndjson", { a: text }))).toEqual([
      "!fault@20",
      "!phase@20",
      "1:invoke:1@20",
      "1:ok:1@30",
      "!record@30",
      "!fault@50",
    ]);
  });

  test("with a line without a time is refused there, and says how many there are", () => {
    expect(
      errors("ndjson", { a: line(1, "invoke", 1, 5) + line(1, "ok", 1) + line(2, "invoke", 2) }),
    ).toEqual([
      expect.stringMatching(
        /^a:2: time: expected a time in nanoseconds on every line, found 2 lines without one, this is the first; .*\[missing-field\]$/,
      ),
    ]);
    expect(errors("ndjson", { a: `${line(1, "invoke", 1, 5)}{"type":"phase","phase":"load"}\n` })[0]).toMatch(
      /^a:2: time: /,
    );
  });

  test("is as strict as ever about what does not fit", () => {
    expect(errors("ndjson", { a: line(1, "ok", 1, 9) + line(1, "invoke", 1, 10) })[0]).toMatch(
      /^a:1: process: .*\[completion-without-invocation\]$/,
    );
    expect(
      errors("jepsen-json", { a: line(1, "invoke", 1, 10) + line(1, "ok", 1, 11, { f: "read" }) })[0],
    ).toMatch(/^a:2: f: .*\[function-differs\]$/);
    expect(errors("ndjson", { a: "garbage\n" })[0]).toMatch(/^a:1: .*\[not-json\]$/);
  });
});

describe("several files", () => {
  const a = line(0, "invoke", 1, 10, { client: 3 }) + line(0, "ok", 1, 30, { client: 3 });
  const b = line(0, "invoke", 2, 20, { client: 3 }) + line(0, "ok", 2, 25, { client: 3 });

  test.each<HistoryFormat>(["ndjson", "jepsen-json"])(
    "of %s are one history, and their processes and clients stay apart",
    (format) => {
      const history = ordered(format, { "a.log": a, "b.log": b });
      expect(told(history)).toEqual([
        "a.log/0:invoke:1@10",
        "b.log/0:invoke:2@20",
        "b.log/0:ok:2@25",
        "a.log/0:ok:1@30",
      ]);
      expect(history.sessions).toHaveLength(2);
      expect([...history.index].map((index) => sourcePlaceOf(history, index))).toEqual([
        { file: "a.log", line: 1 },
        { file: "b.log", line: 1 },
        { file: "b.log", line: 2 },
        { file: "a.log", line: 2 },
      ]);
    },
  );

  test('tell process 7 from process "7"', () => {
    const history = ordered("ndjson", {
      a: line(7, "invoke", 1, 1) + line("7", "invoke", 2, 2),
      b: line("x", "invoke", 3, 3),
    });
    expect(history.processes).toEqual(["a/7", 'a/"7"', "b/x"]);
  });

  test("are refused with the file and the line of what is wrong", () => {
    expect(errors("ndjson", { a, b: line(4, "ok", 1, 1) })[0]).toMatch(/^b:1: process: /);
    expect(
      errors("jepsen-json", { a, b: line(4, "invoke", 1, 1) + line(4, "ok", 1, 2, { f: "read" }) })[0],
    ).toMatch(/^b:2: f: /);
    expect(errors("ndjson", { a, b: line(4, "invoke", 1) })[0]).toMatch(/^b:1: time: /);
    expect(
      errors("ndjson", {
        a: line(1, "invoke", 1, 1, { key: 7 }),
        b: line(1, "invoke", 1, 2, { key: "7" }),
      })[0],
    ).toMatch(/^b:1: key: .*\[ambiguous-key\]$/);
  });
});

describe("lines of one time", () => {
  test("are not said to be one after the other: calls begin before others end", () => {
    const a = line(0, "invoke", 1, 10) + line(0, "ok", 1, 20);
    const b = line(0, "invoke", 2, 20) + line(0, "ok", 2, 30);
    expect(told(ordered("ndjson", { a, b }))).toEqual([
      "a/0:invoke:1@10",
      "b/0:invoke:2@20",
      "a/0:ok:1@20",
      "b/0:ok:2@30",
    ]);
  });

  test("but each process does one thing after the other", () => {
    const a =
      line(0, "invoke", 1, 20) + line(0, "ok", 1, 20) + line(0, "invoke", 2, 20) + line(0, "ok", 2, 20);
    const b = line(0, "invoke", 3, 20);
    expect(told(ordered("ndjson", { a, b }))).toEqual([
      "a/0:invoke:1@20",
      "b/0:invoke:3@20",
      "a/0:ok:1@20",
      "a/0:invoke:2@20",
      "a/0:ok:2@20",
    ]);
  });
});
