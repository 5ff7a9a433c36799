import { describe, expect, test } from "vitest";
import type { CheckResult } from "../../../checkers/checker.ts";
import { durability } from "../../../checkers/durability/durability.checker.ts";
import { optimisticLock } from "../../../checkers/optimistic-lock/optimistic-lock.checker.ts";
import { checkerByName } from "../../../checkers/registry.ts";
import { monotonicWrites } from "../../../checkers/session/monotonic-writes.checker.ts";
import { readYourWrites } from "../../../checkers/session/read-your-writes.checker.ts";
import { historyOf } from "../../support/history-text.ts";

const checkers = [optimisticLock(), readYourWrites(), monotonicWrites(), durability()];

function typesOf({ anomalies }: CheckResult): string[] {
  return anomalies.map(({ type }) => type);
}

describe("where versions begin with 0 and creations tell none", () => {
  const begun = `
    c1 create user/7 {"value":"a"} => ok
    c1 read user/7 => ok {"version":0,"value":"a"}
    c1 update user/7 {"expected":0,"value":"b"} => ok
    c1 update user/7 {"expected":1,"value":"c"} => ok {"version":2}
    c1 final read user/7 => ok {"version":2,"value":"c"}
  `;

  test.each(checkers)("$name finds nothing wrong", (checker) => {
    expect(typesOf(checker.check(historyOf(begun)))).toEqual([]);
    expect(checker.check(historyOf(begun)).verdict).toBe("valid");
  });

  test("what is wrong is found as ever", () => {
    const text = `
      c1 create user/7 {"value":"a"} => ok
      c2 read user/7 => ok {"version":0,"value":"a"}
      c1 read user/7 => ok null
      c2 update user/7 {"expected":0,"value":"b"} => ok
      c3 update user/7 {"expected":0,"value":"c"} => ok
      c4 final read user/7 => ok {"version":0,"value":"z"}
    `;
    const found = checkers.map((checker) => typesOf(checker.check(historyOf(text))).sort());
    expect(found[0]).toContain("stale-accept");
    expect(found[1]).toEqual(["own-write-not-seen"]);
    expect(found[3]).toEqual(["lost-write", "replaced-write"]);
  });
});

describe("where nobody was shown version 0", () => {
  const unseen = `
    c1 create user/7 {"value":"a"} => ok
    c1 update user/7 {"expected":0,"value":"b"} => ok {"version":1}
    c1 final read user/7 => ok {"version":1,"value":"b"}
  `;

  test("an update from it may be a second creation, unless creations are said to make it", () => {
    expect(typesOf(optimisticLock().check(historyOf(unseen)))).not.toEqual([]);
    expect(optimisticLock({ createdVersion: 0 }).check(historyOf(unseen)).verdict).toBe("valid");
    const told = checkerByName("optimistic-lock", { settings: { createdVersion: "0" } });
    expect(told?.check(historyOf(unseen)).verdict).toBe("valid");
  });

  test("sessions and final reads are not held against a version that may be 0", () => {
    expect(typesOf(monotonicWrites().check(historyOf(unseen)))).toEqual([]);
    expect(typesOf(durability().check(historyOf(unseen)))).toEqual([]);
  });

  test("creations make a version", () => {
    expect(() => optimisticLock({ createdVersion: -1 })).toThrow(RangeError);
    expect(() => optimisticLock({ createdVersion: 0.5 })).toThrow(RangeError);
  });
});
