import { describe, expect, test } from "vitest";
import { operationName, recordNames, sessionName } from "../../../checkers/history/describe-operation.ts";
import { eventAt, eventsOf } from "../../../checkers/history/event-at.ts";
import { INVOKE, OK, RECORD } from "../../../checkers/history/history.ts";
import { HistoryBuilder } from "../../../checkers/history/history-builder.ts";
import { formatEvent, formatHeader } from "../../../checkers/history/ndjson-writer.ts";
import type { HistoryEvent, Operation } from "../../../checkers/history/operation.ts";
import { buildHistory } from "../../support/build-history.ts";
import { eventsOfText, historyOf } from "../../support/history-text.ts";

const events = eventsOfText(`
  phase start
  c1 > update user/7 {"expected":3}
  fault 1 inject pause
  c2 read user/7 => ok {"version":3}
  fault 1 heal pause 2
  c1 < info !timeout
  phase final-reads
  c1 final read user/7 => ok {"version":4}
`);

function operation(index: number, rest: Partial<Operation>): Operation {
  return { index, time: index, process: 1, type: "invoke", f: "read", ...rest };
}

describe("HistoryBuilder", () => {
  test("pairs completions with invocations and keeps sessions over processes", () => {
    const history = buildHistory(events);
    expect([...history.mate]).toEqual([3, 2, 1, 0, 5, 4]);
    expect([...history.index]).toEqual([1, 3, 4, 6, 8, 9]);
    expect([...history.session].map((session) => history.sessions[session])).toEqual([
      "client 1",
      "client 2",
      "client 2",
      "client 1",
      "client 1",
      "client 1",
    ]);
    expect([...history.final]).toEqual([0, 0, 0, 0, 1, 1]);
    expect(history.error).toEqual(new Map([[3, { code: "timeout" }]]));
    expect(history.faults).toHaveLength(2);
    expect(history.phases).toHaveLength(2);
  });

  test("gives back every event as it was appended", () => {
    const completed = events.map((event) =>
      event.type === "ok" && event.index === 9 ? { ...event, final: true } : event,
    );
    expect([...eventsOf(buildHistory(events))]).toEqual(completed);
    expect(() => eventAt(buildHistory(events), 6)).toThrow("row 6 of a history of 6 rows");
  });

  test("completions take what they leave out from their invocation, and a created key goes back to it", () => {
    const history = buildHistory([
      operation(0, { f: "create", node: "user", client: 4 }),
      operation(1, { f: "create", type: "ok", key: "user/9" }),
      operation(2, { process: "worker" }),
      operation(3, { process: "7" }),
      operation(4, { process: 7, final: true }),
      operation(5, { process: 7, type: "ok" }),
    ]);
    expect(eventAt(history, 0)).toMatchObject({ key: "user/9", node: "user", client: 4 });
    expect(eventAt(history, 1)).toMatchObject({ key: "user/9", node: "user", client: 4 });
    expect(eventAt(history, 5)).toMatchObject({ final: true });
    expect(history.sessions).toEqual(["client 4", "process worker", 'process "7"', "process 7"]);
    expect(history.clients).toEqual([4, null, null, null]);
  });

  test.each([
    [
      "a second invocation",
      [operation(0, {}), operation(1, {})],
      /process: expected the completion of operation 0/,
    ],
    ["a completion of nothing", [operation(0, { type: "ok" })], /process: expected an open invocation/],
    [
      "an invocation after info",
      [operation(0, {}), operation(1, { type: "info" }), operation(2, {})],
      /process: expected a new process/,
    ],
    ["another function", [operation(0, {}), operation(1, { type: "ok", f: "write" })], /f: expected "read"/],
    [
      "another key",
      [operation(0, { key: "a" }), operation(1, { type: "ok", key: "b" })],
      /key: expected "a" as in its invocation, found "b"/,
    ],
    [
      "an index again",
      [operation(3, {}), operation(3, { type: "ok" })],
      /event 3: index: expected more than 3/,
    ],
    ["time going back", [operation(0, { time: 5 }), operation(1, { time: 4 })], /time: expected at least 5/],
  ])("refuses %s", (_, refused: HistoryEvent[], message) => {
    expect(() => buildHistory(refused)).toThrow(message);
  });

  test("keeps a record as a row of no process, no session and without a mate", () => {
    const history = historyOf(`
      c1 > read x
      record effect x @payment {"step":"pay"}
      record final saga y
      c1 < ok 4
    `);
    expect([...history.type]).toEqual([INVOKE, RECORD, RECORD, OK]);
    expect([...history.process]).toEqual([0, -1, -1, 0]);
    expect([...history.session]).toEqual([0, -1, -1, 0]);
    expect([...history.mate]).toEqual([3, -1, -1, 0]);
    expect([...history.final]).toEqual([0, 0, 1, 0]);
    expect([...history.node]).toEqual([-1, 0, -1, -1]);
    expect(history.value).toEqual([undefined, { step: "pay" }, undefined, 4]);
    expect(operationName(history, 1)).toBe("record 1");
    expect(recordNames(history, [1, 2])).toBe("records 1 and 2");
    expect(sessionName(history, 1)).toBe("payment");
    expect(sessionName(history, 2)).toBe("some node");
    expect([...eventsOf(history)].slice(1, 3)).toEqual([
      {
        index: 1,
        time: 1000,
        type: "record",
        f: "effect",
        key: "x",
        node: "payment",
        value: { step: "pay" },
      },
      { index: 2, time: 2000, type: "record", f: "saga", key: "y", final: true },
    ]);
  });

  test("is used up by build", () => {
    const builder = new HistoryBuilder();
    const header = { format: "faultline-history", version: 1 } as const;
    expect(builder.build(header)).toMatchObject({ header, length: 0 });
    expect(() => builder.append(operation(0, {}))).toThrow("use a new builder");
  });

  test("keeps everything when it grows", () => {
    const many = Array.from({ length: 1000 }, (_, at) =>
      operation(at, { type: at % 2 === 0 ? "invoke" : "ok", key: `k${at >> 1}`, value: at }),
    );
    const history = buildHistory(many);
    expect([...eventsOf(history)]).toEqual(many);
  });
});

