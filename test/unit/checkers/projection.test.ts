import { describe, expect, test } from "vitest";
import type { CheckResult } from "../../../checkers/checker.ts";
import type { HistoryEvent, Json } from "../../../checkers/history/operation.ts";
import { projection } from "../../../checkers/projection/projection.checker.ts";
import type { ProjectionOptions } from "../../../checkers/projection/projection-options.ts";
import { ValueDistribution } from "../../../checkers/value-distribution.ts";
import { buildHistory } from "../../support/build-history.ts";
import { byLabel, labelled } from "../../support/by-label.ts";
import { eventsOfText } from "../../support/history-text.ts";

/** Each line takes a millisecond. */
function check(text: string, options: ProjectionOptions = {}): CheckResult {
  const events = eventsOfText(text).map(
    (event): HistoryEvent => ({ ...event, time: event.index * 1e6 }) as HistoryEvent,
  );
  return projection(options).check(buildHistory(events));
}

function proofsOf(text: string, options: ProjectionOptions = {}): string[] {
  return check(text, options).anomalies.map(({ type, proof }) => `${type}: ${proof}`);
}

function typesOf(text: string, options: ProjectionOptions = {}): string[] {
  return check(text, options).anomalies.map(({ type, key }) => `${type} ${key}`);
}

const log = `
  record final event a {"position":1,"event":"e1","put":1}
  record final event b {"position":2,"event":"e2","put":"x"}
  record final event a {"position":3,"event":"e3","put":2}
  record final event a {"position":4,"event":"e4","put":3}
  record final event b {"position":5,"event":"e5","remove":true}
`;
const model = 'record final projected a @shop {"state":3}';

describe("projection, once all is quiet", () => {
  test("is valid where the read model is the fold of the log", () => {
    expect(check(log + model)).toMatchObject({ verdict: "valid", stats: { operations: 2 } });
    expect(check(`${log}${model}\nrecord final projected b @shop {"state":null}`).verdict).toBe("valid");
  });

  test("names the first event whose effect is absent", () => {
    expect(proofsOf(log + model.replace('"state":3', '"state":1'))).toEqual([
      "not-converged: once all was quiet the read model shop shows 1 for a (record 5), but the log ends with 3 (event e4 " +
        "at position 4 (record 3)); the first event whose effect is absent is event e3 at position 3 (record 2)",
    ]);
    expect(check(log + model.replace('"state":3', '"state":1')).anomalies).toMatchObject([
      { operations: [2, 5] },
    ]);
  });

  test("finds entities that are missing, too many, or in a state that never was", () => {
    expect(typesOf(`${log}record final projected b @shop {"state":"x"}`)).toEqual([
      "missing-entity a",
      "extra-entity b",
    ]);
    expect(proofsOf(`${log}${model}\nrecord final projected c @shop {"state":0}`)).toEqual([
      "extra-entity: once all was quiet the read model shop shows 0 for c (record 6), but the log has no event of it",
    ]);
    expect(proofsOf(log + model.replace('"state":3', '"state":[]'))).toEqual([
      "state-off-log: once all was quiet the read model shop shows [] for a (record 5), but the log ends with 3 (event e4 " +
        "at position 4 (record 3)); no prefix of the log gives that state",
    ]);
  });

  test("asks final reads as well", () => {
    expect(typesOf(`${log}c1 final read a => ok 2\nc1 final read b => ok null`)).toEqual(["not-converged a"]);
    expect(check(`${log}c1 final read a => ok 3\nc1 final read b => ok null`).verdict).toBe("valid");
  });

  test("compares a rebuilt model with the live one, or with the log", () => {
    expect(proofsOf(`${log}${model}\nrecord final rebuilt a @shop {"state":2}`)).toEqual([
      "rebuild-differs: the read model of shop rebuilt from the log shows 2 (record 6) for a, but the live one (record 5) " +
        "shows 3",
    ]);
    expect(typesOf(`${log}${model}\nrecord final rebuilt a @other {"state":2}`)).toEqual([
      "rebuild-differs a",
    ]);
    expect(typesOf(`${log}${model}\nrecord final rebuilt b @shop {"state":"x"}`)).toEqual([
      "rebuild-differs a",
      "rebuild-differs b",
    ]);
    expect(check(`${log}${model}\nrecord final rebuilt a @shop {"state":3}`).verdict).toBe("valid");
  });
});

