import { describe, expect, test } from "vitest";
import { concurrentCalls, sequentialQueue } from "../../../bench/concurrent-objects.ts";
import type { CheckResult } from "../../../checkers/checker.ts";
import type { Json } from "../../../checkers/history/operation.ts";
import { linearizability } from "../../../checkers/linearizability/linearizability.checker.ts";
import { buildHistory } from "../../support/build-history.ts";
import { historyOf } from "../../support/history-text.ts";

const checked = (text: string, initial: Json = []): CheckResult =>
  linearizability({ model: "queue", initial }).check(historyOf(text));

describe("a queue of values that are all different", () => {
  test.each([
    [
      "a value that was overtaken",
      "c1 enqueue q 1 => ok\nc1 enqueue q 2 => ok\nc2 > dequeue q\nc1 dequeue q => ok 2\nc2 < ok 1",
      "valid",
    ],
    [
      "a value that was overtaken, and nobody can have taken it",
      "c1 enqueue q 1 => ok\nc1 enqueue q 2 => ok\nc1 dequeue q => ok 2\nc2 dequeue q => ok 1",
      "invalid",
    ],
    [
      "as many lost as may have been taken",
      "c1 enqueue q 1 => ok\nc1 enqueue q 2 => ok\nc2 dequeue q => info\nc3 dequeue q => ok 2",
      "valid",
    ],
    [
      "one more lost than may have been taken",
      "c1 enqueue q 1 => ok\nc1 enqueue q 2 => ok\nc1 enqueue q 3 => ok\nc2 dequeue q => info\nc3 dequeue q => ok 3",
      "invalid",
    ],
    [
      "taken before the one that may have made room was sent",
      "c1 enqueue q 1 => ok\nc1 enqueue q 2 => ok\nc3 dequeue q => ok 2\nc2 dequeue q => info",
      "invalid",
    ],
    [
      "an enqueue that nobody heard of again and that took effect",
      "c1 enqueue q 1 => info\nc2 dequeue q => ok 1",
      "valid",
    ],
    ["one that failed", "c1 enqueue q 1 => fail\nc2 dequeue q => ok 1", "invalid"],
    [
      "empty between two values",
      "c1 > enqueue q 1\nc2 > dequeue q\nc3 dequeue q => ok null\nc1 < ok\nc2 < ok 1",
      "valid",
    ],
    [
      "never empty: the next came in before the last went out",
      "c1 enqueue q 1 => ok\nc3 > dequeue q\nc1 enqueue q 2 => ok\nc2 dequeue q => ok 1\nc3 < ok null\nc2 dequeue q => ok 2",
      "invalid",
    ],
  ])("%s", (_, text, verdict) => {
    expect(checked(text).verdict).toBe(verdict);
  });

  test("what was there at the start comes out first", () => {
    expect(checked("c1 enqueue q 1 => ok\nc1 dequeue q => ok 8\nc1 dequeue q => ok 9", [8, 9]).verdict).toBe(
      "valid",
    );
    expect(checked("c1 enqueue q 1 => ok\nc1 dequeue q => ok 1", [8]).anomalies[0]?.proof).toContain(
      "8 (there at the start) was put in before 1 (operation 0), and nobody took it out before that",
    );
  });

  test.each([
    [
      "c1 enqueue q 1 => ok\nc1 enqueue q 2 => ok\nc2 > dequeue q\nc2 < ok 2\nc2 dequeue q => ok 1",
      "1 (operation 0) was put in before 2 (operation 2), and nobody took it out before that",
    ],
    [
      "c1 enqueue q 1 => ok\nc1 enqueue q 2 => ok\nc3 dequeue q => info\nc2 dequeue q => ok 2\nc2 dequeue q => ok 1",
      "1 (operation 0) was put in before 2 (operation 2) and taken out after it",
    ],
    [
      "c1 enqueue q 1 => ok\nc1 enqueue q 2 => ok\nc1 enqueue q 3 => ok\nc3 dequeue q => info\nc2 dequeue q => ok 3",
      "1 (operation 0) and 2 (operation 2) were put in before 3 (operation 4), and the one dequeue without an answer " +
        "that had been sent cannot have taken all of them out before that",
    ],
    ["c1 dequeue q => ok 7", "it answered 7, which nobody had put in by then"],
    [
      "c1 enqueue q 1 => ok\nc2 dequeue q => ok 1\nc3 dequeue q => ok 1",
      "it answered 1 (operation 0), which operation 2 had taken out",
    ],
    [
      "c1 enqueue q 1 => ok\nc2 dequeue q => ok null\nc2 dequeue q => ok 1",
      "operation 2 found nothing, but at each moment from its invocation to its return something was there: " +
        "at first 1 (operation 0)",
    ],
  ])("says why: %s", (text, why) => {
    expect(checked(text).anomalies[0]?.proof).toContain(why);
  });

  test.each([0, 3000])("many clients and timeouts need no search (one wrong answer in %i)", (wrongEvery) => {
    const calls = { operations: 20_000, clients: 30, timeoutEvery: 20, wrongEvery, seed: 11 };
    const history = buildHistory(concurrentCalls(calls, sequentialQueue(0)));
    // Nothing is searched, so that there is nothing for a budget to end.
    const result = linearizability({ model: "queue" }).check(history, { exceeded: () => "no time is left" });
    expect(result.verdict).toBe(wrongEvery === 0 ? "valid" : "invalid");
  });
});

test("values that were put in twice are searched for only where the likely passages have no order", () => {
  const events = concurrentCalls(
    { operations: 2000, clients: 20, timeoutEvery: 0, wrongEvery: 0, seed: 5 },
    sequentialQueue(1000),
  );
  const result = linearizability({ model: "queue" }).check(buildHistory(events), {
    exceeded: () => "no time is left",
  });
  expect(result.verdict).toBe("valid");
});
