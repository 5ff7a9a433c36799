import { describe, expect, test } from "vitest";
import { eventStreams } from "../../../checkers/event-streams/event-streams.checker.ts";
import type { Json } from "../../../checkers/history/operation.ts";
import { checkerByName } from "../../../checkers/registry.ts";
import { historyOf } from "../../support/history-text.ts";

const e = (version: number, event: string, more = ""): string =>
  `record final event cart/1 @store {"version":${version},"event":"${event}"${more}}`;
const log = [
  e(1, "a", ',"state":1,"at":10'),
  e(2, "b", ',"state":3,"at":20'),
  e(3, "c", ',"state":6,"at":30'),
];

const live = (version: number, event: string, more = ""): string =>
  `record event cart/1 @store {"version":${version},"event":"${event}"${more}}`;

function found(...lines: readonly string[]): string[] {
  return eventStreams()
    .check(historyOf(lines.join("\n")))
    .anomalies.map(({ type }) => type);
}

describe("the versions of a stream", () => {
  test("are 1 to n", () => {
    expect(eventStreams().check(historyOf(log.join("\n")))).toMatchObject({
      verdict: "valid",
      stats: { operations: 3 },
    });
  });

  test("have no gap", () => {
    const result = eventStreams().check(historyOf([e(1, "a"), e(4, "d"), e(6, "f")].join("\n")));
    expect(result.anomalies.map(({ proof }) => proof)).toEqual([
      "cart/1 has no event of versions 2 to 3, but one of version 4 (record 1)",
      "cart/1 has no event of version 5, but one of version 6 (record 2)",
    ]);
    expect(found(e(2, "b"))).toEqual(["version-gap"]);
  });

  test("have no fork, and no event twice", () => {
    expect(found(e(1, "a"), e(2, "b"), e(2, "c"))).toEqual(["version-fork"]);
    expect(found(e(1, "a"), e(2, "a"))).toEqual(["repeated-event"]);
  });

  test("have no fork that live records prove", () => {
    expect(found(live(1, "a"), live(1, "b"), e(1, "a"))).toEqual(["version-fork"]);
    expect(found(live(1, "a"), live(1, "b"))).toEqual(["version-fork"]);
    expect(found(live(1, "b"), e(1, "a"))).toEqual(["version-fork"]);
    expect(found(live(1, "a"), live(1, "a"), e(1, "a"))).toEqual([]);
  });

  test("in any order of the records", () => {
    expect(found(...log.toReversed())).toEqual([]);
  });

  test("may begin later where a stream was compacted", () => {
    const compacted = 'record final compacted cart/1 @store {"version":2,"state":3}';
    expect(found(compacted, log[2]!)).toEqual([]);
    expect(found(compacted, e(4, "d"))).toEqual(["version-gap"]);
  });

  test("that are no versions make it unknown, however large", () => {
    for (const version of ["0", "-1", "1.5", '"1"', "1e300", "null"]) {
      const text = `record final event cart/1 {"version":${version}}`;
      expect(eventStreams().check(historyOf(text)).verdict, version).toBe("unknown");
    }
    expect(found('record final event cart/1 {"version":9007199254740991}')).toEqual(["version-gap"]);
  });
});

