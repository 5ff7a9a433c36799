import { describe, expect, test } from "vitest";
import { drawer } from "../../../bench/large-histories.ts";
import type { HistoryEvent, Json } from "../../../checkers/history/operation.ts";
import { linearizability } from "../../../checkers/linearizability/linearizability.checker.ts";
import { buildHistory, textOfEvents } from "../../support/build-history.ts";
import {
  firstUnexplained,
  hasOrder,
  oracleCalls,
  oracleQueue,
} from "../../support/linearizability.oracle.ts";
import { hasPlace, orderFlaw, prefixOf } from "../../support/placed-order.oracle.ts";

interface QueueCall {
  readonly f: "enqueue" | "dequeue";
  /** What is put in or answered. */
  readonly value: Json;
  readonly end: "ok" | "info" | "open";
}

/** The calls as events; `order` has each call twice: where it is invoked, and where it ends. */
function eventsOf(calls: readonly QueueCall[], order: readonly number[]): HistoryEvent[] {
  const events: HistoryEvent[] = [];
  const sent = new Set<number>();
  for (const at of order) {
    const { f, value, end } = calls[at]!;
    const isSent = sent.has(at);
    sent.add(at);
    if (isSent && end === "open") continue;
    const type = isSent && end !== "open" ? end : "invoke";
    const isTold = f === "enqueue" ? type === "invoke" : type === "ok";
    const index = events.length;
    events.push({
      index,
      time: index * 1000,
      process: at,
      client: at,
      type,
      f,
      ...(isTold ? { value } : {}),
    });
  }
  return events;
}

/** Holds the verdict and the first call without a place against trying every order. Was it invalid? */
function compare(events: readonly HistoryEvent[]): boolean {
  const history = buildHistory(events);
  const calls = [...oracleCalls(history, false).values()].flat();
  if (!calls.some(({ isKnown }) => isKnown)) return false;
  const result = linearizability({ model: "queue" }).check(history);
  const isLinearizable = hasOrder(calls, [], oracleQueue);
  if (result.verdict !== (isLinearizable ? "valid" : "invalid")) {
    expect.fail(
      `${result.verdict}, but it is ${isLinearizable ? "valid" : "invalid"}:\n${textOfEvents(events)}`,
    );
  }
  if (isLinearizable) return false;
  const end = firstUnexplained(calls, [], oracleQueue);
  const placed = calls.filter((call) => call.end < end).length;
  expect(result.stats.details, textOfEvents(events)).toMatchObject({
    firstUnplaced: [{ key: null, operation: history.index[history.mate[end]!], placed }],
  });
  const unplaced = calls.find((call) => call.end === end)!;
  const order = prefixOf(result, history);
  expect(orderFlaw(calls, order, unplaced, [], oracleQueue), textOfEvents(events)).toBe(null);
  expect(hasPlace(calls, order, unplaced, [], oracleQueue), textOfEvents(events)).toBe(false);
  return true;
}

/** All ways in which so many calls can overlap, sent in the order of their numbers. */
function overlaps(count: number): number[][] {
  const found: number[][] = [];
  const extend = (order: readonly number[], sent: number, open: readonly number[]): void => {
    if (order.length === 2 * count) found.push([...order]);
    if (sent < count) extend([...order, sent], sent + 1, [...open, sent]);
    for (const at of open)
      extend(
        [...order, at],
        sent,
        open.filter((other) => other !== at),
      );
  };
  extend([], 0, []);
  return found;
}

/** All lists of so many calls: values are put in in the order 0, 1, …, and any may be answered. */
function callLists(count: number): QueueCall[][] {
  let lists: { calls: QueueCall[]; values: number }[] = [{ calls: [], values: 0 }];
  for (let at = 0; at < count; at++) {
    lists = lists.flatMap(({ calls, values }) => [
      ...(["ok", "open"] as const).map((end) => ({
        calls: [...calls, { f: "enqueue" as const, value: values, end }],
        values: values + 1,
      })),
      { calls: [...calls, { f: "dequeue" as const, value: null, end: "open" as const }], values },
      ...[null, ...Array.from({ length: count }, (_, value) => value)].map((value) => ({
        calls: [...calls, { f: "dequeue" as const, value, end: "ok" as const }],
        values,
      })),
    ]);
  }
  return lists.map(({ calls }) => calls);
}

/** Values each put in once and mostly taken out once, by calls that overlap a little or a lot. */
function randomEvents(draw: () => number): HistoryEvent[] {
  const puts = 1 + (draw() % 5);
  const takes = 1 + (draw() % 5);
  const values = Array.from({ length: puts }, (_, value) => value);
  if (draw() % 2 === 0) values.sort(() => (draw() % 2) - 0.5);
  const [nullOfEight, lostOfSix, span] = [draw() % 4, draw() % 4, 1 + (draw() % 8)];
  const calls: QueueCall[] = values
    .toSorted((a, b) => a - b)
    .map((value) => ({ f: "enqueue", value, end: draw() % 6 === 0 ? "info" : "ok" }));
  for (let take = 0; take < takes; take++) {
    const isLost = draw() % 6 < lostOfSix;
    const value = draw() % 8 < nullOfEight ? null : (values.shift() ?? null);
    calls.push({ f: "dequeue", value, end: isLost ? (draw() % 2 === 0 ? "info" : "open") : "ok" });
  }
  const places = calls.flatMap(({ f }, at) => {
    const usual = f === "enqueue" ? 2 * at : 2 * (at - puts) + (draw() % 6);
    const from = (draw() % 3 === 0 ? draw() % 20 : usual) + (draw() % 100) / 100;
    return [
      { at, place: from },
      { at, place: from + 1 + (draw() % span) + (draw() % 100) / 100 },
    ];
  });
  return eventsOf(
    calls,
    places.toSorted((a, b) => a.place - b.place).map(({ at }) => at),
  );
}

describe("a queue of values that are all different", () => {
  test("is judged like by trying every order: all histories of up to three calls", () => {
    let broken = 0;
    for (const count of [1, 2, 3]) {
      const orders = overlaps(count);
      for (const calls of callLists(count)) {
        for (const order of orders) if (compare(eventsOf(calls, order))) broken++;
      }
    }
    expect(broken).toBeGreaterThan(1000);
  });

  test("is judged like by trying every order: many histories of up to ten calls", () => {
    const draw = drawer(71);
    let broken = 0;
    for (let run = 0; run < 10_000; run++) if (compare(randomEvents(draw))) broken++;
    expect(broken).toBeGreaterThan(3000);
  });
});
