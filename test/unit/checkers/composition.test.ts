import { describe, expect, test } from "vitest";
import {
  allOf,
  bank,
  type Checker,
  type CheckResult,
  counter,
  linearizability,
  onKeys,
  perKey,
  perPhase,
  setFull,
} from "../../../checkers/index.ts";
import { labelled } from "../../support/by-label.ts";
import { historyOf } from "../../support/history-text.ts";

const broken: Checker = {
  name: "broken",
  claim: "nothing",
  blindSpots: [],
  check: () => {
    throw new Error("it fell over");
  },
};

describe("allOf", () => {
  const both = allOf("both", [counter(), linearizability({ model: "counter" })]);

  test("is valid where all are, and counts what all looked at", () => {
    expect(labelled(both.check(historyOf("c1 add x 1 => ok\nc1 read x => ok 1")))).toEqual({
      verdict: "valid",
      anomalies: [],
      stats: {
        operations: 4,
        measures: { "counter: reads": 1 },
        details: { parts: [{ part: "linearizability", verdict: "valid", firstUnplaced: [] }] },
      },
    });
  });

  test("is invalid where one is", () => {
    const result = both.check(historyOf("c1 > add x 2\nc2 read x => ok 1\nc1 < ok"));
    expect(result.anomalies.map(({ type }) => type)).toEqual(["not-linearizable"]);
  });

  test("is unknown where one is, or throws, or has nothing to examine", () => {
    const history = historyOf("c1 add x 1 => ok\nc1 read x => ok 1");
    expect(allOf("a", [counter(), broken]).check(history)).toMatchObject({
      verdict: "unknown",
      reason: "broken: the checker broken itself failed: it fell over",
    });
    expect(allOf("a", [counter(), bank({ functions: { read: "balances" } })]).check(history)).toMatchObject({
      verdict: "unknown",
      reason: "bank: nothing was examined",
    });
  });

  test("claims what all of them claim, and needs one", () => {
    expect(both.claim).toContain(`${counter().claim}; and `);
    expect(() => allOf("none", [])).toThrow(RangeError);
  });
});

describe("perKey", () => {
  const text =
    "c1 add a 1 => ok\nc2 add b 2 => ok\nc1 read a => ok [1]\nc2 read b => ok []\nc1 other c => ok";

  test("looks at each key by itself", () => {
    const result = perKey(setFull()).check(historyOf(text));
    expect(result.anomalies).toMatchObject([{ type: "lost-element", key: "b" }]);
    expect(result.anomalies[0]?.operations).toContain(7);
  });

  test("passes over keys in which there is nothing to examine, unless that is all of them", () => {
    const counted = perKey(counter());
    expect(counted.check(historyOf("c1 add a 1 => ok\nc1 other b => ok")).verdict).toBe("valid");
    expect(counted.check(historyOf("c1 other b => ok"))).toMatchObject({
      verdict: "unknown",
      reason: "nothing was examined",
    });
  });

  test("tells in which key a checker fell over", () => {
    expect(perKey(broken).check(historyOf("c1 add a 1 => ok"))).toMatchObject({
      reason: "a: the checker broken itself failed: it fell over",
    });
  });
});

describe("onKeys", () => {
  const text =
    "c1 add a 1 => ok\nc2 add b 2 => ok\nc1 read a => ok [1]\nc2 read b => ok []\nc2 add b2 1 => ok";
  const of = (name: string, start: string) => onKeys(name, setFull(), (key) => key.startsWith(start));

  test("judges its keys, under its own name, and tells the operations of the whole history", () => {
    expect(of("a-set", "a").check(historyOf(text))).toMatchObject({ verdict: "valid" });
    const lost = of("b-set", "b");
    expect(lost.name).toBe("b-set");
    expect(lost.claim).toBe(setFull().claim);
    const whole = setFull().check(historyOf(text));
    const { anomalies } = lost.check(historyOf(text));
    expect(anomalies.length).toBeGreaterThan(0);
    expect(anomalies).toEqual(whole.anomalies);
  });

  test("is unknown where none of its keys is there, also where other lines have none", () => {
    expect(of("c-set", "c").check(historyOf(text)).verdict).toBe("unknown");
    expect(onKeys("all", setFull(), () => true).check(historyOf("c1 add 1 => ok")).verdict).toBe("unknown");
  });
});