describe("what was appended", () => {
  const append = (asked: string, end: string): string => `c1 append cart/1 ${asked} => ${end}`;

  test.each([
    ["is there", append('{"expected":1,"events":["b","c"]}', 'ok {"version":3}'), []],
    ["is lost", append('{"events":["d"]}', "ok"), ["lost-event"]],
    ["may be lost where nobody knows", append('{"events":["d"]}', "info"), []],
    ["is there in part where nobody knows", append('{"events":["c","d"]}', "info"), ["split-append"]],
    ["was refused", append('{"event":"b"}', "fail"), ["refused-event"]],
    ["was refused and is not there", append('{"event":"d"}', "fail"), []],
    ["was accepted on another version", append('{"expected":0,"events":["b"]}', "ok"), ["stale-append"]],
    ["does not follow each other", append('{"events":["a","c"]}', "ok"), ["split-append"]],
    [
      "was acknowledged with another version",
      append('{"events":["b"]}', 'ok {"version":3}'),
      ["wrong-version"],
    ],
  ])("%s", (_, line, types) => {
    expect(found(line, ...log)).toEqual(types);
  });

  test("was refused, but asked for once more", () => {
    const refused = append('{"expected":1,"events":["b","c"]}', "fail !conflict");
    for (const end of ["ok", "info"]) {
      const again = append('{"expected":1,"events":["b","c"]}', end);
      expect(found(refused, again, ...log)).toEqual([]);
      expect(found(again, refused, ...log)).toEqual([]);
    }
    expect(found(refused, refused, ...log)).toEqual(["refused-event", "refused-event"]);
    const half = eventStreams().check(
      historyOf([append('{"event":"b"}', "info"), refused, ...log].join("\n")),
    );
    expect(half.anomalies).toMatchObject([
      { type: "refused-event", proof: expect.stringContaining('its event "c" is version 3') },
    ]);
  });

  test("was accepted when it was asked for once more, on another version", () => {
    const before = append('{"expected":0,"events":["b","c"]}', "info");
    const again = append('{"expected":1,"events":["b","c"]}', 'ok {"version":3}');
    expect(found(before, again, ...log)).toEqual([]);
    // A store that knows events answers the second time what it did the first time.
    const known = append('{"expected":3,"events":["b","c"]}', 'ok {"version":3}');
    expect(found(again, known, ...log)).toEqual([]);
    expect(found(before, known, ...log)).toEqual(["stale-append", "stale-append"]);
    // Another append has only a part of it.
    expect(found(append('{"expected":1,"events":["b"]}', "ok"), known, ...log)).toEqual([]);
    expect(found(append('{"expected":1,"events":["b","d"]}', "info"), known, ...log)).toEqual([
      "split-append",
      "stale-append",
    ]);
  });

  test("is there but for what was compacted away in its midst", () => {
    const compacted = 'record final compacted cart/1 {"version":2,"state":3}';
    const all = append('{"expected":0,"events":["a","b"]}', 'ok {"version":2}');
    expect(found(all, compacted, log[0]!, log[2]!)).toEqual([]);
    const more = append('{"expected":0,"events":["a","b"]}', 'ok {"version":3}');
    expect(
      eventStreams().check(historyOf([more, compacted, log[0], log[2]].join("\n"))).anomalies,
    ).toMatchObject([
      { type: "wrong-version", proof: expect.stringContaining("but the last of them has version 2") },
    ]);
  });

  test("is not asked for where it may have been compacted away", () => {
    const compacted = 'record final compacted cart/1 {"version":2}';
    expect(found(append('{"events":["b"]}', "ok"), compacted, log[2]!)).toEqual([]);
  });

  test("may have been compacted away in part", () => {
    const compacted = 'record final compacted cart/1 {"version":2}';
    const both = '{"expected":1,"events":["b","c"]}';
    expect(found(append(both, 'ok {"version":3}'), compacted, log[2]!)).toEqual([]);
    expect(found(append('{"expected":0,"events":["b","c"]}', "ok"), compacted, log[2]!)).toEqual([
      "stale-append",
    ]);
    expect(found(append('{"events":["c","d"]}', "ok"), compacted, log[2]!)).toEqual(["lost-event"]);
  });

  test("was not compacted away where it was told to be above", () => {
    const compacted = 'record final compacted cart/1 {"version":2}';
    expect(found(append('{"event":"a"}', 'ok {"version":7}'), compacted, log[2]!)).toEqual(["lost-event"]);
    expect(found(append('{"expected":6,"event":"a"}', "ok"), compacted, log[2]!)).toEqual(["lost-event"]);
    expect(found(append('{"event":"a"}', 'ok {"version":2}'), compacted, log[2]!)).toEqual([]);
    expect(found(append('{"event":"a"}', "ok"), compacted, log[2]!)).toEqual([]);
  });

  test("follows what was acknowledged before it was sent", () => {
    const swapped = [e(1, "b"), e(2, "a")];
    const a = append('{"event":"a"}', "ok");
    const b = append('{"event":"b"}', "ok");
    const result = eventStreams().check(historyOf([a, b, ...swapped].join("\n")));
    expect(result.anomalies).toMatchObject([
      {
        type: "reordered-append",
        proof:
          'operation 1 shows that cart/1 had come to version 2; only then operation 2 was sent, but its event "b" is version 1 (record 4)',
      },
    ]);
    expect(found('c1 > append cart/1 {"event":"a"}', b.replace("c1", "c2"), "c1 < ok", ...swapped)).toEqual(
      [],
    );
    expect(found('c1 read cart/1 => ok {"version":2}', b, ...swapped)).toEqual(["reordered-append"]);
    // Sent again by a client that had no answer the first time.
    expect(found(append('{"event":"b"}', "info"), a, b, ...swapped)).toEqual([]);
  });

  test("is not missing where only live records were written", () => {
    const result = eventStreams().check(
      historyOf(
        [append('{"expected":0,"events":["a"]}', 'ok {"version":1}'), live(1, "a", ',"state":1')].join("\n"),
      ),
    );
    expect(result).toMatchObject({ verdict: "unknown", reason: "no final record shows an event of cart/1" });
  });

  test("to a stream that no record shows is undecided", () => {
    const result = eventStreams().check(historyOf('c1 append cart/2 {"events":["x"]} => ok'));
    expect(result).toMatchObject({ verdict: "unknown", reason: "no final record shows an event of cart/2" });
  });
});

