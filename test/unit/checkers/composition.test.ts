import { describe, expect, test } from "vitest";
import {
  allOf,
  bank,
  type Checker,
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
      stats: { operations: 4, measures: { "counter: reads": 1 } },
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
