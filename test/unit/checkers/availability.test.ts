import { describe, expect, test } from "vitest";
import {
  type AvailabilityOptions,
  availability,
} from "../../../checkers/availability/availability.checker.ts";
import type { CheckResult } from "../../../checkers/checker.ts";
import { buildHistory } from "../../support/build-history.ts";
import { labelled } from "../../support/by-label.ts";
import { eventsOfText } from "../../support/history-text.ts";

/** Each line takes a millisecond. */
function check(text: string, options: AvailabilityOptions = {}): CheckResult {
  const events = eventsOfText(text).map((event) => ({ ...event, time: event.index * 1e6 }));
  return availability(options).check(buildHistory(events));
}

function proofsOf(text: string, options: AvailabilityOptions): string[] {
  return check(text, options).anomalies.map(({ type, proof }) => `${type}: ${proof}`);
}

function reasonOf(text: string, options: AvailabilityOptions): string {
  const result = check(text, options);
  return result.verdict === "unknown" ? result.reason : result.verdict;
}

const story = `
  c1 read x => ok 1
  c2 write x 1 => fail !conflict
  c1 > read x
  fault 1 inject pause
  c2 write x 2 => info
  c3 read x => ok 1
  c1 < ok 1
  c3 > read x
  fault 1 heal pause 3
  c3 < fail !refused
  c4 read x => fail !refused
  c4 read x => ok 1
`;

describe("availability", () => {
  test("measures without being asked for anything", () => {
    expect(labelled(check(story))).toMatchObject({
      verdict: "valid",
      stats: {
        operations: 8,
        measures: {
          "part served outside of faults": 2 / 4,
          "part served during pause (fault 1 on a → b)": 2 / 4,
          "longest outage in ms": 7,
          "recovery in ms": 5,
        },
      },
    });
  });

  test("finds parts that are too small, counting as answers what is asked for", () => {
    expect(proofsOf(story, { minOkOutside: 0.7, minOkDuring: 0.6 })).toEqual([
      "unavailable: 2 of 4 calls outside of faults were served; at least 70 % should have been; the first that was not is " +
        "one of client 2 (operation 3)",
      "unavailable: 2 of 4 calls during fault 1, pause on a → b were served; at least 60 % should have been; the first " +
        "that was not is one of client 2 (operation 7)",
    ]);
    const options = { minOkOutside: 0.7, minOkDuring: 0.5, answeredCodes: ["conflict"] };
    expect(check(story, options).verdict).toBe("valid");
    expect(check(story, { functions: ["write"], minOkOutside: 0.1 })).toMatchObject({ verdict: "invalid" });
  });

  test("calls that are sent soon after a heal are not yet outside of faults", () => {
    const text = `
      c1 read x => ok 1
      fault 1 inject pause
      fault 1 heal pause 1
      c1 read x => fail !refused
      c1 read x => ok 1`;
    expect(labelled(check(text))).toMatchObject({
      stats: { measures: { "part served outside of faults": 2 / 3 } },
    });
    expect(check(text, { minOkOutside: 1 }).verdict).toBe("invalid");
    expect(check(text, { minOkOutside: 1, graceMs: 1 }).verdict).toBe("invalid");
    expect(check(text, { minOkOutside: 1, graceMs: 1.5 }).verdict).toBe("valid");
    expect(labelled(check(text, { minOkOutside: 1, graceMs: 1.5 }))).toMatchObject({
      stats: { measures: { "part served outside of faults": 1 } },
    });
  });

  test("finds outages, measured from a call until anybody is served", () => {
    expect(proofsOf(story, { maxOutageMs: 5.5 })).toEqual([
      "unavailable: client 2 called (operation 2), and client 3 was the next to be served (operation 9), 7 ms later; at " +
        "most 5.5 ms should pass",
    ]);
    expect(check(story, { maxOutageMs: 7 }).verdict).toBe("valid");
    expect(proofsOf("c1 read x => fail\nc1 read x => fail", { maxOutageMs: 2 })).toEqual([
      "unavailable: client 1 called (operation 0), and nobody was served for the 3 ms that followed; at most 2 ms should " +
        "pass",
    ]);
    const idle = `c1 read x => ok\n${"phase load\n".repeat(50)}c1 read x => ok`;
    expect(check(idle, { maxOutageMs: 1 }).verdict).toBe("valid");
  });

  test("finds slow recovery, measured from the heal or the first call after it", () => {
    expect(proofsOf(story, { recoverWithinMs: 4 })).toEqual([
      "slow-recovery: after the last fault was healed client 3 was the first to call (operation 11); 5 ms after the heal, " +
        "or after that call if it came later, the first was served (operation 17); at most 4 ms should pass",
    ]);
    expect(check(story, { recoverWithinMs: 5 }).verdict).toBe("valid");
    const fault = "c1 read x => ok\nfault 1 inject pause\nfault 1 heal pause 1\nphase settle\nphase settle\n";
    expect(check(`${fault}c1 final read x => ok`, { recoverWithinMs: 1 }).verdict).toBe("valid");
    expect(check(`${fault}c1 read x => fail\nc1 read x => fail`, { recoverWithinMs: 1 }).verdict).toBe(
      "invalid",
    );
    expect(reasonOf(`${fault}c1 read x => fail`, { recoverWithinMs: 9 })).toBe(
      "the history ends before anybody was served after the last fault was healed",
    );
  });

  test("says where nothing can be told", () => {
    expect(reasonOf("", {})).toBe("nothing was examined");
    expect(reasonOf("c1 read x => ok\nfault 1 inject pause\nfault 2 inject loss", { minOkDuring: 0.5 })).toBe(
      "nobody called during fault 1, pause on a → b; nobody called during fault 2, loss on a → b",
    );
    const open = "fault 1 inject pause\nc1 read x => ok";
    expect(reasonOf(open, { minOkOutside: 0.5 })).toBe("nobody called outside of faults");
    expect(reasonOf(open, { recoverWithinMs: 5 })).toBe(
      "the fault pause on a → b was not healed in this history",
    );
    expect(reasonOf("c1 read x => ok", { recoverWithinMs: 5 })).toBe("there was no fault to recover from");
    expect(reasonOf(`c1 read x => ok\nfault 1 inject a\nfault 1 heal a`, { recoverWithinMs: 5 })).toBe(
      "nobody called after the last fault was healed",
    );
  });

  test("a call that never ends counts at its sending only", () => {
    const text = "c1 > read x\nfault 1 inject a\nc2 read x => ok\nfault 1 heal a";
    expect(check(text, { minOkDuring: 1 }).verdict).toBe("valid");
  });

  test("refuses bad options at once", () => {
    expect(() => availability({ minOkDuring: 1.5 })).toThrow("minOkDuring: expected a number from 0 to 1");
    expect(() => availability({ minOkOutside: Number.NaN })).toThrow("minOkOutside");
    expect(() => availability({ maxOutageMs: -1 })).toThrow("maxOutageMs: expected a number of at least 0");
    expect(() => availability({ graceMs: -1 })).toThrow("graceMs");
    expect(() => availability({ recoverWithinMs: -1 })).toThrow("recoverWithinMs");
  });
});
