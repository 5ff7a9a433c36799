import { describe, expect, test } from "vitest";
import { cacheStaleness } from "../../../checkers/cache/cache-staleness.checker.ts";
import type { CheckResult } from "../../../checkers/checker.ts";
import type { HistoryEvent } from "../../../checkers/history/operation.ts";
import { buildHistory } from "../../support/build-history.ts";
import { labelled } from "../../support/by-label.ts";
import { eventsOfText } from "../../support/history-text.ts";

/** Each line takes a millisecond; what client 9 calls is a cache. */
function check(text: string, options = {}): CheckResult {
  const events = eventsOfText(text).map((event): HistoryEvent => {
    const isOfCache = "client" in event && event.client === 9;
    return { ...event, time: event.index * 1e6, ...(isOfCache ? { node: "cache" } : {}) } as HistoryEvent;
  });
  return cacheStaleness(options).check(buildHistory(events));
}

function typesOf(text: string): string[] {
  return check(text).anomalies.map(({ type, key }) => `${type} ${key}`);
}

describe("cacheStaleness finds at the end", () => {
  test("entries that are older than what is stored, of what is not there, and with another value", () => {
    const text = `
      record final stored a @pg {"version":3,"value":"new"}
      record final stored b @pg {"version":2,"value":"b"}
      record final stored c @pg {"version":2,"value":"c"}
      record final stored d @pg {"value":"d"}
      record final stored e @pg null
      record final stored f @pg {"version":1,"value":"f"}
      record final cached a @cache {"version":2,"value":"old"}
      record final cached b @cache {"version":3,"value":"rolled back"}
      record final cached c @cache {"version":2,"value":"C"}
      record final cached d @cache {"value":"D"}
      record final cached e @cache {"version":1,"value":"e"}
      record final cached f @cache {"value":null}
      record final cached g @cache {"version":1}
    `;
    expect(typesOf(text)).toEqual([
      "stale-entry a",
      "ghost-entry b",
      "wrong-entry c",
      "stale-entry d",
      "ghost-entry e",
      "stale-entry f",
      "ghost-entry g",
    ]);
    expect(check(text).anomalies[0]?.proof).toBe(
      'once all was quiet cache held {"version":2,"value":"old"} for a (record 6), but what is stored is ' +
        '{"version":3,"value":"new"} (record 0)',
    );
    expect(check(text).anomalies.at(-1)?.proof).toBe(
      'once all was quiet cache held {"version":1} for g (record 12), but no final record says that anything is stored',
    );
  });

  test("nothing where entries agree or are not there", () => {
    const text = `
      record final stored a @pg {"version":3,"value":{"x":1,"y":2}}
      record final stored b @pg {"version":1,"value":"b"}
      record final cached a @cache {"version":3,"value":{"y":2,"x":1}}
      record final cached b @cache null
      record final cached c @cache {"value":null}
      record cached b @cache {"version":0,"value":"live"}
    `;
    expect(check(text)).toMatchObject({ verdict: "valid", stats: { operations: 2 } });
  });

  test("nothing where it is not certain what is stored", () => {
    expect(check('record final cached a @cache {"version":1}')).toMatchObject({
      verdict: "unknown",
      reason: "record 0 is an entry of a cache, but no final record says what is stored",
    });
    expect(
      check(`
        record final stored a @one {"version":1}
        record final stored a @two {"version":2}
        record final cached a @cache {"version":1}
      `),
    ).toMatchObject({
      verdict: "unknown",
      reason: "a was not judged: record 0 and record 1 differ in what is stored",
    });
    expect(check("")).toMatchObject({ verdict: "unknown", reason: "nothing was examined" });
  });
});

describe("cacheStaleness under load", () => {
  const text = `
    c1 create a {"value":"x"} => ok {"version":1}
    c9 read a => ok {"version":1}
    c1 update a {"expected":1,"value":"y"} => ok {"version":2}
    c1 update a {"expected":2,"value":"z"} => ok {"version":3}
    c9 read a => ok {"version":1}
    c9 read a => ok {"version":3}
  `;

  test("bounds how far a read lags behind the first newer version that was acknowledged", () => {
    const options = { caches: ["cache"], maxStalenessMs: 2.5 };
    expect(check(text, options).anomalies).toMatchObject([
      {
        type: "stale-read",
        key: "a",
        operations: [5, 8, 9],
        proof:
          "client 1 was told that version 2 of a is stored (operation 5); 3 ms later client 9 asked for it (operation 8) " +
          "and the cache showed version 1 (operation 9); at most 2.5 ms are allowed",
      },
    ]);
    expect(labelled(check(text, { ...options, maxStalenessMs: 3 }))).toMatchObject({
      verdict: "valid",
      stats: { operations: 3, measures: { "longest staleness in ms": 3 } },
    });
  });

  test("looks at reads from caches only", () => {
    expect(check(text, { maxStalenessMs: 0 }).verdict).toBe("unknown");
    const final = 'record final stored a @pg {"version":3}\nrecord final cached a @cache {"version":3}';
    expect(check(`${text}\n${final}`, { maxStalenessMs: 0 }).verdict).toBe("invalid");
  });

  test("does not decide what is deleted", () => {
    const options = { caches: ["cache"], maxStalenessMs: 0 };
    expect(check(`${text}\nc1 delete a => info`, options)).toMatchObject({
      verdict: "unknown",
      reason: "reads of a were not judged: operation 12 deletes it",
    });
  });
});

test("cacheStaleness refuses bad options at once", () => {
  expect(() => cacheStaleness({ maxStalenessMs: -1 })).toThrow(
    "maxStalenessMs: expected a number of at least 0",
  );
  expect(() => cacheStaleness({ maxAnomalies: 0 })).toThrow("maxAnomalies");
});
