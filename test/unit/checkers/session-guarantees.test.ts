import { describe, expect, test } from "vitest";
import type { Checker, CheckResult } from "../../../checkers/checker.ts";
import { monotonicReads } from "../../../checkers/session/monotonic-reads.checker.ts";
import { monotonicWrites } from "../../../checkers/session/monotonic-writes.checker.ts";
import { writesFollowReads } from "../../../checkers/session/writes-follow-reads.checker.ts";
import { historyOf } from "../../support/history-text.ts";

function check(checker: Checker, text: string): CheckResult {
  return checker.check(historyOf(text));
}

function proofsOf(checker: Checker, text: string): string[] {
  return check(checker, text).anomalies.map(({ type, proof }) => `${type}: ${proof}`);
}

describe("monotonicReads", () => {
  const checker = monotonicReads();

  test("finds an older version after a newer one, and nothing after something", () => {
    expect(
      proofsOf(
        checker,
        `
        c1 update user/7 {"expected":2,"value":"c"} => ok {"version":3}
        c2 read user/7 => ok {"version":3,"value":"c"}
        c2 read user/7 => ok {"version":2,"value":"b"}
        c2 read user/7 => ok null
      `,
      ),
    ).toEqual([
      "read-went-back: client 2 read version 3 of user/7 (operation 3), but when it read afterwards it got version 2 " +
        "(operation 5)",
      "read-went-back: client 2 read version 3 of user/7 (operation 3), but when it read afterwards it found nothing " +
        "(operation 7)",
    ]);
  });

  test("finds the value at the start after a later one, and a value that comes back", () => {
    expect(proofsOf(checker, "c1 write x 1 => ok\nc2 read x => ok 1\nc2 read x => ok null")).toEqual([
      "read-went-back: client 2 read a later value of x (operation 3), but when it read afterwards it got null, which " +
        "was there before any write (operation 5)",
    ]);
    expect(
      proofsOf(
        checker,
        `
        c1 write x 1 => ok
        c1 write x 2 => ok
        c2 read x => ok 1
        c2 read x => ok 2
        c2 read x => ok 1
      `,
      ),
    ).toEqual([
      "reads-contradict: no order of the values of x explains what sessions read one after the other: 1 came before 2, " +
        "as client 2 showed (operation 7); 2 came before 1, as client 2 showed (operation 9)",
    ]);
  });

  test("accepts older values for other sessions, for overlapping reads, and the first thing read", () => {
    const result = check(
      checker,
      `
      c1 update user/7 {"expected":2,"value":"c"} => ok {"version":3}
      c1 read user/7 => ok {"version":2,"value":"b"}
      c2 read user/7 => ok {"version":3,"value":"c"}
      c3 > read user/7
      c3 < ok {"version":2,"value":"b"}
      c3 read user/7 => ok {"version":2,"value":"b"}
      c3 read user/7 => ok {"version":3,"value":"c"}
    `,
    );
    expect(result).toMatchObject({ verdict: "valid", stats: { operations: 2 } });
  });

  test("a session may go on under another process while an older read is under way", () => {
    const text = `
      c1 update x {"expected":1,"value":"b"} => ok {"version":2}
      c2 > read x
      c2 < info
      c2 read x => ok {"version":2,"value":"b"}
      c2 read x => ok {"version":2,"value":"b"}
    `;
    expect(check(checker, text).verdict).toBe("valid");
  });

  test("does not decide what it cannot", () => {
    const deleted = check(checker, "c1 write y 1 => ok\nc1 delete y => ok\nc1 read y => ok 1");
    expect(deleted).toMatchObject({
      verdict: "unknown",
      reason: "y was not judged: operation 2 deletes it",
    });
    expect(check(checker, "c1 write x 1 => ok\nc1 read x => ok 1")).toMatchObject({
      verdict: "unknown",
      reason: "nothing was examined",
    });
  });
});