describe("the writer", () => {
  test("writes fields in one order, and leaves out what is absent", () => {
    const scrambled: Operation = {
      final: true,
      node: "user",
      error: { message: "no answer\n", code: "timeout" },
      value: { z: 1, a: null },
      key: 'user/"7"',
      f: "read",
      type: "info",
      client: 2,
      process: 12,
      time: 5,
      index: 3,
    };
    expect(formatEvent(scrambled)).toBe(
      '{"index":3,"time":5,"process":12,"client":2,"type":"info","f":"read","key":"user/\\"7\\"",' +
        '"value":{"z":1,"a":null},"error":{"code":"timeout","message":"no answer\\n"},"node":"user","final":true}',
    );
    expect(events.slice(0, 3).map(formatEvent)).toEqual([
      '{"index":0,"time":0,"type":"phase","phase":"start"}',
      '{"index":1,"time":1000,"process":1,"client":1,"type":"invoke","f":"update","key":"user/7","value":{"expected":3}}',
      '{"index":2,"time":2000,"type":"fault","id":1,"fault":"pause","event":"inject","target":"a → b"}',
    ]);
    expect(
      eventsOfText('record final effect x @payment {"step":"pay"}\nrecord saga y').map(formatEvent),
    ).toEqual([
      '{"index":0,"time":0,"type":"record","f":"effect","key":"x","node":"payment","value":{"step":"pay"},"final":true}',
      '{"index":1,"time":1000,"type":"record","f":"saga","key":"y"}',
    ]);
    expect(formatHeader({ plan: [1], seed: 4, version: 1, format: "faultline-history" })).toBe(
      '{"format":"faultline-history","version":1,"seed":4,"plan":[1]}',
    );
  });
});