describe("states", () => {
  test.each([
    ["a snapshot", 'record snapshot cart/1 {"version":2,"state":3}', []],
    ["a snapshot that is one off", 'record snapshot cart/1 {"version":2,"state":6}', ["wrong-snapshot"]],
    ["a replay", 'record replayed cart/1 {"version":3,"state":5}', ["wrong-replay"]],
    ["a compaction", 'record compacted cart/1 {"version":2,"state":2}', ["wrong-compaction"]],
    ["a read", 'c1 read cart/1 => ok {"version":3,"state":5}', ["wrong-read"]],
    ["a read of nothing", "c1 read cart/1 => ok null", []],
    ["a read of what is not there", 'c1 read cart/1 => ok {"version":4,"state":5}', ["read-off-stream"]],
    ["a read of a version", 'c1 read-at cart/1 {"version":1} => ok {"state":1}', []],
    ["a wrong read of a version", 'c1 read-at cart/1 {"version":1} => ok {"state":3}', ["wrong-read-at"]],
    ["a read of a time", 'c1 read-at cart/1 {"at":29} => ok {"state":3}', []],
    ["a wrong read of a time", 'c1 read-at cart/1 {"at":30} => ok {"state":3}', ["wrong-read-at"]],
    ["a read of a time before all", 'c1 read-at cart/1 {"at":3} => ok {"state":1}', ["wrong-read-at"]],
    ["nothing at a version that is there", 'c1 read-at cart/1 {"version":2} => ok null', ["wrong-read-at"]],
    ["no state at a time", 'c1 read-at cart/1 {"at":20} => ok {"state":null}', ["wrong-read-at"]],
    [
      "a read of a version that never was",
      'c1 read-at cart/1 {"version":9} => ok {"state":9}',
      ["read-off-stream"],
    ],
    ["a final read", 'c1 final read cart/1 => ok {"version":3,"state":6}', []],
    ["a final read of nothing", "c1 final read cart/1 => ok null", ["stale-final-read"]],
    ["a final read of the past", 'c1 final read cart/1 => ok {"version":2,"state":3}', ["stale-final-read"]],
    ["a final read without a version", 'c1 final read cart/1 => ok {"state":3}', ["wrong-read"]],
  ])("%s", (_, line, types) => {
    expect(found(...log, line)).toEqual(types);
  });

  test("of a version that may not have been there yet may be nothing", () => {
    const nothing = 'c1 read-at cart/1 {"version":2} => ok null';
    expect(found(nothing, ...log)).toEqual([]);
    expect(found('c2 append cart/1 {"event":"b"} => ok', nothing, ...log)).toEqual(["wrong-read-at"]);
    expect(found('c1 read-at cart/1 {"at":20} => ok {"state":1}', ...log)).toEqual([]);
    expect(found('c1 read-at cart/1 {"at":20} => ok {"state":2}', ...log)).toEqual(["wrong-read-at"]);
  });

  test("at a time are not known from live records", () => {
    const read = 'c1 read-at cart/1 {"at":20} => ok {"state":1}';
    expect(found(live(1, "a", ',"state":1,"at":10'), read)).toEqual([]);
  });

  test("at the end are not older than what live records show", () => {
    const read = 'c1 final read cart/1 => ok {"version":1,"state":1}';
    expect(found(live(1, "a", ',"state":1'), live(2, "b", ',"state":3'), read)).toEqual(["stale-final-read"]);
  });

  test("of events that are gone are known from live records", () => {
    const live = 'record event cart/1 {"version":1,"event":"a","state":1}';
    const compacted = 'record final compacted cart/1 {"version":2,"state":3}';
    const read = 'c1 read-at cart/1 {"version":1} => ok {"state":2}';
    expect(found(live, compacted, read, log[2]!)).toEqual(["wrong-read-at"]);
  });

  test("that nobody recorded, and times that do not rise, leave it open", () => {
    const unknown = (...lines: readonly string[]): string | undefined => {
      const result = eventStreams().check(historyOf(lines.join("\n")));
      return result.verdict === "unknown" ? result.reason : result.verdict;
    };
    expect(unknown(e(1, "a"), 'record snapshot cart/1 {"version":1,"state":1}')).toBe(
      "no event says what the state of cart/1 is at version 1 (record 1)",
    );
    const swapped = [e(1, "a", ',"state":1,"at":20'), e(2, "b", ',"state":2,"at":10')];
    expect(unknown(...swapped, 'c1 read-at cart/1 {"at":15} => ok {"state":1}')).toContain(
      "do not all have a time that rises with the version",
    );
  });
});

