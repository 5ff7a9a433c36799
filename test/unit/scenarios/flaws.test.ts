import { describe, expect, test } from "vitest";
import type { HistoryEvent } from "../../../checkers/history/operation.ts";
import type { Flaw } from "../../../harness/run/scenario.ts";
import { catalogueFlaws } from "../../../scenarios/catalogue-flaws.ts";
import { orderSagaFlaws } from "../../../scenarios/order-saga-flaws.ts";
import { oversoldBy } from "../../../scenarios/oversold-by.ts";
import { profileFlaws } from "../../../scenarios/profile-flaws.ts";
import { shopFlaws } from "../../../scenarios/shop-flaws.ts";
import { eventsOfText } from "../../support/history-text.ts";

/** Positions of the flaws that an anomaly of this type on this key shows in the run. */
function seen(flaws: readonly Flaw[], type: string, key: string, text: string, operation = 0): number[] {
  const events = eventsOfText(text).map(
    (event): HistoryEvent =>
      event.type === "fault" ? { ...event, target: event.fault === "process-crash" ? "order" : "a" } : event,
  );
  const anomaly = { type, key, operations: [operation] as [number], proof: "p" };
  return flaws.flatMap(({ types, isSeenIn }, at) =>
    types.includes(type) && isSeenIn?.(anomaly, events) !== false ? [at] : [],
  );
}

const effect = (order: string, at: number, amount: number) =>
  `record final effect order/${order} {"step":"stock","kind":"do","at":${at},"amount":${amount}}`;
const place = (order: string, ...quantities: number[]) =>
  `c1 place order/${order} ${JSON.stringify({ lines: quantities.map((quantity) => ({ item: "i", quantity })) })} => ok`;

describe("stock below zero", () => {
  const create = 'c1 create item/i {"stock":5} => ok';
  test.each([
    ["lines", [place("a", 2), place("b", 3, 3)], [effect("a", 1, 2), effect("b", 2, 6)]],
    ["race", [place("a", 3), place("b", 3)], [effect("a", 1, 3), effect("b", 2, 3)]],
    ["race", [place("a", 3, 3), place("b", 3)], [effect("a", 1, 6), effect("b", 2, 3)]],
    [null, [place("a", 3, 2)], [effect("a", 1, 5)]],
    [null, [place("a", 3, 3)], [effect("a", 1, 3)]],
  ])("is due to %s", (cause, orders, effects) => {
    // The order of the records is not that of the effects.
    expect(oversoldBy(eventsOfText([create, ...orders, ...effects.toReversed()].join("\n")))).toBe(cause);
  });
});

test("an order that stays pending is told by whether it was acknowledged, paid for, or under way at a crash", () => {
  const stuck = (text: string) => seen(shopFlaws, "stuck-saga", "order/a", text);
  const paid = 'record final effect order/a {"step":"payment","kind":"do","at":1}';
  expect(stuck("c1 place order/a => ok")).toEqual([0]);
  expect(stuck("c1 place order/a => info")).toEqual([2]);
  expect(stuck(`c1 place order/a => info\n${paid}`)).toEqual([]);
  expect(stuck("c1 > place order/a\nfault 1 inject process-crash\nc1 < info")).toEqual([1]);
  expect(stuck("fault 1 inject process-crash\nc1 place order/a => info")).toEqual([]);
  expect(stuck("c1 place order/a => ok\nfault 1 inject process-crash")).toEqual([]);
});

test("what was done twice is told by its step", () => {
  const twice = (step: string) =>
    seen(shopFlaws, "double-effect", "order/a", `record final effect order/a {"step":"${step}","kind":"do"}`);
  expect([twice("payment"), twice("stock")]).toEqual([[4], [5]]);
});

test("a step that stays done is told by whether its compensation is known to have failed", () => {
  const left = (...records: string[]) =>
    seen(orderSagaFlaws, "lost-compensation", "order/a", records.join("\n"));
  const running = 'record saga order/a {"state":"running"}';
  const reserved = 'record final effect order/a {"step":"reserve","kind":"do","at":1}';
  const failed = (step: string) => `record compensation-failed order/a {"step":"${step}"}`;
  expect(left(running, reserved)).toEqual([1]);
  expect(left(running, reserved, failed("reserve"))).toEqual([2]);
  expect(left(running, reserved, failed("payment"))).toEqual([1]);
  expect(left(running, running, reserved)).toEqual([]);
  const twice = (...records: string[]) =>
    seen(orderSagaFlaws, "double-effect", "order/a", records.join("\n"));
  expect(twice(reserved, running)).toEqual([3]);
  expect(twice(reserved, running, running)).toEqual([4]);
});

test("a product that is listed twice was delivered twice, not created twice", () => {
  const applied = (event: string, position: number) =>
    `record applied product/a {"event":"${event}","position":${position}}`;
  const listed = (...records: string[]) =>
    seen(catalogueFlaws, "listed-twice", "product/a", records.join("\n"));
  expect(listed(applied("e1", 1), applied("e1", 1))).toEqual([0]);
  expect(listed(applied("e1", 1), applied("e2", 2))).toEqual([]);
  const event = 'record final event product/a {"event":"e1","position":1,"put":{}}';
  const differs = (...records: string[]) =>
    seen(catalogueFlaws, "not-converged", "product/a", [...records, event].join("\n"));
  expect(differs(applied("e2", 2), applied("e1", 1))).toEqual([1]);
  expect(differs(applied("e1", 1), applied("e3", 3), applied("e2", 2))).toEqual([]);
});

test("a profile that went back was published in the wrong order", () => {
  const published = (...versions: number[]) =>
    versions.map((version) => `record final published user/a {"message":"user/a#${version}"}`).join("\n");
  const older = (text: string) => seen(profileFlaws, "not-converged", "user/a", text);
  expect(older(published(1, 3, 2))).toEqual([2]);
  expect(older(published(2, 1, 3))).toEqual([]);
});
