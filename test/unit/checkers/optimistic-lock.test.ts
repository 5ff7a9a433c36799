import { describe, expect, test } from "vitest";
import type { Anomaly } from "../../../checkers/checker.ts";
import { optimisticLock } from "../../../checkers/optimistic-lock/optimistic-lock.checker.ts";
import { checkerByName } from "../../../checkers/registry.ts";
import { historyOf } from "../../support/history-text.ts";

function anomaliesOf(text: string): readonly Anomaly[] {
  return optimisticLock().check(historyOf(text)).anomalies;
}

function verdictOf(text: string): string {
  return optimisticLock().check(historyOf(text)).verdict;
}

describe("optimisticLock finds", () => {
  test("an update that was acknowledged and whose version holds another client's value", () => {
    const text = `
      c1 create user/7 {"value":"start"} => ok {"version":1}
      c1 > update user/7 {"expected":1,"value":"a"}
      c2 > update user/7 {"expected":1,"value":"b"}
      c1 < ok {"version":2}
      c2 < ok {"version":2}
      c3 read user/7 => ok {"version":2,"value":"b"}
    `;
    expect(anomaliesOf(text)).toEqual([
      {
        type: "two-winners",
        key: "user/7",
        operations: [4, 5],
        proof:
          "client 1 (operation 4) and client 2 (operation 5) were both told that their write of user/7, based on " +
          "version 1, is stored; only one of them can have found that version",
      },
      {
        type: "lost-update",
        key: "user/7",
        operations: [4, 5, 7],
        proof:
          "client 1 was told that its update of user/7 from version 1 to 2 is stored (operation 4), but version 2 " +
          'holds "b", the value of client 2 (operation 5), as client 3 read (operation 7)',
      },
    ]);
  });

  test("an update that was overtaken by one of unknown outcome", () => {
    const [anomaly] = anomaliesOf(`
      c1 > update user/7 {"expected":3,"value":"a"}
      c2 > update user/7 {"expected":3,"value":"b"}
      c2 < info !timeout
      c1 < ok {"version":4}
      c3 read user/7 => ok {"version":4,"value":"b"}
    `);
    expect(anomaly?.proof).toBe(
      "client 1 was told that its update of user/7 from version 3 to 4 is stored (operation 3), but version 4 " +
        'holds "b", the value of client 2 (operation 2, outcome unknown), as client 3 read (operation 5)',
    );
  });

  test("an update accepted on a version that had been superseded", () => {
    expect(
      anomaliesOf(`
        c1 update user/7 {"expected":3,"value":"a"} => ok {"version":4}
        c2 update user/7 {"expected":3,"value":"b"} => ok {"version":5}
      `).map(({ type, operations }) => ({ type, operations })),
    ).toEqual([
      { type: "stale-accept", operations: [3, 1] },
      { type: "version-gap", operations: [3] },
    ]);
    expect(
      anomaliesOf(`
        c1 update user/7 {"expected":3,"value":"a"} => ok {"version":4}
        c1 read user/7 => ok {"version":3,"value":"old"}
        c2 > update user/7 {"expected":1,"value":"b"}
        c2 < info
        c1 update user/7 {"expected":2,"value":"c"} => ok {"version":3}
      `)[0],
    ).toMatchObject({ type: "value-mismatch" });
    expect(
      anomaliesOf(`
        c1 update user/7 {"expected":3,"value":"a"} => ok {"version":4}
        c1 update user/7 {"expected":2,"value":"c"} => ok {"version":3}
      `),
    ).toEqual([
      {
        type: "stale-accept",
        key: "user/7",
        operations: [3, 1],
        proof:
          "client 1 was told that its update of user/7 from version 2 to 3 is stored (operation 3), but it was sent " +
          "after version 4 had been there (operation 1)",
      },
    ]);
  });

  test("versions that skip", () => {
    expect(anomaliesOf('c1 update user/7 {"expected":3,"value":"a"} => ok {"version":5}')).toEqual([
      {
        type: "version-gap",
        key: "user/7",
        operations: [1],
        proof:
          "client 1 was told that its update of user/7 from version 3 to 5 is stored (operation 1), but versions " +
          "increase by one: 4 was due",
      },
    ]);
    expect(
      anomaliesOf(`
        c1 update user/7 {"expected":3,"value":"a"} => ok {"version":4}
        c1 update user/7 {"expected":6,"value":"b"} => ok {"version":7}
      `).map(({ type, proof }) => `${type}: ${proof}`),
    ).toEqual([
      "version-gap: client 1 was told that its update of user/7 from version 6 to 7 is stored (operation 3), based " +
        "on version 6, which no operation can have written: version 4 was there, too (operation 1)",
    ]);
  });

  test("one version with two values", () => {
    expect(
      anomaliesOf(`
        c1 update user/7 {"expected":3,"value":"a"} => info
        c2 read user/7 => ok {"version":4,"value":"a"}
        c3 read user/7 => ok {"version":4,"value":"b"}
      `),
    ).toEqual([
      {
        type: "version-reused",
        key: "user/7",
        operations: [3, 5],
        proof:
          'client 2 read version 4 of user/7 with value "a" (operation 3), but client 3 read version 4 of user/7 ' +
          'with value "b" (operation 5)',
      },
    ]);
  });

  test("what only another version makes impossible: both are shown", () => {
    const refused = 'c3 update user/7 {"expected":9,"value":"c"} => fail !refused';
    const first = 'c1 read user/7 => ok {"version":1}';
    const third = 'c2 read user/7 => ok {"version":3}';
    const fourth = 'c2 update user/7 {"expected":3,"value":"b"} => ok {"version":4}';
    const both = (second: string) => anomaliesOf([first, second, refused].join("\n"));
    const open = 'c4 update user/7 {"expected":2,"value":"d"} => info';
    expect(both(third)).toMatchObject([{ type: "read-off-chain", operations: [3, 1] }]);
    expect(both(`${open}\n${third}`)).toMatchObject([{ type: "version-gap", operations: [5, 1] }]);
    expect(both(fourth)).toMatchObject([{ type: "version-gap", operations: [3, 1] }]);
    for (const line of [first, third, fourth]) expect(verdictOf(`${line}\n${refused}`)).not.toBe("invalid");
  });

  test("a read of a version that nobody wrote, and one from the future", () => {
    expect(
      anomaliesOf(`
        c1 read user/7 => ok {"version":1,"value":"x"}
        c1 update user/7 {"expected":1,"value":"y"} => fail !conflict
        c2 read user/7 => ok {"version":2,"value":"z"}
      `).map(({ type, proof }) => `${type}: ${proof}`),
    ).toEqual([
      'read-off-chain: client 2 read version 2 of user/7 with value "z" (operation 5), which no operation can have written: version 1 was there, too (operation 1)',
    ]);
    expect(
      anomaliesOf(`
        c1 read user/7 => ok {"version":1,"value":"x"}
        c2 read user/7 => ok {"version":2,"value":"y"}
        c1 update user/7 {"expected":1,"value":"y"} => ok {"version":2}
      `).map(({ type, proof }) => `${type}: ${proof}`),
    ).toEqual([
      'read-off-chain: client 2 read version 2 of user/7 with value "y" (operation 3), but version 2 can only have ' +
        "been written by client 1, who sent that write later (operation 4)",
    ]);
    expect(
      anomaliesOf(`
        c1 read user/7 => ok null
        c1 read user/7 => ok {"version":1,"value":"x"}
        c1 update user/7 {"expected":1,"value":"y"} => fail !refused
      `).map(({ type, operations }) => ({ type, operations })),
    ).toEqual([{ type: "read-off-chain", operations: [1, 3] }]);
  });

  test("a conflict without a cause", () => {
    expect(
      anomaliesOf(`
        c1 create user/7 {"value":"x"} => ok {"version":1}
        c1 update user/7 {"expected":1,"value":"y"} => fail !conflict
        c2 update user/7 {"expected":1,"value":"z"} => ok {"version":2}
      `).map(({ type, proof }) => `${type}: ${proof}`),
    ).toEqual([
      "false-conflict: client 1 was told that its update from version 1 of user/7 conflicts (operation 3), but " +
        "version 1 was current since operation 1 at the latest, and what changed it was sent only after " +
        "that answer (operation 4)",
    ]);
    expect(
      anomaliesOf(`
        c1 read user/7 => ok null
        c1 create user/7 {"value":"x"} => fail !conflict
      `).map(({ type, proof }) => `${type}: ${proof}`),
    ).toEqual([
      "false-conflict: client 1 was told that its creation of user/7 conflicts (operation 3), but it was not there, " +
        "and no operation can have changed it",
    ]);
  });

  test("a conflict reported for an update that is stored", () => {
    expect(
      anomaliesOf(`
        c1 read user/7 => ok {"version":1,"value":"x"}
        c1 update user/7 {"expected":1,"value":"y"} => fail !conflict
        c1 read user/7 => ok {"version":2,"value":"y"}
      `).map(({ type, proof }) => `${type}: ${proof}`),
    ).toEqual([
      "false-conflict: client 1 was told that its write of user/7 did not happen because of a conflict (operation 3), " +
        'but client 1 read version 2 of user/7 with value "y" (operation 5): the value that this write asked to ' +
        "store, and no other write can have stored it",
    ]);
    expect(
      anomaliesOf(`
        c1 update user/7 {"expected":1,"value":"y"} => fail !too-busy
        c1 read user/7 => ok {"version":1,"value":"x"}
        c1 read user/7 => ok {"version":2,"value":"y"}
      `).map(({ type }) => type),
    ).toEqual(["refused-update-stored"]);
  });

  test("an entity that two clients created", () => {
    expect(
      anomaliesOf(`
        c1 > create user/7 {"value":"x"}
        c2 > update user/7 {"expected":0,"value":"y"}
        c1 < ok {"version":1}
        c2 < ok {"version":1}
      `).map(({ type, proof }) => `${type}: ${proof}`),
    ).toEqual([
      "two-winners: client 1 (operation 2) and client 2 (operation 3) were both told that their creation of user/7 " +
        "is stored; only one of them can have found that it was not there yet",
    ]);
  });
});