describe("projection names the event that made a model differ", () => {
  const applied = (position: number, key = "a"): string =>
    `record applied ${key} @shop {"position":${position}}\n`;
  const shows = (state: string): string => model.replace('"state":3', `"state":${state}`);

  test("applied twice, visible because it came after a newer one", () => {
    expect(
      proofsOf(log + applied(1) + applied(3) + applied(4) + applied(3) + shows("2")).filter((proof) =>
        proof.startsWith("applied"),
      ),
    ).toEqual([
      "applied-twice: event e3 at position 3 (record 2) was applied (record 6) and applied again after a newer event " +
        "(record 7) (record 8), and the state of a at the end (record 9) is not that of the log",
    ]);
    expect(typesOf(log + applied(1) + applied(3) + applied(3) + applied(4) + shows("3"))).toEqual([]);
  });

  test("applied twice, visible in a state that never was", () => {
    expect(typesOf(log + applied(1) + applied(3) + applied(3) + applied(4) + shows("5"))).toEqual([
      "applied-twice a",
      "state-off-log a",
    ]);
  });

  test("applied out of order", () => {
    expect(typesOf(log + applied(1) + applied(4) + applied(3) + shows("2"))).toEqual([
      "not-converged a",
      "applied-out-of-order a",
    ]);
    expect(typesOf(log + applied(4) + applied(1) + shows("7"))).toEqual([
      "applied-out-of-order a",
      "state-off-log a",
    ]);
  });

  test("skipped: it has no effect although the projection was past it", () => {
    const text = `${log}${applied(1)}${applied(3)}record checkpoint shop {"position":5}\n${shows("2")}`;
    expect(proofsOf(text)).toEqual([
      expect.stringMatching(/^not-converged/),
      "skipped-event: event e4 at position 4 (record 3) has no effect in the state of a at the end (record 8), but the " +
        "projection was past it (record 7)",
    ]);
    expect(typesOf(text.replace('"position":5}\nrecord final p', '"position":3}\nrecord final p'))).toEqual([
      "not-converged a",
    ]);
    expect(typesOf(log + applied(1) + applied(4) + shows("8"))).toEqual([
      "skipped-event a",
      "state-off-log a",
    ]);
  });
});