test("functions and fields may have other names", () => {
  const mapping = {
    functions: { event: "stored", append: "save" },
    fields: { version: "seq", events: "ids" },
  };
  const text = 'record final stored a {"seq":1,"event":"x"}\nc1 save a {"ids":["y"]} => ok';
  const result = checkerByName("event-streams", mapping)?.check(historyOf(text));
  expect(result?.anomalies.map(({ type }) => type)).toEqual(["lost-event"]);
});

describe("events in a new form", () => {
  const upcast = {
    init: { sum: 0 },
    apply: (state: Json, event: Json): Json => ({
      sum: (state as { sum: number }).sum + (event as { amount: number }).amount,
    }),
    state: (old: Json): Json => ({ sum: old }),
  };
  const form = (version: number, event: string, more = ""): string =>
    `record upcasted cart/1 {"version":${version},"event":${event}${more}}`;
  const good = [
    form(1, '{"amount":1}'),
    form(2, '[{"amount":1},{"amount":1}]'),
    form(3, '{"amount":3}', ',"state":{"sum":6}'),
  ];
  const result = (...lines: readonly string[]) =>
    eventStreams({ upcast }).check(historyOf([...log, ...lines].join("\n")));
  const types = (...lines: readonly string[]): string[] => result(...lines).anomalies.map(({ type }) => type);

  test("make what the old state becomes", () => {
    expect(result(...good).verdict).toBe("valid");
    expect(result(...good.with(1, form(2, '{"amount":1}'))).anomalies).toMatchObject([
      {
        type: "upcast-off-fold",
        operations: [1, 4],
        proof:
          'the events of cart/1 up to version 2 make {"sum":2} in the new form (record 4), but their state in the old form ' +
          '(record 1) becomes {"sum":3}',
      },
    ]);
    expect(types(...good.with(1, form(2, "null")))).toEqual(["upcast-off-fold"]);
  });

  test("make the states that were told, and have one form each", () => {
    expect(types(...good.with(2, form(3, '{"amount":3}', ',"state":{"sum":5}')))).toEqual(["wrong-upcast"]);
    expect(types(...good, form(1, '{"amount":2}'))).toEqual(["unstable-upcast"]);
  });

  test("begin with the old state where the first are gone", () => {
    expect(types(...good.slice(1))).toEqual([]);
    expect(types(form(2, '{"amount":9}'))).toEqual(["upcast-off-fold"]);
  });

  test("are not judged with gaps, or without the functions", () => {
    expect(result(good[0]!, good[2]!)).toMatchObject({
      verdict: "unknown",
      reason: "no record shows the new form of version 2 of cart/1",
    });
    expect(eventStreams().check(historyOf([...log, ...good].join("\n"))).verdict).toBe("unknown");
  });
});

describe("a stream of which some events below the compaction are left", () => {
  const compacted = 'record final compacted cart/1 {"version":3}';
  const left = [compacted, log[0]!, e(5, "e", ',"state":9,"at":50'), e(4, "d", ',"state":8,"at":40')];
  const verdict = (line: string): string =>
    eventStreams().check(historyOf([line, ...left].join("\n"))).verdict;

  test("says nothing of reads at a time that may be that of an event that is gone", () => {
    expect(verdict('c1 read-at cart/1 {"at":25} => ok {"state":3}')).toBe("unknown");
    expect(verdict('c1 final read-at cart/1 {"at":45} => ok {"state":8}')).toBe("valid");
    expect(verdict('c1 final read-at cart/1 {"at":45} => ok {"state":1}')).toBe("invalid");
  });

  test("says nothing of an earlier state that a read may have shown", () => {
    expect(verdict('c1 read-at cart/1 {"at":45} => ok {"state":6}')).toBe("unknown");
  });

  test("has had the version up to which it was compacted", () => {
    const first = [compacted, log[0]!].join("\n");
    const shown = 'c1 read cart/1 => ok {"version":3,"state":6}\n';
    expect(eventStreams().check(historyOf(shown + first)).anomalies).toEqual([]);
  });
});