describe("optimisticLock accepts", () => {
  test("unknown outcomes that explain what was seen, even much later", () => {
    const text = `
      c1 read user/7 => ok {"version":7,"value":"x"}
      c1 update user/7 {"expected":7,"value":"late"} => info !timeout
      c2 update user/7 {"expected":7,"value":"b"} => fail !conflict
      c2 read user/7 => ok {"version":8,"value":"late"}
      c2 update user/7 {"expected":8,"value":"c"} => ok {"version":9}
    `;
    expect(verdictOf(text)).toBe("valid");
  });

  test("a conflict caused by an update that is still under way", () => {
    const text = `
      c1 read user/7 => ok {"version":7,"value":"x"}
      c1 > update user/7 {"expected":7,"value":"a"}
      c2 update user/7 {"expected":7,"value":"b"} => fail !conflict
    `;
    expect(verdictOf(text)).toBe("valid");
  });

  test("outdated reads, refusals without a claim, extra fields, and version 0 as a version", () => {
    const text = `
      c1 create user/7 {"value":"x"} => ok {"version":0,"value":"x","etag":"abc"}
      c1 update user/7 {"expected":0,"value":"y","reason":"test"} => ok {"version":1,"etag":"abd"}
      c2 read user/7 => ok {"version":0,"value":"x"}
      c2 update user/7 {"expected":1,"value":"z"} => fail !too-busy
    `;
    expect(verdictOf(text)).toBe("valid");
  });

  test("other names", () => {
    const checker = optimisticLock({
      functions: { read: "get", update: ["rename", "move"] },
      fields: { version: "etag", value: "body", expected: "ifMatch" },
      conflictCodes: ["412"],
    });
    const history = historyOf(`
      c1 get user/7 => ok {"etag":1,"body":"x"}
      c1 rename user/7 {"ifMatch":1,"body":"y"} => ok {"etag":2}
      c2 move user/7 {"ifMatch":1,"body":"z"} => fail !412
      c2 move user/7 {"ifMatch":2,"body":"z"} => fail !412
    `);
    expect(checker.check(history).anomalies.map(({ type }) => type)).toEqual(["false-conflict"]);
  });
});

