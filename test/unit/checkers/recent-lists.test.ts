import { expect, it } from "vitest";
import type { Json } from "../../../checkers/history/operation.ts";
import { RecentLists } from "../../../checkers/history/recent-lists.ts";

it("makes equal lists one, at every level", () => {
  const recent = new RecentLists();
  const asked = recent.shared([
    ["append", 1, 2],
    ["r", 3, null],
  ]) as readonly Json[];
  const answered = recent.shared([
    ["append", 1, 2],
    ["r", 3, [1, 2]],
  ]) as readonly (readonly Json[])[];
  expect(answered[0]).toBe(asked[0]);
  expect(answered[1]).toEqual(["r", 3, [1, 2]]);
  expect(recent.shared([1, 2])).toBe(answered[1]![2]);
});

it("keeps lists apart that differ in one item, wherever it stands and whatever its type", () => {
  const recent = new RecentLists();
  const items: Json[] = [0, "0", "", null, false, 1, [], [0], ["0"], {}, "__proto__", 0.5, 2 ** 40];
  const lists: Json[] = [[]];
  for (const other of items) {
    for (const at of [0, 1, 2, 3, 4]) {
      lists.push(Array.from({ length: 5 }, (_, place) => (place === at ? other : "a")));
    }
  }
  // Each comes again and again while others, of which some share its slot, go by.
  for (let round = 0; round < 20; round++) {
    for (const list of lists) expect(recent.shared(structuredClone(list))).toStrictEqual(list);
  }
});

it("does not change what it is given", () => {
  const recent = new RecentLists();
  const first = ["w", 1, 2];
  expect(recent.shared([first, 7])).toEqual([["w", 1, 2], 7]);
  const again = ["w", 1, 2];
  const given = [again, 8];
  const shared = recent.shared(given) as readonly Json[];
  expect(shared[0]).toBe(first);
  expect(given).toEqual([["w", 1, 2], 8]);
  expect(given[0]).toBe(again);
});

it("leaves objects and plain values as they are", () => {
  const recent = new RecentLists();
  const object = { list: [1] };
  expect(recent.shared(object)).toBe(object);
  expect(recent.shared(undefined)).toBeUndefined();
  expect(recent.shared("a")).toBe("a");
});

it("knows what was seen just before, however many lists there were", () => {
  const recent = new RecentLists();
  let shared = 0;
  for (let at = 0; at < 100_000; at++) {
    const first = recent.shared(["r", at % 1000, at]);
    if (recent.shared(["r", at % 1000, at]) === first) shared++;
  }
  // When the table grows it forgets what it holds.
  expect(shared).toBeGreaterThan(99_900);
});
