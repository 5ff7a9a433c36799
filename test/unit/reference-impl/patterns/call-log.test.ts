import { expect, test } from "vitest";
import { callLog } from "../../../../reference-impl/patterns/call-log.ts";
import type { SeenValue } from "../../../../reference-impl/service-needs.ts";

test("tells calls and lives of a process apart, and what became of each attempt", () => {
  const seen: [string, string, SeenValue][] = [];
  let ids = 0;
  const needs = {
    newId: () => `id-${++ids}`,
    record: (kind: string, key: string, value: SeenValue) => void seen.push([kind, key, value]),
  };
  const life = callLog(needs);
  const [first, second] = [life("a"), life("b")];
  first.attempt("unknown");
  second.end();
  first.attempt("done");
  first.end();
  callLog(needs)("a");
  const event = (event: string, call: string, life = "id-1") => ({ life, call, event });
  expect(seen).toEqual([
    ["call", "a", event("begun", "id-2")],
    ["call", "b", event("begun", "id-3")],
    ["call", "a", { ...event("attempt", "id-2"), outcome: "unknown" }],
    ["call", "b", event("ended", "id-3")],
    ["call", "a", { ...event("attempt", "id-2"), outcome: "done" }],
    ["call", "a", event("ended", "id-2")],
    ["call", "a", event("begun", "id-5", "id-4")],
  ]);
});