describe("optimisticLock does not decide", () => {
  test("what it does not understand", () => {
    const result = optimisticLock().check(
      historyOf(`
        c1 update user/7 {"expected":1,"value":"y"} => ok {"version":2}
        c1 delete user/7 => ok
        c1 update user/8 {"value":"y"} => info
        c1 read user/9 => ok "plain"
        c1 create user/9 => ok
      `),
    );
    expect(result).toMatchObject({
      verdict: "unknown",
      reason:
        "user/7 was judged in part: operation 2 deletes it: versions may start anew; user/8 was not judged: operation 4 " +
        "has an unknown outcome and does not say which version it expected; user/9 was not judged: operation 7 " +
        "reads something without a version",
    });
  });

  test("a history that has nothing of its kind", () => {
    const result = optimisticLock().check(historyOf("c1 write x 1 => ok\nc1 read x => ok 1"));
    expect(result).toMatchObject({ verdict: "unknown", reason: "nothing was examined" });
  });

  test("bad options", () => {
    expect(() => optimisticLock({ maxAnomalies: 0 })).toThrow("maxAnomalies: expected a whole number");
  });
});

test("anomalies beyond the limit are counted, the first ones are kept", () => {
  const lines = Array.from(
    { length: 30 },
    (_, at) => `c1 update k${29 - at} {"expected":1,"value":${at}} => ok {"version":3}`,
  );
  const result = optimisticLock({ maxAnomalies: 3 }).check(historyOf(lines.join("\n")));
  expect(result.anomalies.map(({ key }) => key)).toEqual(["k29", "k28", "k27"]);
  expect(result.stats).toEqual({ operations: 30, anomaliesOmitted: 27 });
});

