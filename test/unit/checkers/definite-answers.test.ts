import { describe, expect, test } from "vitest";
import {
  type DefiniteAnswersOptions,
  definiteAnswers,
} from "../../../checkers/answers/definite-answers.checker.ts";
import { labelled } from "../../support/by-label.ts";
import { historyOf } from "../../support/history-text.ts";

const check = (text: string, options: DefiniteAnswersOptions = {}) =>
  definiteAnswers(options).check(historyOf(text));
const proofs = (text: string, options?: DefiniteAnswersOptions) =>
  check(text, options).anomalies.map(({ type, proof }) => `${type}: ${proof}`);

describe("definite-answers", () => {
  test("a bad request that is refused is as it should be", () => {
    const result = check(`
      c1 bad-request x "no id" => fail !not-found
      c1 read x => ok 1
      c1 bad-request - => fail !http-400`);
    expect(labelled(result)).toMatchObject({
      verdict: "valid",
      stats: { operations: 3, measures: { "bad requests refused": 2 } },
    });
  });

  test("a bad request that is accepted is wrong at any time", () => {
    expect(proofs('c1 bad-request x "unknown product" => ok')).toEqual([
      'bad-input-accepted: client 1 sent a request that must be refused (operation 0: bad-request x "unknown product"), ' +
        "and was told that it is done (operation 1)",
    ]);
    const later = `
      fault 1 inject pause
      c1 > bad-request x
      fault 1 heal pause 1
      c1 < ok`;
    expect(check(later).anomalies[0]).toMatchObject({ type: "bad-input-accepted", operations: [1, 3] });
  });

  test("a bad request that breaks the service is told from a good one, and the cause is named", () => {
    const text = `
      c1 bad-request x "no id" => info !http-500
      c2 read y => fail !internal`;
    expect(proofs(text)).toEqual([
      'bad-input-crashed: client 1 sent a request that must be refused (operation 0: bad-request x "no id"), and the ' +
        "service broke down (operation 1, http-500), before any fault was injected",
      "good-input-crashed: nothing is wrong with what client 2 asked for (operation 2: read y), but the service broke " +
        "down (operation 3, internal), before any fault was injected; a bad request was sent before it (operation 0)",
    ]);
    expect(check(text).anomalies.map(({ operations }) => operations)).toEqual([
      [0, 1],
      [0, 2, 3],
    ]);
  });

  test("after the first fault nobody can tell what a service broke down over", () => {
    const text = (order: string) => `
      c1 > read x
      ${order.replace("|", "\n")}
      c2 bad-request x => fail !http-500`;
    expect(check(text("fault 1 inject pause|c1 < fail !http-500")).verdict).toBe("valid");
    expect(check(text("c1 < fail !http-500|fault 1 inject pause")).anomalies).toHaveLength(1);
    expect(check(text("fault 1 heal pause 1|c1 < fail !http-500")).anomalies).toHaveLength(2);
  });

  test("other codes are no breakdown, unless it is said that they are", () => {
    const text = "c1 read x => fail !http-503\nc1 read x => info !client-timeout";
    expect(check(text).verdict).toBe("valid");
    expect(check(text, { crashCodes: ["http-503"] }).anomalies).toHaveLength(1);
  });

  test("bad requests may have other names", () => {
    const functions = { badRequest: ["probe", "ask-badly"] };
    expect(check("c1 ask-badly x => ok", { functions }).verdict).toBe("invalid");
    expect(check("c1 bad-request x => ok", { functions }).verdict).toBe("valid");
  });

  test("a call without an answer, and one that nobody can tell the end of, blame nobody", () => {
    expect(check("c1 read x => ok\nc1 > bad-request x").verdict).toBe("valid");
    expect(check("c1 bad-request x => info !ECONNRESET").stats.measures).toMatchObject([{ value: 1 }]);
    expect(check("c1 bad-request x => info").stats.measures).toMatchObject([{ value: 0 }]);
    expect(check("c1 > bad-request x")).toMatchObject({ verdict: "unknown", reason: "nothing was examined" });
  });

  test("lists as many anomalies of a type as it is told, and refuses nonsense itself", () => {
    const text = Array.from({ length: 12 }, () => "c1 bad-request x => ok").join("\n");
    const result = check(text, { maxAnomalies: 3 });
    expect(result.anomalies).toHaveLength(3);
    expect(result.stats.anomaliesOmitted).toBe(9);
    expect(() => definiteAnswers({ maxAnomalies: 0 })).toThrow(RangeError);
  });
});
