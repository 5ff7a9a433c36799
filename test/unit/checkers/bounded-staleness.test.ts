import { describe, expect, test } from "vitest";
import type { CheckResult } from "../../../checkers/checker.ts";
import type { HistoryEvent } from "../../../checkers/history/operation.ts";
import { checkerByName } from "../../../checkers/registry.ts";
import {
  type BoundedStalenessOptions,
  boundedStaleness,
} from "../../../checkers/staleness/bounded-staleness.checker.ts";
import { buildHistory } from "../../support/build-history.ts";
import { labelled } from "../../support/by-label.ts";
import { eventsOfText } from "../../support/history-text.ts";

/** Each line takes a millisecond. */
function check(text: string, options: BoundedStalenessOptions = { boundMs: 0 }): CheckResult {
  const events = eventsOfText(text).map(
    (event): HistoryEvent => ({ ...event, time: event.index * 1e6 }) as HistoryEvent,
  );
  return boundedStaleness(options).check(buildHistory(events));
}

function proofOf(text: string, options?: BoundedStalenessOptions): string | undefined {
  return check(text, options).anomalies[0]?.proof;
}

function reasonOf(text: string): string {
  const result = check(text);
  return result.verdict === "unknown" ? result.reason : result.verdict;
}

describe("boundedStaleness on versioned entities", () => {
  const text = `
    c1 create a {"value":"x"} => ok {"version":1}
    c1 update a {"expected":1,"value":"y"} => ok {"version":2}
    c1 update a {"expected":2,"value":"z"} => ok {"version":3}
    c2 read a => ok {"version":1,"value":"x"}
    c2 read a => ok {"version":3,"value":"z"}
  `;

  test("counts from the first acknowledgement of a newer version, and allows exactly the bound", () => {
    expect(check(text, { boundMs: 2.5 }).anomalies).toEqual([
      {
        type: "staleness-exceeded",
        key: "a",
        operations: [3, 6, 7, 1],
        proof:
          "client 1 was told that version 2 of a is stored (operation 3); 3 ms later client 2 asked for it (operation 6) " +
          "and was shown version 1 (operation 7), a write of client 1 (operation 1); at most 2.5 ms are allowed",
      },
    ]);
    expect(check(text, { boundMs: 3 }).verdict).toBe("valid");
  });

  test("measures each read, and demands nothing without a bound", () => {
    expect(labelled(check(text, {}))).toMatchObject({
      verdict: "valid",
      stats: {
        operations: 2,
        measures: {
          "median staleness in ms": 0,
          "p95 staleness in ms": 3,
          "p99 staleness in ms": 3,
          "longest staleness in ms": 3,
          reads: 2,
        },
      },
    });
    expect(boundedStaleness().claim).toContain("no bound is asked for");
    expect(boundedStaleness({ boundMs: 40 }).claim).toContain("more than 40 ms");
  });

  test("blames a read that finds nothing although something is stored", () => {
    expect(proofOf("c1 create a => ok\n c2 read a => ok")).toBe(
      "client 1 was told that its write of a is stored (operation 1); 1 ms later client 2 asked for it (operation 2) " +
        "and was shown nothing (operation 3); at most 0 ms are allowed",
    );
  });

  test("takes an answer to a read for a proof where the outcome of the write is not known", () => {
    expect(
      proofOf(`
        c1 create a => ok {"version":1}
        c1 update a {"expected":1} => info
        c2 read a => ok {"version":2}
        c3 read a => ok {"version":1}
      `),
    ).toBe(
      "client 2 was shown version 2 of a (operation 5); 1 ms later client 3 asked for it (operation 6) and was shown " +
        "version 1 (operation 7), a write of client 1 (operation 1); at most 0 ms are allowed",
    );
    expect(
      check(`
        c1 create a => ok {"version":1}
        c1 update a {"expected":1} => info
        c3 read a => ok {"version":1}
      `).verdict,
    ).toBe("valid");
  });

  test("knows an update without a version to be above that which it expected", () => {
    const change = 'c1 create a => ok {"version":1}\n c1 update a {"expected":1} => ok\n';
    expect(proofOf(`${change} c2 read a => ok {"version":1}`)).toBe(
      "client 1 was told that its write of a, which changes version 1, is stored (operation 3); 1 ms later client 2 " +
        "asked for it (operation 4) and was shown version 1 (operation 5), a write of client 1 (operation 1); at " +
        "most 0 ms are allowed",
    );
    expect(check(`${change} c2 read a => ok {"version":2}`).verdict).toBe("valid");
  });

  test("does not take it that a creation without a version made version 1", () => {
    expect(check('c1 create a => ok\n c2 read a => ok {"version":0,"value":"x"}').verdict).toBe("valid");
  });

  test("is not blamed for what was acknowledged after the read was sent, or refused", () => {
    expect(
      check(`
        c1 create a => ok {"version":1}
        c2 > read a
        c1 update a {"expected":1} => ok {"version":2}
        c3 update a {"expected":2} => fail !conflict {"version":3}
        c2 < ok {"version":1}
      `),
    ).toMatchObject({ verdict: "valid", stats: { operations: 1 } });
  });

  test("looks at each key by itself, at final reads, and at functions and fields of other names", () => {
    const options = { boundMs: 0, functions: { read: "look" }, fields: { version: "revision" } };
    const other = `
      c1 create a => ok {"revision":1}
      c1 create b => ok {"revision":1}
      c1 update b {"expected":1} => ok {"revision":2}
      c2 look a => ok {"revision":1}
      c2 final look b => ok {"revision":1}
    `;
    expect(check(other, options).anomalies).toMatchObject([{ key: "b", operations: [5, 8, 9, 3] }]);
  });
});