describe("monotonicWrites", () => {
  const checker = monotonicWrites();

  test("finds a later write with a lower version", () => {
    expect(
      proofsOf(
        checker,
        `
        c1 create x {"value":"a"} => ok {"version":1}
        c1 update x {"value":"b"} => ok {"version":3}
        c1 update x {"value":"c"} => ok {"version":2}
      `,
      ),
    ).toEqual([
      "write-went-back: client 1 was told that its write of x is stored as version 3 (operation 3), but its later write " +
        "is stored as version 2 (operation 5)",
    ]);
  });

  test("finds writes that a reader saw in the wrong order, but not those that one might have lost", () => {
    const writes = "c1 write x 1 => ok\nc1 write x 2 => ok\n";
    expect(proofsOf(checker, `${writes}c2 read x => ok 2\nc2 read x => ok 1`)).toEqual([
      "writes-contradict: no order of the values of x explains what sessions wrote one after the other and what they saw " +
        "of it: 1 came before 2, as client 1 showed (operation 3); 2 came before 1, as client 2 showed (operation 7)",
    ]);
    expect(check(checker, `${writes}c2 read x => ok 2\nc3 read x => ok 1`).verdict).toBe("valid");
  });

  test("accepts rising versions, and overlapping writes in any order", () => {
    const text = `
      c1 create x {"value":"a"} => ok {"version":1}
      c2 update x {"expected":1,"value":"b"} => ok {"version":2}
      c1 update x {"expected":2,"value":"c"} => ok {"version":3}
    `;
    expect(check(checker, text)).toMatchObject({ verdict: "valid", stats: { operations: 1 } });
  });

  test("does not decide where reads go back by themselves", () => {
    const text = `
      c1 write x 1 => ok
      c1 write x 2 => ok
      c3 read x => ok 1
      c3 read x => ok 2
      c3 read x => ok 1
    `;
    expect(check(checker, text)).toMatchObject({
      verdict: "unknown",
      reason:
        "x was not judged: reads of it go back (operation 7), so they do not tell the order of its writes",
    });
    const start = "c1 write x 1 => ok\nc1 write x 2 => ok\nc1 read x => ok 2\nc1 read x => ok null";
    expect(check(checker, start).verdict).toBe("unknown");
  });
});

describe("writesFollowReads", () => {
  const checker = writesFollowReads();

  test("finds a write with a version that its session had read before", () => {
    expect(
      proofsOf(
        checker,
        `
        c1 update x {"expected":4,"value":"a"} => ok {"version":5}
        c2 read x => ok {"version":5,"value":"a"}
        c2 update x {"value":"b"} => ok {"version":5}
      `,
      ),
    ).toEqual([
      "write-before-read: client 2 read version 5 of x (operation 3), but its later write is stored as version 5 " +
        "(operation 5)",
    ]);
  });

  test("finds a write that a reader saw before what its session had read", () => {
    const text = `
      c1 write x 1 => ok
      c2 read x => ok 1
      c2 write x 2 => ok
      c3 read x => ok 2
    `;
    expect(check(checker, text).verdict).toBe("valid");
    expect(proofsOf(checker, `${text}c3 read x => ok 1`)).toEqual([
      "writes-contradict-reads: no order of the values of x explains what sessions wrote after what they had read: 1 " +
        "came before 2, as client 2 showed (operation 5); 2 came before 1, as client 3 showed (operation 9)",
    ]);
  });

  test("accepts writes sent before the read had returned", () => {
    const text = `
      c1 write x 1 => ok
      c2 > read x
      c2 < info
      c2 write x 2 => ok
      c3 read x => ok 2
      c3 read x => ok 1
    `;
    expect(check(checker, text)).toMatchObject({ verdict: "unknown", reason: "nothing was examined" });
  });
});

test.each([monotonicReads, monotonicWrites, writesFollowReads])(
  "%o refuses bad options at once",
  (create) => {
    expect(() => create({ maxAnomalies: 0 })).toThrow("maxAnomalies: expected a whole number of at least 1");
  },
);
