import { describe, expect, test } from "vitest";
import type { CheckResult } from "../../../checkers/checker.ts";
import { readYourWrites } from "../../../checkers/session/read-your-writes.checker.ts";
import { historyOf } from "../../support/history-text.ts";

function check(text: string): CheckResult {
  return readYourWrites().check(historyOf(text));
}

function proofsOf(text: string): string[] {
  return check(text).anomalies.map(({ type, proof }) => `${type}: ${proof}`);
}

describe("readYourWrites finds", () => {
  test("an own version that a later read does not reach", () => {
    expect(
      proofsOf(`
        c1 create user/7 {"value":"a"} => ok {"version":1}
        c1 update user/7 {"expected":1,"value":"b"} => ok {"version":2}
        c1 read user/7 => ok {"version":1,"value":"a"}
        c1 read user/7 => ok null
        c2 read user/7 => ok {"version":1,"value":"a"}
      `),
    ).toEqual([
      "own-write-not-seen: client 1 was told that its write of user/7 is stored as version 2 (operation 3), but when " +
        "it read afterwards it got version 1 (operation 5)",
      "own-write-not-seen: client 1 was told that its write of user/7 is stored as version 2 (operation 3), but when " +
        "it read afterwards it found nothing (operation 7)",
    ]);
  });

  test("a session keeps its writes when its process changes", () => {
    const text = `
      c1 update user/7 {"expected":1,"value":"b"} => ok {"version":2}
      c1 update user/7 {"expected":2,"value":"c"} => info !timeout
      c1 read user/7 => ok {"version":1,"value":"a"}
    `;
    expect(check(text)).toMatchObject({ verdict: "invalid", anomalies: [{ operations: [1, 5] }] });
  });

  test("the value at the start after an own write", () => {
    expect(proofsOf("c1 write x 1 => ok\nc1 read x => ok null")).toEqual([
      "own-write-not-seen: client 1 was told that its write of x is stored (operation 1), but when it read afterwards " +
        "it got null, which was there before any write (operation 3)",
    ]);
  });

  test("reads whose orders contradict each other", () => {
    expect(
      proofsOf(`
        c1 write x 1 => ok
        c2 write x 2 => ok
        c1 read x => ok 2
        c2 read x => ok 1
      `),
    ).toEqual([
      "own-writes-contradict: no order of the values of x explains what sessions saw after their own writes: 1 came " +
        "before 2, as client 1 showed (operation 5); 2 came before 1, as client 2 showed (operation 7)",
    ]);
    expect(
      check(`
        c1 write x 1 => ok
        c1 cas x [1,2] => ok
        c3 write x 3 => ok
        c3 read x => ok 1
        c1 read x => ok 3
      `),
    ).toMatchObject({ verdict: "invalid", anomalies: [{ type: "own-writes-contradict" }] });
  });
});

describe("readYourWrites accepts", () => {
  test("later values of others, reads sent before the answer came, and own writes of unknown outcome", () => {
    const text = `
      c1 write x 1 => ok
      c2 write x 2 => ok
      c1 read x => ok 2
      c1 write x 3 => info
      c1 read x => ok 2
      c1 > update y {"expected":1}
      c1 < ok {"version":2}
      c1 read y => ok {"version":5,"value":"e"}
    `;
    expect(check(text)).toMatchObject({ verdict: "valid", stats: { operations: 3 } });
  });
});

describe("readYourWrites does not decide", () => {
  test("values that are not unique, deletes, two manners of writing", () => {
    const result = check(`
      c1 write x 1 => ok
      c2 write x 1 => ok
      c1 read x => ok 1
      c1 write y 1 => ok
      c1 delete y => ok
      c1 write z 1 => ok
      c1 update z {"expected":1} => ok {"version":2}
      c1 write v 1 => ok
      c1 read v => ok 8
      c1 read v => ok 9
    `);
    expect(result).toMatchObject({ verdict: "unknown" });
    expect(result.verdict === "unknown" && result.reason).toBe(
      "x was not judged: operation 0 and operation 2 write the same value, so it is not certain which of them a read " +
        "saw; y was not judged: operation 8 deletes it; z was not judged: it is written like a versioned entity and " +
        "like a register; and 1 more",
    );
  });

  test("a history in which no session reads what it wrote", () => {
    expect(check("c1 write x 1 => ok\nc2 read x => ok 1")).toMatchObject({
      verdict: "unknown",
      reason: "nothing was examined",
    });
  });
});