describe("boundedStaleness on registers", () => {
  test("blames a read of a value that was stored before a newer one was sent", () => {
    const text = `
      c1 write x 1 => ok
      c2 write x 2 => ok
      c1 read x => ok 2
      c3 read x => ok 1
    `;
    expect(check(text, { boundMs: 2 }).anomalies).toEqual([
      {
        type: "staleness-exceeded",
        key: "x",
        operations: [3, 6, 7, 1, 2],
        proof:
          "client 2 was told that x holds 2 (operation 3); 3 ms later client 3 asked for it (operation 6) and was shown 1 " +
          "(operation 7), which client 1 had stored (operation 1) before 2 was sent (operation 2); at most 2 ms are allowed",
      },
    ]);
    expect(check(text, { boundMs: 3 }).verdict).toBe("valid");
  });

  test("does not know which of two writes that overlap was the later one", () => {
    const text = `
      c1 > write x 1
      c2 write x 2 => ok
      c1 < ok
      c3 read x => ok 1
      c3 read x => ok 2
    `;
    expect(check(text)).toMatchObject({ verdict: "valid", stats: { operations: 2 } });
  });

  test("takes a write whose end is not known to be stored when somebody saw it, and not before", () => {
    const begun = "c1 write x 1 => info";
    const replaced = "c2 write x 2 => ok\n c3 read x => ok 1";
    expect(check(`${begun}\n ${replaced}`).verdict).toBe("valid");
    expect(proofOf(`${begun}\n c4 read x => ok 1\n ${replaced}`)).toBe(
      "client 2 was told that x holds 2 (operation 5); 1 ms later client 3 asked for it (operation 6) and was shown 1 " +
        "(operation 7), which client 1 had sent (operation 0) and client 4 had found (operation 3) before 2 was sent " +
        "(operation 4); at most 0 ms are allowed",
    );
  });

  test("takes a newer value for proven when somebody saw it, and not at all where nobody did", () => {
    const begun = "c1 write x 1 => ok\n c2 write x 2 => info";
    expect(check(`${begun}\n c3 read x => ok 1`).verdict).toBe("valid");
    expect(proofOf(`${begun}\n c4 read x => ok 2\n c3 read x => ok 1`)).toBe(
      "client 4 found 2 in x (operation 5); 1 ms later client 3 asked for it (operation 6) and was shown 1 " +
        "(operation 7), which client 1 had stored (operation 1) before 2 was sent (operation 2); at most 0 ms are allowed",
    );
  });

  test("blames a read of what was there before any write", () => {
    expect(proofOf("c1 write x 1 => ok\n c2 read x => ok null")).toBe(
      "client 1 was told that x holds 1 (operation 1); 1 ms later client 2 asked for it (operation 2) and was shown null " +
        "(operation 3), which was there before any write; at most 0 ms are allowed",
    );
    expect(check("c1 write x 1 => info\n c2 read x => ok null").verdict).toBe("valid");
  });

  test("measures what it does not blame", () => {
    const text = "c1 write x 1 => ok\n c2 write x 2 => ok\n c3 read x => ok 1\n c3 read x => ok 2";
    expect(labelled(check(text, {}))).toMatchObject({
      verdict: "valid",
      stats: { measures: { "median staleness in ms": 0, "longest staleness in ms": 1, reads: 2 } },
    });
  });
});