describe("projection, before all is quiet", () => {
  test("finds reads of states that never were, and sessions that go back", () => {
    expect(
      proofsOf(`${log}${model}
        c1 read a => ok 1
        c1 read a => ok 3
        c1 read a => ok 2
        c2 read a => ok 2
        c2 read a => ok null
        c2 read a => ok 9
        c2 read elsewhere => ok 9
      `),
    ).toEqual([
      "state-went-back: client 1 was shown 2 for a (operation 11), which was so only before event e4 at position 4 " +
        "(record 3), but client 1 had been shown 3 before (operation 9)",
      "state-went-back: client 2 was shown null for a (operation 15), which was so only before event e1 at position 1 " +
        "(record 0), but client 2 had been shown 2 before (operation 13)",
      "state-off-log: client 2 was shown 9 for a (operation 17), but no prefix of the log gives that state",
    ]);
  });

  test("accepts states that come again, overlapping reads, and other sessions unless asked", () => {
    const text = `
      record final event a {"position":1,"put":1}
      record final event a {"position":2,"put":2}
      record final event a {"position":3,"put":1}
      record final projected a @shop {"state":1}
      c1 read a => ok 1
      c1 read a => ok 2
      c1 read a => ok 1
      c2 > read a
      c3 read a => ok 2
      c2 < ok null
      c3 read a => ok 1
    `;
    expect(check(text)).toMatchObject({ verdict: "valid", stats: { operations: 7 } });
    expect(typesOf(text, { acrossSessions: true })).toEqual(["state-went-back a", "state-went-back a"]);
  });

  test("finds positions that go back, but not restarts and rebuilds", () => {
    const at = (position: number): string => `record checkpoint shop {"position":${position}}\n`;
    const applied = (position: number): string => `record applied a @shop {"position":${position}}\n`;
    expect(proofsOf(`${log}${model}\n${at(3)}${at(1)}`)).toEqual([
      "position-went-back: the checkpoint of shop was at position 3 (record 6), and afterwards at 1 (record 7), without " +
        "being rebuilt",
    ]);
    expect(typesOf(`${log}${model}\n${at(3)}record final checkpoint shop {"position":1}`)).toEqual([
      "position-went-back shop",
    ]);
    expect(proofsOf(`${log}${model}\n${applied(1)}${applied(3)}${at(3)}${applied(3)}`)).toEqual([
      "position-went-back: event e3 at position 3 (record 2) was applied (record 7) and the checkpoint was at 3 (record " +
        "8), but afterwards it was applied again (record 9)",
    ]);
    const restart = applied(1) + at(1) + applied(3) + applied(4) + applied(3) + applied(4) + at(4);
    const rebuild = `${restart}record rebuild shop\n${applied(1)}${at(1)}`;
    expect(check(`${log}${model}\n${rebuild}`).verdict).toBe("valid");
    expect(check(`${log}${model}\n${restart}${applied(1)}`).verdict).toBe("invalid");
  });

  test("keeps partitions and projections apart", () => {
    const text = `
      record final event a {"position":1,"partition":0,"put":1}
      record final event b {"position":1,"partition":1,"put":2}
      record final event a {"position":2,"partition":0,"put":3}
      record final projected a @one {"state":3}
      record final projected b @one {"state":2}
      record final projected a @two {"state":1}
      record final projected b @two {"state":2}
      record checkpoint one {"position":2,"partition":0}
      record checkpoint one {"position":1,"partition":1}
      record checkpoint two {"position":1,"partition":1}
      record checkpoint two {"position":1,"partition":0}
    `;
    expect(typesOf(text)).toEqual(["not-converged a"]);
  });

  test("measures the lag and bounds it", () => {
    const text = `
      record event a {"position":1}
      record event b {"position":2}
      record event a {"position":3}
      record applied a @shop {"position":1}
      record applied b @shop {"position":2}
      record applied a @shop {"position":3}
      record event a {"position":4}
      record event b {"position":5}
      record applied a @shop {"position":4}
      record applied b @shop {"position":5}
      ${log}${model}
    `;
    expect(labelled(check(text, { maxLagMs: 3, maxLagEvents: 2 }))).toMatchObject({
      verdict: "valid",
      stats: {
        measures: {
          "median lag in ms": 3,
          "p95 lag in ms": 3,
          "p99 lag in ms": 3,
          "longest lag in ms": 3,
          "median lag in events": 1,
          "p95 lag in events": 2,
          "p99 lag in events": 2,
          "longest lag in events": 2,
        },
      },
    });
    expect(proofsOf(text, { maxLagMs: 2.5 })[0]).toBe(
      "lag-exceeded: shop applied event e1 at position 1 (record 10) 3 ms after it had happened (record 0, then record " +
        "3); at most 2.5 ms are allowed",
    );
    expect(proofsOf(text, { maxLagEvents: 1 })).toEqual([
      "lag-exceeded: shop applied event e1 at position 1 (record 10) (record 3) when 2 later events had happened (the " +
        "last: record 2); at most 1 are allowed",
    ]);
  });

  test("measures and bounds what of a lag no fault excuses: its longest stretch without any", () => {
    const text = `
      record event a {"position":1}
      record event b {"position":2}
      fault 1 inject pause
      phase load
      phase load
      fault 1 heal pause 1
      record event a {"position":3}
      record applied a @shop {"position":1}
      record applied b @shop {"position":2}
      record applied a @shop {"position":3}
      record event a {"position":4}
      record event b {"position":5}
      record applied a @shop {"position":4}
      record applied b @shop {"position":5}
      ${log}${model}
    `;
    expect(labelled(check(text, { maxUndisturbedLagMs: 3 }))).toMatchObject({
      verdict: "valid",
      stats: {
        measures: {
          "longest lag in ms": 7,
          "median undisturbed lag in ms": 2,
          "longest undisturbed lag in ms": 3,
        },
      },
    });
    expect(proofsOf(text, { maxUndisturbedLagMs: 2.5 })).toEqual([
      "lag-exceeded: shop applied event e2 at position 2 (record 15) (record 8); it had happened (record 1) and then, " +
        "without any fault, 3 ms had passed in a row; at most 2.5 ms are allowed",
      "lag-exceeded: shop applied event e3 at position 3 (record 16) (record 9); it had happened (record 6) and then, " +
        "without any fault, 3 ms had passed in a row; at most 2.5 ms are allowed",
    ]);
    const read = `
      record event a {"position":1}
      fault 1 inject pause
      phase load
      fault 1 heal pause 1
      record event a {"position":3}
      phase load
      c1 read a => ok 1
      ${log}${model}
    `;
    expect(check(read, { maxUndisturbedLagMs: 2 }).verdict).toBe("valid");
    expect(proofsOf(read, { maxUndisturbedLagMs: 1.5 })).toEqual([
      "lag-exceeded: client 1 asked (operation 6) and was not shown the effect of event e3 at position 3 (record 10) " +
        "(operation 7); it had happened (record 4) and then, without any fault, 2 ms had passed in a row; at most 1.5 ms " +
        "are allowed",
    ]);
    expect(() => projection({ maxUndisturbedLagMs: -1 })).toThrow("maxUndisturbedLagMs");
  });

  test("finds reads that do not show what happened long before", () => {
    const text = `
      record event a {"position":1}
      c1 read a => ok 1
      record event a {"position":3}
      phase load
      c1 read a => ok 1
      c1 read a => ok 2
      ${log}${model}
    `;
    expect(labelled(check(text, { maxLagMs: 2 }))).toMatchObject({
      verdict: "valid",
      stats: { measures: { "longest lag in ms": 5, "longest lag of a read in ms": 2 } },
    });
    expect(proofsOf(text, { maxLagMs: 1.5 })).toEqual([
      "lag-exceeded: event e3 at position 3 (record 11) had happened (record 3) 2 ms before client 1 asked (operation 5) " +
        "and was not shown its effect (operation 6); at most 1.5 ms are allowed",
    ]);
  });
});

