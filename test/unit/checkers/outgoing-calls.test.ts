import { describe, expect, test } from "vitest";
import { type OutgoingCallsOptions, outgoingCalls } from "../../../checkers/calls/outgoing-calls.checker.ts";
import type { CheckResult } from "../../../checkers/checker.ts";
import { buildHistory } from "../../support/build-history.ts";
import { eventsOfText } from "../../support/history-text.ts";

const limits: OutgoingCallsOptions = { attemptsMax: 2, callMsMax: 3, failuresMax: 2, windowMs: 3 };

/** Each line takes a millisecond. */
function check(lines: readonly string[], options: OutgoingCallsOptions = limits): CheckResult {
  const events = eventsOfText(lines.join("\n")).map((event) => ({ ...event, time: event.index * 1e6 }));
  return outgoingCalls(options).check(buildHistory(events));
}

function proofsOf(lines: readonly string[], options?: OutgoingCallsOptions): string[] {
  return check(lines, options).anomalies.map(({ type, proof }) => `${type}: ${proof}`);
}

/** Records of the call `id`, of the first life of the caller unless another is given. */
function call(id: string, life = "life-1") {
  const line = (value: object) => `record call x @checkout ${JSON.stringify({ life, call: id, ...value })}`;
  return {
    begun: line({ event: "begun" }),
    ended: line({ event: "ended" }),
    attempt: (outcome: string) => line({ event: "attempt", outcome }),
  };
}

const a = call("a");
const b = call("b");
const effect = 'record final effect x @payment {"step":"payment","kind":"do","at":1}';
const undone = 'record final effect x @payment {"step":"payment","kind":"undo","at":2}';

describe("outgoingCalls", () => {
  test("accepts a call that is repeated while its outcome is open, and had one effect", () => {
    expect(check([a.begun, a.attempt("unknown"), a.attempt("done"), a.ended, effect, undone])).toEqual({
      verdict: "valid",
      anomalies: [],
      stats: { operations: 4 },
    });
  });

  test("finds a refusal that is retried, but not one that is asked for in a call of its own", () => {
    expect(proofsOf([a.begun, a.attempt("refused"), a.attempt("done"), a.ended])).toEqual([
      "refusal-retried: checkout was refused what it asked for x (record 1), and asked again within the same " +
        "call (record 2): a definite answer does not change",
    ]);
    expect(proofsOf([a.begun, a.attempt("refused"), a.ended, b.begun, b.attempt("done"), b.ended])).toEqual(
      [],
    );
  });

  test("finds more attempts than there may be", () => {
    const attempts = ["not-sent", "not-sent", "done"].map(a.attempt);
    expect(proofsOf([a.begun, ...attempts, a.ended], { attemptsMax: 2 })).toEqual([
      "too-many-attempts: checkout made 3 attempts of one call for x; it may make 2 (the next one is record 3)",
    ]);
  });

  test("finds a call that takes too long, or has no end although its process lives on", () => {
    expect(proofsOf([a.begun, b.begun, a.attempt("done"), b.ended, a.ended])).toEqual([
      "slow-call: the call of checkout for x (record 0) took 4 ms (until record 4); it may take 3 ms",
    ]);
    const others = [b.begun, b.attempt("done"), b.ended];
    expect(proofsOf([a.begun, ...others, call("c").begun])).toEqual([
      "slow-call: the call of checkout for x (record 0) had not ended 4 ms later, when its caller was still " +
        "alive (record 4); it may take 3 ms",
    ]);
    expect(proofsOf([a.begun, ...others, call("c", "life-2").begun])).toEqual([]);
  });

  test("finds attempts without an answer that come too fast, once for each caller", () => {
    const failures = ["a", "b", "c", "d"].map((id) => call(id).attempt("unknown"));
    expect(proofsOf(failures)).toEqual([
      "overload: checkout went on calling where nobody answered: more than 2 attempts within 3 ms (from " +
        "record 0 to record 2)",
    ]);
    const slower = failures.flatMap((line) => [line, b.attempt("not-sent"), a.attempt("done")]);
    expect(proofsOf(slower, { failuresMax: 2, windowMs: 3 })).toEqual([]);
  });

  test("finds an effect that was there twice, by the final records alone", () => {
    expect(proofsOf([a.begun, a.ended, effect, effect])).toEqual([
      'repeated-effect: payment did "payment" for x more than once (records 2 and 3)',
    ]);
    expect(proofsOf([a.begun, a.ended, effect.replace("final ", ""), effect])).toEqual([]);
    const undone = effect.replace('"do"', '"undo"');
    expect(proofsOf([a.begun, a.ended, effect, undone])).toEqual([]);
    expect(proofsOf([a.begun, a.ended, effect, undone, undone])).toEqual([
      'repeated-effect: payment undid "payment" for x more than once (records 3 and 4)',
    ]);
  });

  test("asks for nothing that it is not asked for", () => {
    const attempts = ["unknown", "unknown", "unknown", "unknown"].map(a.attempt);
    expect(check([a.begun, ...attempts, a.ended], {}).verdict).toBe("valid");
  });

  test("is unknown where no call is recorded, or a record cannot be read", () => {
    expect(check(["c1 read x => ok 1"]).verdict).toBe("unknown");
    expect(check([a.begun, a.ended, 'record call x @checkout {"call":"a"}'])).toMatchObject({
      verdict: "unknown",
      reason: "1 records `call` cannot be read",
    });
  });

  test("takes an outcome or an effect that it does not know for nothing, and is unknown", () => {
    expect(check([a.begun, a.attempt("refused"), a.attempt("lost"), a.ended])).toMatchObject({
      verdict: "unknown",
      reason: "1 records `call` cannot be read",
    });
    expect(check([a.begun, a.ended, effect.replace('"payment",', "7,")])).toMatchObject({
      verdict: "unknown",
      reason: "1 records `effect` cannot be read",
    });
  });

  test("refuses limits below 0", () => {
    expect(() => outgoingCalls({ attemptsMax: -1 })).toThrow("attemptsMax: expected a number of at least 0");
    expect(() => outgoingCalls({ maxAnomalies: 0 })).toThrow(RangeError);
  });
});