describe("boundedStaleness is unknown", () => {
  test("where nothing was examined", () => {
    expect(reasonOf("")).toBe("nothing was examined");
    expect(reasonOf("c1 write x 1 => ok")).toBe("nothing was examined");
    expect(reasonOf("c1 add x 1 => ok\n c2 read x => ok [1]")).toBe("nothing was examined");
    expect(reasonOf('c2 read x => ok {"version":3}')).toBe("nothing was examined");
  });

  test("from a delete on, and blames what was read before", () => {
    const before = 'c1 create a => ok {"version":1}\n c1 update a {"expected":1} => ok {"version":2}\n';
    const after = "c1 delete a => info\n c2 read a => ok";
    expect(reasonOf(`${before} c2 read a => ok {"version":2}\n ${after}`)).toBe(
      "a was judged in part: operation 6 deletes it",
    );
    expect(check(`${before} c2 read a => ok {"version":1}\n ${after}`).verdict).toBe("invalid");
    expect(check(`${before} c2 read a => ok {"version":2}\n c1 delete a => ok`).verdict).toBe("valid");
    expect(check(`${before} c1 delete a => fail\n c2 read a => ok {"version":1}`).verdict).toBe("invalid");
    expect(reasonOf("c1 write x 1 => ok\n c1 delete x => ok\n c2 read x => ok null")).toBe(
      "x was judged in part: operation 2 deletes it",
    );
  });

  test("where versions or values do not tell what is newer", () => {
    expect(reasonOf('c1 create a => ok {"version":1}\n c2 read a => ok {"version":"e7"}')).toBe(
      "a was judged in part: operation 3 reads something without a version",
    );
    expect(reasonOf('c1 update a => ok\n c2 read a => ok {"version":1}')).toBe(
      "a was judged in part: operation 1 is acknowledged without a version",
    );
    expect(
      reasonOf('c1 update a {"expected":1} => ok {"version":"e7"}\n c2 read a => ok {"version":1}'),
    ).toBe("a was judged in part: operation 1 is acknowledged without a version");
    expect(reasonOf("c1 write x 1 => ok\n c1 write x 1 => ok\n c2 read x => ok 1")).toContain(
      "x was not judged: operation 0 and operation 2 write the same value",
    );
    expect(reasonOf('c1 write x 1 => ok\n c1 update x => ok {"version":1}\n c2 read x => ok 1')).toBe(
      "x was not judged: it is written like a versioned entity and like a register",
    );
  });

  test("where the lines have no times", () => {
    const events = eventsOfText("c1 write x 1 => ok\n c2 read x => ok null").map(
      (event) => ({ ...event, time: 0 }) as HistoryEvent,
    );
    const result = boundedStaleness({ boundMs: 0 }).check(buildHistory(events));
    expect(result).toEqual({
      verdict: "unknown",
      anomalies: [],
      reason: "the lines of the history have no times",
      stats: { operations: 0 },
    });
  });
});

describe("boundedStaleness", () => {
  test("refuses bad options at once", () => {
    expect(() => boundedStaleness({ boundMs: -1 })).toThrow("boundMs: expected a number of at least 0");
    expect(() => boundedStaleness({ boundMs: Number.NaN })).toThrow("boundMs");
    expect(() => boundedStaleness({ maxAnomalies: 0 })).toThrow("maxAnomalies");
  });

  test("can be told its bound by name", () => {
    const history = buildHistory(
      eventsOfText("c1 write x 1 => ok\n c2 read x => ok null").map(
        (event) => ({ ...event, time: event.index * 1e6 }) as HistoryEvent,
      ),
    );
    const verdict = (boundMs: string) =>
      checkerByName("bounded-staleness", { settings: { boundMs } })?.check(history).verdict;
    expect([verdict("0.5"), verdict("1")]).toEqual(["invalid", "valid"]);
  });
});