describe("optimisticLock judges what is clear beside what is not", () => {
  const winners = `
    c1 create user/7 {"value":"start"} => ok {"version":1}
    c1 > update user/7 {"expected":1,"value":"a"}
    c2 > update user/7 {"expected":1,"value":"b"}
    c1 < ok {"version":2}
    c2 < ok {"version":2}
  `;

  test("two winners before a deletion, and beside an update that names no version", () => {
    expect(anomaliesOf(`${winners}\nc1 delete user/7 => ok`).map(({ type }) => type)).toEqual([
      "two-winners",
    ]);
    const blind = 'c3 update user/7 {"value":"x"} => info';
    expect(anomaliesOf(`${winners}\n${blind}`).map(({ type }) => type)).toEqual(["two-winners"]);
    expect(anomaliesOf(`${blind}\n${winners}`).map(({ type }) => type)).toEqual(["two-winners"]);
  });

  test("two winners between two deletions, but not on both sides of one", () => {
    const one = 'c1 create user/7 => ok {"version":1}\nc1 update user/7 {"expected":1} => ok {"version":2}\n';
    const gone = "c1 delete user/7 => ok\n";
    expect(verdictOf(one + gone + one + gone)).toBe("unknown");
    expect(anomaliesOf(gone + winners + gone).map(({ type }) => type)).toEqual(["two-winners"]);
    const open = "c3 > delete user/7\n";
    expect(verdictOf(one + open + winners)).toBe("unknown");
  });

  test("a delete that certainly did not happen", () => {
    expect(verdictOf('c1 create user/7 => ok {"version":1}\nc1 delete user/7 => fail')).toBe("valid");
  });
});

describe("a version that came back", () => {
  const text = `
    c2 read user/7 => ok {"version":1,"value":"old"}
    c1 delete user/7 => ok
    c1 create user/7 {"value":"new"} => ok {"version":1}
    c2 update user/7 {"expected":1,"value":"late"} => ok {"version":2}
  `;

  test("was taken for the one that was known", () => {
    expect(anomaliesOf(text)).toEqual([
      {
        type: "aba",
        key: "user/7",
        operations: [1, 3, 5, 7],
        proof:
          "client 2 knew version 1 of user/7 (operation 1), which was then taken away (operation 3) and came back " +
          "(operation 5); only afterwards it sent its update from version 1, and that was accepted (operation 7): on " +
          "another state that has the same version",
      },
    ]);
  });

  test("is none to who has seen it, to who was under way, or who is refused", () => {
    const seen = text.replace("c2 update", 'c2 read user/7 => ok {"version":1,"value":"new"}\nc2 update');
    expect(verdictOf(seen)).toBe("unknown");
    expect(verdictOf(text.replace(/=> ok {"version":2}/, "=> fail !conflict"))).toBe("unknown");
    const underWay = `
      c2 read user/7 => ok {"version":1,"value":"old"}
      c2 > update user/7 {"expected":1,"value":"late"}
      c1 delete user/7 => ok
      c1 create user/7 {"value":"new"} => ok {"version":1}
      c2 < ok {"version":2}
    `;
    expect(verdictOf(underWay)).toBe("unknown");
  });

  test("that nobody brought back was accepted on nothing", () => {
    expect(anomaliesOf(text.replace(/c1 create.*/, "")).map(({ type }) => type)).toEqual(["stale-accept"]);
  });

  test("without an order: after updates there and back", () => {
    const check = (back: string): string[] =>
      optimisticLock({ versions: "opaque" })
        .check(
          historyOf(`
            c2 read user/7 => ok {"version":"A","value":"a"}
            c1 update user/7 {"expected":"A","value":"b"} => ok {"version":"B"}
            ${back}
            c2 update user/7 {"expected":"A","value":"c"} => ok {"version":"C"}
          `),
        )
        .anomalies.map(({ type }) => type);
    expect(check('c1 update user/7 {"expected":"B","value":"a"} => ok {"version":"A"}')).toEqual(["aba"]);
    expect(check("")).toEqual(["stale-accept"]);
  });
});

