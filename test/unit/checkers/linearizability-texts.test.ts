import { describe, expect, test } from "vitest";
import { concurrentCalls, sequentialText } from "../../../bench/concurrent-objects.ts";
import type { CheckResult } from "../../../checkers/checker.ts";
import { linearizability } from "../../../checkers/linearizability/linearizability.checker.ts";
import { TextPieces } from "../../../checkers/linearizability/text-pieces.ts";
import { buildHistory } from "../../support/build-history.ts";
import { historyOf } from "../../support/history-text.ts";

const checked = (text: string, initial = ""): CheckResult =>
  linearizability({ model: "kv", initial }).check(historyOf(text));

describe("texts that tell what they were put together of", () => {
  test.each([
    [
      "an append of unknown outcome that never shows",
      'c1 append x "a;" => info\nc2 get x => ok ""\nc2 get x => ok ""',
      "valid",
    ],
    [
      "one that shows late",
      'c1 append x "a;" => info\nc2 get x => ok ""\nc2 get x => ok "a;"\nc2 get x => ok "a;"',
      "valid",
    ],
    ["one that goes away", 'c1 append x "a;" => info\nc2 get x => ok "a;"\nc2 get x => ok ""', "invalid"],
    [
      "one that may have been wiped away",
      'c1 append x "a;" => ok\nc2 put x "p;" => info\nc3 put x "q;" => ok\nc3 append x "b;" => ok\nc3 get x => ok "q;b;"',
      "valid",
    ],
    [
      "one that nothing can have wiped away",
      'c1 put x "q;" => ok\nc1 append x "a;" => ok\nc2 get x => ok "q;"',
      "invalid",
    ],
    ["an append that failed and shows", 'c1 append x "a;" => fail\nc2 get x => ok "a;"', "invalid"],
    ["an append of nothing", 'c1 append x "" => ok\nc1 append x "a;" => ok\nc2 get x => ok "a;"', "valid"],
    ["a put of nothing", 'c1 put x "a;" => ok\nc1 put x "" => ok\nc2 get x => ok ""', "valid"],
    ["a piece of a text", 'c1 append x "ab;" => ok\nc2 get x => ok "ab"', "invalid"],
    [
      "texts that begin with each other",
      'c1 > append x "a"\nc2 > append x "aa"\nc3 get x => ok "aaa"\nc1 < ok\nc2 < ok',
      "valid",
    ],
  ])("%s", (_, text, verdict) => {
    expect(checked(text).verdict).toBe(verdict);
  });

  test.each([
    ["what was there at the start", 'c1 append x "a;" => ok\nc1 get x => ok "0;a;"', "valid"],
    ["it does not come back", 'c1 put x "a;" => ok\nc1 get x => ok "0;"', "invalid"],
    ["it is not forgotten", 'c1 append x "a;" => ok\nc1 get x => ok "a;"', "invalid"],
  ])("%s", (_, text, verdict) => {
    expect(checked(text, "0;").verdict).toBe(verdict);
  });

  test.each([
    [
      'c1 put x "p;" => ok\nc2 get x => ok "p;b;"\nc1 append x "b;" => ok',
      'get answered "p;b;", which cannot be put together of what had been sent by then',
    ],
    [
      'c1 append x "a;" => ok\nc1 put x "p;" => ok\nc2 get x => ok "p;a;a;"',
      'get answered "p;a;a;", which shows "a;" (operation 0) in a second place',
    ],
    [
      'c1 put x "p;" => ok\nc1 > append x "a;"\nc2 > append x "b;"\nc3 get x => ok "p;a;"\nc3 get x => ok "p;b;a;"\nc1 < ok\nc2 < ok',
      'get answered "p;b;a;", but other texts were shown after "p;" (operation 0)',
    ],
    [
      'c1 append x "a;" => ok\nc1 append x "b;" => ok\nc2 get x => ok "b;a;"',
      "by the texts that were shown operation 2 came before operation 0, which had returned before it was sent",
    ],
    [
      'c1 put x "p;" => ok\nc1 put x "q;" => ok\nc2 get x => ok "p;"',
      'what "p;" (operation 0) wrote was there before what "q;" (operation 2) wrote, as operation 0 returned before ' +
        "operation 2 was sent, and also after it, as operation 2 returned before operation 4 was sent",
    ],
    [
      'c1 put x "p;" => ok\nc2 get x => ok ""',
      'what was there at the start was there before what "p;" (operation 0) wrote, and also after it, as operation 0 ' +
        "returned before operation 2 was sent",
    ],
  ])("says why: %s", (text, why) => {
    const result = checked(text);
    expect(result.verdict).toBe("invalid");
    expect(result.anomalies[0]?.proof).toContain(why);
  });

  test.each([0, 2000])("many clients and timeouts need no search (one wrong answer in %i)", (wrongEvery) => {
    const calls = { operations: 20_000, clients: 30, timeoutEvery: 20, wrongEvery, seed: 11 };
    const history = buildHistory(concurrentCalls(calls, sequentialText(0)));
    // Nothing is searched, so that there is nothing for a budget to end.
    const result = linearizability({ model: "kv" }).check(history, { exceeded: () => "no time is left" });
    expect(result.verdict).toBe(wrongEvery === 0 ? "valid" : "invalid");
  });
});

describe("pieces", () => {
  test("are told apart in a text", () => {
    const pieces = TextPieces.of(["b;", "aa;", "a;"])!;
    expect([pieces.at("aa;b;", 0), pieces.at("aa;b;", 3), pieces.at("aa;b;", 1), pieces.at("ab", 0)]).toEqual(
      [1, 0, 2, -1],
    );
  });

  test.each([[["a", "ab"]], [["ab", "b", "a"]], [["a", "a"]], [["a", ""]]])(
    "are none where they cannot be: %j",
    (texts) => {
      expect(TextPieces.of(texts)).toBeNull();
    },
  );
});
