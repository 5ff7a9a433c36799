import { describe, expect, test } from "vitest";
import { activity } from "../../../checkers/activity/activity.checker.ts";
import { historyOf } from "../../support/history-text.ts";

const calls = "c1 read x => ok 1\nc1 write x 2 => fail";

function reasonOf(text: string, options = {}): string {
  const result = activity(options).check(historyOf(text));
  return result.verdict === "unknown" ? result.reason : result.verdict;
}

describe("activity", () => {
  test("is valid when enough succeeded and every fault bit", () => {
    const text = `fault 1 inject pause\n${calls}\nfault 1 heal pause 3`;
    expect(reasonOf(text, { minOk: 1, minOkOf: { read: 1 } })).toBe("valid");
  });

  test("says what is missing", () => {
    expect(reasonOf("")).toBe("0 of 0 operations succeeded; at least 1 should");
    expect(reasonOf("", { minOk: 0 })).toBe("nothing was examined");
    expect(reasonOf(calls, { minOk: 2, minOkOf: { write: 1, delete: 3 } })).toBe(
      "1 of 2 operations succeeded; at least 2 should; 0 operations write succeeded; at least 1 should; 0 operations " +
        "delete succeeded; at least 3 should",
    );
  });

  test("what holds for several faults of one kind and place is said once, with how often", () => {
    const text = `
      fault 1 inject pause
      fault 2 inject pause
      fault 3 inject loss
      fault 1 heal pause 0
      fault 2 heal pause 0
      fault 3 heal loss 0
      ${calls}
    `;
    expect(reasonOf(text)).toBe(
      "the fault pause on a → b touched nothing (2 times); the fault loss on a → b touched nothing",
    );
  });

  test("faults that touched nothing, were not healed, or were not counted", () => {
    const text = `
      fault 1 inject pause
      fault 2 inject loss
      fault 3 inject crash
      fault 1 heal pause 0
      fault 3 heal crash
      ${calls}
    `;
    expect(reasonOf(text)).toBe(
      "the fault pause on a → b touched nothing; the fault loss on a → b was injected and not healed in this history; " +
        "it is not recorded whether the fault crash on a → b touched anything",
    );
    expect(reasonOf(text, { faultsMustBite: false })).toBe("valid");
  });

  test("a fault is healed by what comes after it only", () => {
    const heal = "fault 1 heal pause 3";
    const inject = "fault 1 inject pause";
    const open = "the fault pause on a → b was injected and not healed in this history";
    expect(reasonOf(`${heal}\n${inject}\n${calls}`)).toBe(open);
    expect(reasonOf(`${inject}\n${heal}\n${inject}\n${calls}`)).toBe(open);
    expect(reasonOf(`fault 1 heal pause 0\n${calls}`)).toBe("valid");
  });

  test("refuses minima that are none", () => {
    expect(() => activity({ minOk: -1 })).toThrow("minOk: expected a whole number");
    expect(() => activity({ minOkOf: { read: 0.5 } })).toThrow("read: expected a whole number");
  });
});
