import { describe, expect, test } from "vitest";
import type { CheckResult } from "../../../checkers/checker.ts";
import { durability } from "../../../checkers/durability/durability.checker.ts";
import { historyOf } from "../../support/history-text.ts";

function check(text: string): CheckResult {
  return durability().check(historyOf(text));
}

function proofsOf(text: string): string[] {
  return check(text).anomalies.map(({ type, proof }) => `${type}: ${proof}`);
}

describe("durability of versioned entities", () => {
  test("an acknowledged version is gone", () => {
    expect(
      proofsOf(`
        c1 create user/7 {"value":"a"} => ok {"version":1}
        c1 update user/7 {"expected":1,"value":"b"} => ok {"version":2}
        c9 final read user/7 => ok {"version":1,"value":"a"}
        c9 final read user/7 => ok null
      `),
    ).toEqual([
      "lost-write: client 1 was told that user/7 is stored as version 2 (operation 3), but the final read shows " +
        "version 1 (operation 5)",
      "lost-write: client 1 was told that user/7 is stored as version 2 (operation 3), but the final read finds " +
        "nothing (operation 7)",
    ]);
  });

  test("an acknowledged version holds another value", () => {
    expect(
      proofsOf(`
        c1 update user/7 {"expected":1,"value":"b"} => ok {"version":2}
        c9 final read user/7 => ok {"version":2,"value":"c"}
      `),
    ).toEqual([
      'replaced-write: client 1 was told that user/7 is stored as version 2 (operation 1) with value "b", but the ' +
        'final read shows "c" at that version (operation 3)',
    ]);
  });

  test("a deleted entity is there again", () => {
    expect(
      proofsOf(`
        c1 create user/7 {"value":"a"} => ok {"version":1}
        c1 delete user/7 => ok
        c9 final read user/7 => ok {"version":1,"value":"a"}
      `),
    ).toEqual([
      "resurrected-entity: client 1 was told that user/7 is deleted (operation 3), and nobody wrote it afterwards, but " +
        "the final read shows version 1 (operation 5)",
    ]);
  });

  test("later versions, deletes and unknown outcomes are fine", () => {
    const text = `
      c1 create a {"value":"a"} => ok {"version":1}
      c2 update a {"expected":1,"value":"b"} => info
      c1 create b {"value":"a"} => ok {"version":1}
      c1 delete b => ok
      c1 create c {"value":"a"} => ok {"version":1}
      c1 delete c => info
      c1 create d {"value":"a"} => ok {"version":1}
      c1 delete d => ok
      c1 create d {"value":"b"} => info
      c9 final read a => ok {"version":2,"value":"b"}
      c9 final read b => ok null
      c9 final read c => ok null
      c9 final read d => ok {"version":1,"value":"b"}
    `;
    expect(check(text)).toMatchObject({ verdict: "valid", stats: { operations: 10 } });
  });
});

describe("durability of registers", () => {
  test("an acknowledged value is gone", () => {
    expect(
      proofsOf(`
        c1 write x 1 => ok
        c1 write x 2 => ok
        c9 final read x => ok 1
        c9 final read x => ok null
        c9 final read x => ok 7
      `),
    ).toEqual([
      "resurrected-value: client 1 was told that x holds 2 (operation 3), but the final read shows 1 (operation 5), " +
        "which had been stored before that write was sent (operation 1)",
      "lost-write: client 1 was told that x holds 2 (operation 3), but the final read shows null (operation 7), which " +
        "was there before any write",
      "lost-write: client 1 was told that x holds 2 (operation 3), but the final read shows 7 (operation 9), which no " +
        "operation wrote",
    ]);
  });

  test("a deleted value is there again", () => {
    expect(
      proofsOf("c1 write x 1 => ok\nc1 delete x => ok\nc9 final read x => ok 1").map((proof) =>
        proof.slice(0, 60),
      ),
    ).toEqual(["resurrected-value: client 1 was told that x is deleted (oper"]);
  });

  test("concurrent and unknown writes, cas and equal values are fine", () => {
    const text = `
      c1 > write x 1
      c2 write x 2 => ok
      c1 < ok
      c1 write y 1 => info
      c2 write y 2 => ok
      c1 cas z [0,5] => ok
      c1 write w {"b":1,"a":[1]} => ok
      c9 final read x => ok 1
      c9 final read y => ok 1
      c9 final read z => ok 5
      c9 final read w => ok {"a":[1],"b":1}
    `;
    expect(check(text)).toMatchObject({ verdict: "valid", anomalies: [] });
  });
});

describe("durability of sets", () => {
  test("an acknowledged element is missing", () => {
    expect(
      proofsOf(`
        c1 add s 1 => ok
        c1 add s 2 => ok
        c1 add s 3 => info
        c9 final read s => ok [1]
      `),
    ).toEqual([
      "lost-element: client 1 was told that 2 is in s (operation 3), but it is missing in the final read (operation 7)",
    ]);
    expect(check("c1 add s 1 => ok\nc9 final read s => ok [3,1]").verdict).toBe("valid");
  });
});

describe("durability does not decide", () => {
  test("keys without a final read", () => {
    expect(
      check(`
        c1 write x 1 => ok
        c1 write y 1 => ok
        c1 write z 1 => ok
        c9 final read z => ok 1
        c9 final read y => info
      `),
    ).toMatchObject({
      verdict: "unknown",
      reason: "x and 1 other key have acknowledged writes but no final read",
    });
  });

  test("what it does not understand, and nothing at all", () => {
    const result = check(`
      c1 add s 1 => ok
      c9 final read s => ok 1
      c1 write m 1 => ok
      c1 add m 1 => ok
      c1 cas c 5 => ok
    `);
    expect(result.verdict === "unknown" && result.reason).toBe(
      "s was not judged: operation 3 reads something that is no list; m was not judged: it is written in more than " +
        "one manner; c was not judged: operation 8 is no pair of old and new value",
    );
    expect(check("c1 read x => ok 1")).toMatchObject({ reason: "nothing was examined" });
  });
});