describe("perPhase", () => {
  const text =
    "phase load\nc1 > add x 1\nc2 add x 1 => ok\nphase settle\nc1 < ok\nc1 add x 5 => ok\nc1 read x => ok 5";

  test("a call belongs to the phase in which it was sent", () => {
    const whole = counter().check(historyOf(text));
    expect(whole.verdict).toBe("invalid");
    const quiet = perPhase(counter(), ["settle"]).check(historyOf(text));
    expect(quiet).toMatchObject({ verdict: "valid", stats: { operations: 2 } });
    const each = perPhase(counter()).check(historyOf(text));
    expect(labelled(each)).toMatchObject({
      verdict: "valid",
      stats: { operations: 4, measures: { "load: reads": 0, "settle: reads": 1 } },
    });
  });

  test("is unknown where the history has none of the phases", () => {
    expect(perPhase(counter()).check(historyOf("c1 add x 1 => ok")).verdict).toBe("unknown");
  });
});

describe("what parts answer besides their verdicts is kept", () => {
  const answering = (bytes: number): Checker => ({
    name: "answering",
    claim: "there are answers",
    blindSpots: [],
    check: ({ length, key }) => {
      const stats: CheckResult["stats"] = {
        operations: length,
        measures: [{ name: "rows", unit: "count", value: length, worse: "high" }],
        details: { longest: "x".repeat(bytes) },
      };
      const key0 = key[0]!;
      return key0 === 29
        ? { verdict: "unknown", anomalies: [], reason: "for a test", stats }
        : { verdict: "valid", anomalies: [], stats };
    },
  });

  test("by name of the part: of all checkers, of each key, of each phase", () => {
    const all = allOf("both", [answering(2), counter()]).check(
      historyOf("c1 add a 1 => ok\nc1 read a => ok 1"),
    );
    expect(labelled(all)).toMatchObject({
      stats: { measures: { "answering: rows": 4, "counter: reads": 1 } },
    });
    expect(all.stats).toMatchObject({
      details: { parts: [{ part: "answering", verdict: "valid", longest: "xx" }] },
    });
    const keys = perKey(answering(1)).check(
      historyOf("c1 add a 1 => ok\nc1 add b 1 => ok\nc2 add b 1 => ok"),
    );
    expect(keys.stats.details).toEqual({
      parts: [
        { part: "a", verdict: "valid", longest: "x", measures: { rows: 2 } },
        { part: "b", verdict: "valid", longest: "x", measures: { rows: 4 } },
      ],
    });
    const phases = perPhase(answering(1)).check(historyOf("phase load\nc1 add a 1 => ok"));
    expect(phases.stats.details).toEqual({ parts: [{ part: "load", verdict: "valid", longest: "x" }] });
  });

  test("within bounds: what is not valid first, the others counted, nothing endless", () => {
    const text = Array.from({ length: 30 }, (_, key) => `c1 add k${key} 1 => ok`).join("\n");
    const { details = {} } = perKey(answering(5000)).check(historyOf(text)).stats;
    const parts = details.parts as { part: string }[];
    expect(parts).toHaveLength(20);
    expect(parts[0]).toEqual({
      part: "k29",
      verdict: "unknown",
      answerOmitted: "5014 characters",
      measures: { rows: 2 },
    });
    expect(details.partsOmitted).toBe(10);
  });

  test("and nothing is answered where no part answers anything", () => {
    expect(allOf("one", [counter()]).check(historyOf("c1 read a => ok 0")).stats).not.toHaveProperty(
      "details",
    );
  });
});