describe("projection looks at lists", () => {
  const memberOf = (list: string, _: string, state: unknown): boolean => list === "big" && Number(state) > 1;

  test("for entities that are shown twice", () => {
    expect(proofsOf(`${log}${model}\nc1 list all => ok ["a","c","a","c"]`)).toEqual([
      "listed-twice: client 1 was shown a twice in all (operation 7)",
    ]);
  });

  test("for entities that never belonged there, and at the end for exactly those that do", () => {
    expect(
      proofsOf(
        `${log}${model}\nc1 list big => ok ["a"]\nc1 list big => ok ["b"]\nc1 final list big => ok []`,
        {
          memberOf,
        },
      ),
    ).toEqual([
      "list-off-log: client 1 was shown b in big (operation 9), but after no event of the log does it belong there",
      "list-differs: once all was quiet big did not show a (operation 11), which belongs there: the log ends with 3 " +
        "(record 3)",
    ]);
    expect(typesOf(`${log}${model}\nc1 final list big => ok ["a"]`, { memberOf })).toEqual([]);
    expect(typesOf(`${log}${model}\nc1 final list small => ok ["a"]`, { memberOf })).toEqual([
      "list-differs a",
      "list-off-log a",
    ]);
  });

  const three = ["a", "b", "c"]
    .map((key, at) => `record final event ${key} {"position":${at},"put":2}`)
    .concat(["a", "b", "c"].map((key) => `record final projected ${key} @shop {"state":2}`))
    .join("\n");
  const listOrder = (first: string, second: string) => (first < second ? -1 : 1);
  const cut = { memberOf, listOrder, limitOf: (list: string) => (list === "big" ? 2 : null) };

  test("for their order, where they have one", () => {
    const text = `${three}\nc1 list all => ok ["a","b","c"]\nc1 list all => ok [{"key":"a"},{"key":"c"},{"key":"b"}]`;
    expect(proofsOf(text, { listOrder })).toEqual([
      "list-unordered: client 1 was shown c before b in all (operation 9), against the order of the list",
    ]);
    expect(typesOf(text)).toEqual([]);
  });

  test("for the right cut, where they have a limit", () => {
    const final = (shown: string) => `${three}\nc1 final list big => ok ${shown}`;
    expect(typesOf(final('["a","b"]'), cut)).toEqual([]);
    expect(proofsOf(final('["a","c"]'), cut)).toEqual([
      "list-cut-elsewhere: once all was quiet big showed c and not b (operation 7), which comes before it: of the 3 that " +
        "belong there the first 2 are to be shown",
    ]);
    expect(typesOf(final('["a"]'), cut)).toEqual(["list-differs b"]);
    // Before the end the log may have been shorter.
    expect(typesOf(final('["a","c"]').replace("final list", "list"), cut)).toEqual([]);
    const { listOrder: _, ...unordered } = cut;
    expect(typesOf(final('["a","c"]'), unordered)).toEqual([]);
    expect(typesOf(final('["a"]'), unordered)).toEqual(["list-differs b", "list-differs c"]);
    expect(typesOf(final('["a","b"]'), { ...cut, limitOf: () => null })).toEqual(["list-differs c"]);
  });
});

