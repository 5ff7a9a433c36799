import { describe, expect, test } from "vitest";
import type { HistoryFormat } from "../../../checkers/formats/format-names.ts";
import { HistoryBuilder } from "../../../checkers/history/history-builder.ts";
import { selectRows } from "../../../checkers/history/select-rows.ts";
import {
  fileOfPlace,
  lineOfPlace,
  placeNumber,
  SourceColumn,
} from "../../../checkers/history/source-lines.ts";
import { sourcePlaceOf } from "../../../checkers/history/source-place.ts";
import { historyIn } from "../../support/read-format.ts";

const call = '{"process":1,"type":"invoke","f":"write","value":1}';
const done = '{"process":1,"type":"ok","f":"write","value":1}';

describe("a history that was read knows the line of each operation", () => {
  test.each<[string, HistoryFormat, string, readonly number[]]>([
    [
      "past a header, blank lines and a fault",
      "ndjson",
      `{"format":"faultline-history","version":1}\n\n${call}\n{"type":"phase","phase":"load"}\n\n${done}\n`,
      [3, 6],
    ],
    [
      "of EDN maps over several lines",
      "jepsen-edn",
      "[{:type :invoke, :process 0\n :f :read}\n\n{:type :ok :process 0\n :f :read :value 1}]\n",
      [1, 4],
    ],
    [
      "of JSON objects past a nemesis",
      "jepsen-json",
      `[${call},\n{"process":"nemesis","type":"info","f":"kill"},\n${done}]\n`,
      [1, 3],
    ],
    [
      "of a log, past what others wrote",
      "etcd-log",
      "started\nINFO jepsen.util - 0 :invoke :read nil\nINFO jepsen.util - 0 :ok :read nil\n",
      [2, 3],
    ],
    [
      "where a transaction begins",
      "isolation-text",
      "w 1 1\nr 2 0\n-----\n=====\nr 1 1\n-----\n",
      [1, 1, 5, 5],
    ],
    [
      "of an invocation that is missing: that of its completion",
      "jepsen-json",
      `{"process":2,"type":"ok","f":"read","value":1}\n${call}\n${done}\n`,
      [1, 1, 2, 3],
    ],
  ])("%s", (_, format, text, expected) => {
    const history = historyIn(format, text);
    const places = [...history.index].map((index) => sourcePlaceOf(history, index));
    expect(places.map((place) => place?.line)).toEqual(expected);
    expect(places.every((place) => place?.file === undefined)).toBe(true);
  });

  test("but not where everything stands on one line, or where nothing was read", () => {
    const history = historyIn("jepsen-json", `[${call},${done}]`);
    expect([history.length, history.source, sourcePlaceOf(history, 0)]).toEqual([2, null, null]);
    expect(new HistoryBuilder().build().source).toBeNull();
  });

  test("beyond the first columns, and in a part of the rows", () => {
    const history = historyIn("ndjson", `${call}\n${done}\n\n`.repeat(1000));
    expect(sourcePlaceOf(history, 1999)).toEqual({ line: 2999 });
    const part = selectRows(history, Int32Array.from([3, 1998]));
    expect([sourcePlaceOf(part, 3), sourcePlaceOf(part, 1998), sourcePlaceOf(part, 4)]).toEqual([
      { line: 5 },
      { line: 2998 },
      null,
    ]);
  });
});

test("a place is a file and a line", () => {
  const place = placeNumber(3, 50_000_000);
  expect([fileOfPlace(place), lineOfPlace(place), placeNumber(0, 7)]).toEqual([3, 50_000_000, 7]);
  const column = new SourceColumn(["a", "b", "c", "d"]);
  for (let row = 0; row < 300; row++) column.add(row, placeNumber(row % 4, row + 1));
  const { line, file } = column.build(300);
  expect([line[299], file?.[299], line.length]).toEqual([300, 3, 300]);
});
