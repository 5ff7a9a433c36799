import { describe, expect, test } from "vitest";
import type { CheckResult } from "../../../checkers/checker.ts";
import { visibleDependencies } from "../../../checkers/session/visible-dependencies.checker.ts";
import { historyOf } from "../../support/history-text.ts";

function check(text: string): CheckResult {
  return visibleDependencies().check(historyOf(text));
}

function proofsOf(text: string): string[] {
  return check(text).anomalies.map(({ type, proof }) => `${type}: ${proof}`);
}

const writes = `
  c1 write comment/1 {"value":"hello"} => ok
  c2 write reply/1 {"value":"hi","after":"comment/1"} => ok
  c2 write reply/2 {"value":"oh","after":["reply/1"]} => ok
`;

describe("visibleDependencies finds", () => {
  test("a reply that is read, and then its comment is not there", () => {
    expect(
      proofsOf(`${writes}
        c3 read reply/1 => ok {"value":"hi","after":"comment/1"}
        c3 read comment/1 => ok null
      `),
    ).toEqual([
      "dependency-missing: client 3 was shown reply/1 or what depends on it (operation 7), which depends on comment/1, " +
        "but when it read that afterwards it found nothing (operation 9)",
    ]);
  });

  test("what is missing behind another dependency", () => {
    const text = `${writes}
      c3 list thread => ok ["comment/1","reply/1","reply/2"]
      c3 read comment/1 => ok {"version":null}
    `;
    expect(check(text)).toMatchObject({ anomalies: [{ type: "dependency-missing", operations: [7, 9] }] });
  });

  test("a list with a reply but without its comment", () => {
    expect(proofsOf(`${writes}\nc3 list thread => ok [{"key":"reply/1"},{"key":"other"}]`)).toEqual([
      "shown-without-dependency: client 3 was shown reply/1 in a list (operation 7), which depends on comment/1, but " +
        "that is not in the list",
    ]);
    expect(proofsOf('c3 list thread => ok [{"key":"reply/9","after":"comment/9"}]')).toEqual([
      "shown-without-dependency: client 3 was shown reply/9 in a list (operation 1), which depends on comment/9, but " +
        "that is not in the list",
    ]);
  });
});

describe("visibleDependencies accepts", () => {
  test("comments before replies, other sessions, and reads sent before the reply was shown", () => {
    const text = `${writes}
      c3 read comment/1 => ok null
      c3 read reply/1 => ok {"value":"hi","after":"comment/1"}
      c3 read comment/1 => ok {"value":"hello"}
      c4 read comment/1 => ok null
      c5 read reply/1 => ok null
      c5 read comment/1 => ok null
      c5 list thread => ok ["comment/1"]
      c5 list thread => ok ["comment/1","reply/1"]
    `;
    expect(check(text)).toMatchObject({ verdict: "valid", stats: { operations: 2 } });
  });
});

describe("visibleDependencies does not decide", () => {
  test("what may have been deleted, and keys of which lines say different things", () => {
    expect(
      check(`${writes}
        c1 delete comment/1 => info
        c3 read reply/1 => ok {"value":"hi","after":"comment/1"}
        c3 read comment/1 => ok null
        c1 write reply/1 {"after":"comment/2"} => ok
        c4 list thread => ok ["reply/1"]
      `),
    ).toMatchObject({
      verdict: "unknown",
      reason: "operation 12 makes it unclear what reply/1 depends on",
    });
    expect(
      check(`${writes}
        c1 delete comment/1 => info
        c3 read reply/1 => ok {"value":"hi","after":"comment/1"}
        c3 read comment/1 => ok null
        c1 write reply/1 {"after":"comment/2"} => fail
      `),
    ).toMatchObject({
      verdict: "unknown",
      reason: "comment/1 is missing in operation 11, but it may have been deleted",
    });
  });

  test("histories without dependencies", () => {
    expect(check("c1 read x => ok null")).toMatchObject({
      verdict: "unknown",
      reason: "nothing was examined",
    });
  });
});

test("visibleDependencies reads other names", () => {
  const checker = visibleDependencies({ functions: { read: "get" }, fields: { after: "cause" } });
  const text = 'c1 get b => ok {"cause":"a"}\nc1 get a => ok';
  expect(checker.check(historyOf(text))).toMatchObject({ anomalies: [{ key: "a", operations: [1, 3] }] });
  expect(() => visibleDependencies({ maxAnomalies: 0 })).toThrow("maxAnomalies");
});