describe("projection does not decide", () => {
  test.each([
    ["no final record says which events the log has", model],
    ["no final record says which events the log has", `record event a {"position":1,"put":1}`],
    ["no final record or read shows a read model once all was quiet", log],
    ["record 5 is an event without a position", `${log}record final event a {"put":1}`],
    [
      "record 5 is an event that neither puts nor removes a state",
      `${log}record final event a {"position":9}`,
    ],
    [
      "record 3 and record 5 are two events at one position",
      `${log}record final event a {"position":4,"put":1}`,
    ],
    [
      "events of a are in two partitions (record 5), so their order is not known",
      `${log}record final event a {"position":4,"partition":1,"put":1}`,
    ],
    ["nothing was examined", "c1 read a => ok 1"],
  ])("%s", (reason, text) => {
    expect(check(text)).toMatchObject({ verdict: "unknown", reason });
  });

  test("but still finds a checkpoint that goes back", () => {
    expect(typesOf('record checkpoint s {"position":3}\nrecord checkpoint s {"position":2}')).toEqual([
      "position-went-back s",
    ]);
  });
});

test("projection refuses bad options at once", () => {
  expect(() => projection({ maxLagMs: -1 })).toThrow("maxLagMs: expected a number of at least 0");
  expect(() => projection({ maxLagEvents: Number.NaN })).toThrow("maxLagEvents");
  expect(() => projection({ maxAnomalies: 0 })).toThrow("maxAnomalies");
});

describe("projection names the cause of a state that was read", () => {
  const deltas = `
    record final event a {"position":1,"event":"e1","put":50}
    record final event a {"position":2,"event":"e2","put":49}
    record final projected a @shop {"state":49}
  `;

  test("an event that was applied twice", () => {
    const text = `
      record applied a @shop {"position":1}
      record applied a @shop {"position":1}
      c1 read a => ok 99
      ${deltas}
    `;
    expect(proofsOf(text)).toEqual([
      "applied-twice: event e1 at position 1 (record 4) was applied (record 0) and applied again (record 1), and the " +
        "state of a that was read (operation 3) is not that of the log",
      "state-off-log: client 1 was shown 99 for a (operation 3), but no prefix of the log gives that state",
    ]);
  });

  test("not one that happened only after the read", () => {
    const text = `
      record applied a @shop {"position":1}
      c1 read a => ok 99
      record applied a @shop {"position":1}
      ${deltas}
    `;
    expect(proofsOf(text).map((proof) => proof.split(":")[0])).toEqual(["state-off-log"]);
  });
});

describe("projection folds events that say how a state changes", () => {
  const fold = {
    init: 0,
    apply: (state: Json, event: Json): Json => Number(state) + Number((event as { amount: number }).amount),
  };
  const deltas = `
    record final event a {"position":1,"amount":5}
    record final event b {"position":2,"put":7}
    record final event a {"position":3,"amount":-2}
    record final event b {"position":4,"remove":true}
    record final event b {"position":5,"amount":1}
  `;
  const models = (a: number, b: number): string =>
    `record final projected a @shop {"state":${a}}\nrecord final projected b @shop {"state":${b}}`;

  test("with states that it says itself in between", () => {
    expect(check(deltas + models(3, 1), { fold }).verdict).toBe("valid");
    expect(check(`c1 read a => ok 5\nc1 read a => ok 3\n${deltas}${models(3, 1)}`, { fold }).verdict).toBe(
      "valid",
    );
    expect(check(`c1 read a => ok 4\n${deltas}${models(3, 1)}`, { fold })).toMatchObject({
      anomalies: [{ type: "state-off-log", key: "a" }],
    });
    expect(check(deltas + models(5, 8), { fold })).toMatchObject({
      anomalies: [
        { type: "not-converged", key: "a" },
        { type: "state-off-log", key: "b" },
      ],
    });
  });

  test("and without the function does not know them", () => {
    expect(check(deltas + models(3, 1))).toMatchObject({
      verdict: "unknown",
      reason: expect.stringContaining("neither puts nor removes"),
    });
  });
});

describe("the distribution of lags", () => {
  test("is exact for few values and within 1 % for many, in bounded memory", () => {
    const few = new ValueDistribution();
    for (const value of [5, 1, 4, 2, 3]) few.add(value);
    expect(byLabel(few.measures("lag", "ms"))).toEqual({
      "median lag in ms": 3,
      "p95 lag in ms": 5,
      "p99 lag in ms": 5,
      "longest lag in ms": 5,
    });
    const many = new ValueDistribution();
    for (let value = 0; value < 100_000; value++) many.add(value);
    const [median, p95, p99, longest] = many.measures("lag", "events").map(({ value }) => value);
    for (const [found, exact] of [
      [median, 50_000],
      [p95, 95_000],
      [p99, 99_000],
    ] as const) {
      expect(Math.abs(found! / exact - 1)).toBeLessThan(0.01);
    }
    expect(longest).toBe(99_999);
    expect(new ValueDistribution().measures("lag", "ms")).toEqual([]);
  });
});