describe("versions of another kind", () => {
  const rising = (text: string): string[] =>
    optimisticLock({ versions: "rising" })
      .check(historyOf(text))
      .anomalies.map(({ type }) => type);

  test("that skip are no gap, but rise", () => {
    const text = 'c1 update user/7 {"expected":1000,"value":"a"} => ok {"version":1010}';
    expect(verdictOf(text)).toBe("invalid");
    expect(rising(text)).toEqual([]);
    expect(rising('c1 update user/7 {"expected":1000} => ok {"version":990}')).toEqual([
      "version-not-rising",
    ]);
    expect(
      rising(
        'c1 read user/7 => ok {"version":1010}\nc1 update user/7 {"expected":1000} => ok {"version":1020}',
      ),
    ).toEqual(["stale-accept"]);
    expect(checkerByName("optimistic-lock", { model: "rising" })?.check(historyOf(text)).verdict).toBe(
      "valid",
    );
  });

  test("of texts have one winner, keep their value, and conflict for a reason", () => {
    const opaque = (text: string): string[] => {
      const result = optimisticLock({ versions: "opaque" }).check(historyOf(text));
      return result.verdict === "invalid" ? result.anomalies.map(({ type }) => type) : [result.verdict];
    };
    const first = 'c1 update user/7 {"expected":"x1","value":"a"} => ok {"version":"k9"}\n';
    expect(opaque(first)).toEqual(["valid"]);
    expect(opaque(`${first}c2 update user/7 {"expected":"x1","value":"b"} => ok {"version":"p3"}`)).toEqual([
      "stale-accept",
    ]);
    expect(opaque(`${first}c2 read user/7 => ok {"version":"k9","value":"b"}`)).toEqual(["value-mismatch"]);
    expect(opaque(`${first}c2 update user/7 {"expected":"k9"} => fail !conflict`)).toEqual([
      "false-conflict",
    ]);
    expect(opaque(`${first}c2 update user/7 {"expected":"x1"} => fail !conflict`)).toEqual(["valid"]);
    expect(
      opaque(
        `${first}c3 update user/7 {"expected":"k9"} => info\nc2 update user/7 {"expected":"k9"} => fail !conflict`,
      ),
    ).toEqual(["valid"]);
  });

  test("of texts came back by nothing that was sent only after both had won", () => {
    const winners = `
      c1 create a {"value":"x"} => ok {"version":"e1"}
      c1 > update a {"expected":"e1","value":"y"}
      c2 update a {"expected":"e1","value":"z"} => ok {"version":"e2"}
      c1 < ok {"version":"e3"}
    `;
    const late = 'c3 > update a {"expected":"e3","value":"x"}';
    const typesOf = (text: string) =>
      optimisticLock({ versions: "opaque" })
        .check(historyOf(text))
        .anomalies.map(({ type }) => type);
    expect(typesOf(winners)).toEqual(["two-winners"]);
    expect(typesOf(`${winners}\n${late}`)).toEqual(["two-winners"]);
    expect(typesOf(winners.replace("c1 < ok", `${late}\n c1 < ok`))).toEqual([]);
  });

  test("that nobody knows are refused", () => {
    expect(() => optimisticLock({ versions: "random" as "opaque" })).toThrow(RangeError);
  });
});

test("a false conflict names the competitor that was under way, and says why it was not that", () => {
  const [anomaly] = anomaliesOf(`
    c1 create user/7 {"value":"start"} => ok {"version":1}
    c3 > update user/7 {"expected":1,"value":"x"}
    c3 < info
    c2 update user/7 {"expected":1,"value":"b"} => fail !conflict
    c1 update user/7 {"expected":1,"value":"a"} => ok {"version":2}
  `);
  expect(anomaly).toMatchObject({
    type: "false-conflict",
    proof:
      "client 2 was told that its update from version 1 of user/7 conflicts (operation 5), but version 1 was current " +
      "since operation 1 at the latest, and what changed it was sent only after that answer (operation 6); operation 2, " +
      "of unknown outcome, was sent before but did not change it, for client 1 was told that it wrote what followed",
  });
});
