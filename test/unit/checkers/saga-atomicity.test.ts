import { describe, expect, test } from "vitest";
import type { CheckResult } from "../../../checkers/checker.ts";
import { type SagaAtomicityOptions, sagaAtomicity } from "../../../checkers/saga/saga-atomicity.checker.ts";
import { historyOf } from "../../support/history-text.ts";

const steps = ["stock", "pay"];

function check(text: string, options: SagaAtomicityOptions = { steps }): CheckResult {
  return sagaAtomicity(options).check(historyOf(text));
}

function proofsOf(text: string, options: SagaAtomicityOptions = { steps }): string[] {
  return check(text, options).anomalies.map(({ type, proof }) => `${type}: ${proof}`);
}

function typesOf(text: string, options: SagaAtomicityOptions = { steps }): string[] {
  return check(text, options).anomalies.map(({ type }) => type);
}

/** A final effect of the saga x: `did("stock", 1)`. */
function effect(kind: "do" | "undo", step: string, at: number, amount?: number): string {
  const value = JSON.stringify({ step, kind, at, amount });
  return `record final effect x @${step === "pay" ? "payment" : "inventory"} ${value}`;
}
const did = (step: string, at: number, amount?: number): string => effect("do", step, at, amount);
const undid = (step: string, at: number, amount?: number): string => effect("undo", step, at, amount);
const completed = 'record final saga x @order {"state":"completed"}';
const aborted = 'record final saga x @order {"state":"aborted"}';
const lines = (...parts: string[]): string => parts.join("\n");

describe("what others saw of a saga", () => {
  const seen = (value: string): string => `record seen x @cart ${value}`;
  const undoneSaga = lines(did("stock", 1), undid("stock", 5), aborted);

  test("and was taken back is a dirty read", () => {
    expect(proofsOf(lines(seen('{"step":"stock","at":3}'), undoneSaga))).toEqual([
      "dirty-read: inventory did the step stock of x at 1 (record 1), cart saw it at 3, not marked as pending (record 0), " +
        "and it was taken back at 5 (record 2), for the saga was aborted (record 3)",
    ]);
  });

  test("is none where it was marked, was seen at another time, or lasts", () => {
    for (const value of [
      '{"step":"stock","at":3,"pending":true}',
      '{"step":"stock","at":0}',
      '{"step":"stock","at":5}',
    ]) {
      expect(check(lines(seen(value), undoneSaga)).verdict, value).toBe("valid");
    }
    const lasting = lines(seen('{"step":"stock","at":3}'), did("stock", 1), did("pay", 2), completed);
    expect(check(lasting).verdict).toBe("valid");
    expect(check(lines(seen('{"step":"stock"}'), undoneSaga))).toMatchObject({
      verdict: "unknown",
      reason: "1 `seen` of aborted sagas have no `at`",
    });
  });
});

test("a completed saga without any effect is not valid by having nothing to compare with", () => {
  const text = lines(
    'record final saga s1 {"state":"completed"}',
    'record final saga s2 {"state":"aborted"}',
    'record final effect s2 @a {"step":"a","kind":"do","at":1}',
    'record final effect s2 @a {"step":"a","kind":"undo","at":2}',
  );
  expect(check(text, {})).toMatchObject({
    verdict: "unknown",
    reason: "nothing tells which steps 1 completed saga needed",
  });
  expect(typesOf(text, { steps: ["a"] })).toEqual(["missing-effect"]);
  expect(check(text.replace('"completed"', '"completed","steps":[]'), {}).verdict).toBe("valid");
});

describe("sagaAtomicity accepts", () => {
  test("a completed saga with each effect once", () => {
    expect(check(lines(did("stock", 1), did("pay", 2), completed))).toEqual({
      verdict: "valid",
      anomalies: [],
      stats: { operations: 3 },
    });
  });

  test("an aborted saga whose effects were undone in reverse, or that had none", () => {
    const text = lines(
      did("stock", 1, 3),
      did("pay", 2, 30),
      undid("pay", 3, 30),
      undid("stock", 4, 3),
      aborted,
      'record final saga y @order {"state":"aborted"}',
    );
    expect(check(text).verdict).toBe("valid");
    expect(check(lines(did("stock", 1), undid("stock", 2), aborted)).verdict).toBe("valid");
  });

  test("effects at one time in any order", () => {
    const parallel = lines(did("stock", 1), did("pay", 1), undid("stock", 3), undid("pay", 4), aborted);
    expect(check(parallel).verdict).toBe("valid");
    expect(check(lines(did("stock", 5), undid("stock", 5), aborted)).verdict).toBe("valid");
  });

  test("live records of what the final ones do not show", () => {
    const text = lines(
      'record saga x @order {"state":"running"}',
      'record effect x @payment {"step":"pay","kind":"do","at":2}',
      'record effect x @payment {"step":"pay","kind":"do","at":2}',
      did("stock", 1),
      undid("stock", 3),
      aborted,
    );
    expect(check(text).verdict).toBe("valid");
  });
});

describe("sagaAtomicity finds", () => {
  test("a saga that never ended", () => {
    const running = 'record final saga x @order {"state":"running"}';
    expect(proofsOf(lines(did("stock", 1), running))).toEqual([
      "stuck-saga: x is still running at the end (record 1); done and not undone: stock (record 0)",
    ]);
    expect(proofsOf(lines(did("stock", 1), 'record final saga y @order {"state":"aborted"}'))).toEqual([
      "stuck-saga: x has begun (record 0), but no final record says how it ended; done and not undone: stock (record 0)",
    ]);
    const live = lines('record saga x @order {"state":"running"}', 'record final saga y {"state":"aborted"}');
    expect(proofsOf(live, { inspected: ["effect"] })).toEqual([
      "stuck-saga: x has begun (record 0), but no final record says how it ended",
    ]);
    expect(typesOf(lines(live, aborted), { inspected: ["effect"] })).toEqual([]);
  });

  test("a completed saga without one of its effects", () => {
    expect(proofsOf(lines(did("stock", 1), completed))).toEqual([
      "missing-effect: x is completed (record 1), but its step pay was never done",
    ]);
    expect(typesOf(lines(did("stock", 1), completed), { steps: ["stock"] })).toEqual([]);
  });

  test("which steps a saga needs in its own record, or else in the other sagas", () => {
    const declaring = 'record saga x @order {"state":"running","steps":["stock","pay"]}';
    expect(proofsOf(lines(declaring, did("stock", 1), completed), {})).toEqual([
      "missing-effect: x is completed (record 2), but its step pay, listed in record 0, was never done",
    ]);
    const declared = 'record final saga x @order {"state":"completed","steps":["stock"]}';
    expect(typesOf(lines(did("stock", 1), declared, declaring), {})).toEqual([]);
    expect(typesOf(lines(did("stock", 1), declaring, declared), {})).toEqual([]);
    const other = lines(
      'record final effect y @payment {"step":"pay","kind":"do","at":2}',
      'record final saga y {"state":"completed","steps":["pay"]}',
    );
    expect(typesOf(lines(did("stock", 1), completed, other), {})).toEqual([]);
    const alike = other.replace(',"steps":["pay"]', "");
    expect(typesOf(lines(did("stock", 1), completed, alike), {})).toEqual([
      "missing-effect",
      "missing-effect",
    ]);
  });

  test("an effect that was done twice", () => {
    expect(proofsOf(lines(did("stock", 1), did("pay", 2), did("pay", 3), completed))).toEqual([
      "double-effect: payment did the step pay of x twice (records 1 and 2), although a saga does each step at most once",
    ]);
    expect(proofsOf(lines(did("pay", 2), did("pay", 3), did("pay", 3)), { inspected: ["saga"] })[1]).toMatch(
      /pay of x 3 times \(records 0 and 1\)/,
    );
  });

  test("an effect that an aborted saga left behind, and what it cost", () => {
    expect(proofsOf(lines(did("stock", 1), aborted))).toEqual([
      "lost-compensation: inventory did the step stock of x (record 0), and the saga was aborted (record 1), but the step was never undone",
    ]);
    expect(proofsOf(lines(did("stock", 1, 2), did("pay", 2, 30), undid("stock", 3, 2), aborted))).toEqual([
      "lost-compensation: payment did the step pay of x (record 1), and the saga was aborted (record 3), but the step was never undone",
      "amounts-not-conserved: x was aborted (record 3), but its amounts do not cancel: 32 done and 2 undone (record 1)",
    ]);
  });

  test("an effect that was undone twice", () => {
    expect(proofsOf(lines(did("pay", 1), undid("pay", 2), undid("pay", 3), aborted))).toEqual([
      "double-compensation: payment undid the step pay of x twice (records 1 and 2), although a saga undoes each step at most once",
    ]);
  });

  test("an effect that came after its compensation", () => {
    expect(proofsOf(lines(did("pay", 9), undid("pay", 4), aborted))).toEqual([
      "late-effect: payment did the step pay of x at 9 (record 0), but it had been undone at 4 (record 1): nothing takes the late effect back",
    ]);
    expect(typesOf(lines(did("pay", 4), undid("pay", 9), aborted))).toEqual([]);
  });

  test("a compensation of what was never there", () => {
    expect(proofsOf(lines(undid("pay", 4, 30), aborted))).toEqual([
      "empty-compensation: payment undid the step pay of x (record 0), but the step was never done, so 30 was given back that was never taken",
      "amounts-not-conserved: x was aborted (record 1), but its amounts do not cancel: 0 done and 30 undone (record 0)",
    ]);
    expect(typesOf(lines(undid("pay", 4), aborted))).toEqual([]);
    const attempt = 'record attempted x @order {"step":"stock","kind":"do"}';
    expect(proofsOf(lines(attempt, undid("pay", 4), aborted))).toEqual([
      "empty-compensation: payment undid the step pay of x (record 1), but the step was never done, nor was it ever attempted",
    ]);
    expect(typesOf(lines(attempt.replace("stock", "pay"), undid("pay", 4, 0), aborted))).toEqual([]);
    const undoing = 'record attempted x @order {"step":"pay","kind":"undo"}';
    expect(typesOf(lines(attempt, undoing, undid("pay", 4), aborted))).toEqual(["empty-compensation"]);
  });

  test("compensations in the order of the effects", () => {
    const forward = lines(did("stock", 1), did("pay", 2), undid("stock", 3), undid("pay", 4), aborted);
    expect(proofsOf(forward)).toEqual([
      "out-of-order-compensation: x did stock before pay (records 0 and 1), but also undid stock before pay (records 2 and 3): compensation goes backwards",
    ]);
    expect(typesOf(forward, { steps, order: "none" })).toEqual([]);
    expect(typesOf(forward.replace('"at":4', '"at":3'))).toEqual([]);
  });

  test("a completed saga with an effect that was taken back", () => {
    expect(proofsOf(lines(did("stock", 1), did("pay", 2), undid("pay", 3), completed))).toEqual([
      "undone-in-completed-saga: x is completed (record 3), but payment undid its step pay (record 2)",
    ]);
  });

  test("a saga that ended in both ways", () => {
    expect(proofsOf(lines(did("stock", 1), completed, aborted))).toEqual([
      "contradictory-end: x is completed (record 1) and is aborted (record 2): a saga ends once",
    ]);
  });

  test("an effect that was undone with another amount", () => {
    expect(proofsOf(lines(did("pay", 1, 30), undid("pay", 2, 20), aborted))).toEqual([
      "amount-mismatch: payment did the step pay of x with the amount 30 (record 0), but it was undone with 20 (record 1)",
      "amounts-not-conserved: x was aborted (record 2), but its amounts do not cancel: 30 done and 20 undone (records 0 and 1)",
    ]);
    expect(typesOf(lines(did("pay", 1, 30), undid("pay", 2), aborted))).toEqual([]);
    expect(typesOf(lines(did("pay", 1), undid("pay", 2), aborted))).toEqual([]);
  });

  test("sums that differ only in the order of adding up to be the same", () => {
    const text = lines(
      ...[0.1, 0.2, 0.3].map((amount) => did("pay", 1, amount)),
      ...[0.3, 0.2, 0.1].map((amount) => undid("pay", 2, amount)),
      aborted,
    );
    expect(typesOf(text)).not.toContain("amounts-not-conserved");
  });
});

describe("sagaAtomicity does not know", () => {
  test("anything without records", () => {
    expect(check("c1 read x => ok 1")).toMatchObject({ verdict: "unknown", reason: "nothing was examined" });
    expect(check("record note x 1")).toMatchObject({ verdict: "unknown", reason: "nothing was examined" });
  });

  test("what is missing where only live records are there, but sees what is certain", () => {
    const live = (text: string): string => text.replaceAll("record final ", "record ");
    expect(check(live(lines(did("stock", 1), aborted)))).toMatchObject({
      verdict: "unknown",
      reason:
        "no final record tells which sagas never ended; no final record tells which effects are there and which are not",
    });
    expect(check(live(lines(did("stock", 1), completed))).verdict).toBe("unknown");
    expect(check(live(lines(undid("pay", 1, 30), aborted))).verdict).toBe("unknown");
    expect(check(live(did("pay", 1)))).toMatchObject({ reason: expect.stringContaining("(1 has no end)") });
    expect(typesOf(live(lines(did("pay", 1), did("pay", 2))))).toEqual(["double-effect"]);
    expect(typesOf(live(lines(undid("pay", 1), did("pay", 2))))).toEqual(["late-effect"]);
    expect(typesOf(live(lines(completed, undid("pay", 2))))).toEqual(["undone-in-completed-saga"]);
  });

  test("whether there are effects unless they are known to have been inspected", () => {
    expect(check(aborted)).toMatchObject({ verdict: "unknown" });
    expect(check(aborted, { steps, inspected: ["effect"] }).verdict).toBe("valid");
    expect(typesOf(completed, { steps, inspected: ["effect"] })).toEqual([
      "missing-effect",
      "missing-effect",
    ]);
  });

  test("an order without times", () => {
    const undated = lines(did("pay", 1), undid("pay", 2), aborted).replace(/,"at":\d/g, "");
    expect(check(undated)).toMatchObject({
      verdict: "unknown",
      reason: "2 effects have no `at`, so the order of doing and undoing is not known",
    });
    expect(check(lines(did("stock", 1), did("pay", 1), completed).replace(/,"at":\d/g, "")).verdict).toBe(
      "valid",
    );
  });

  test("records that it cannot read", () => {
    const broken = 'record final effect x @a {"step":7,"kind":"do"}\nrecord final effect x @a {"step":"a"}';
    expect(check(lines(broken, did("stock", 1), did("pay", 2), completed))).toMatchObject({
      verdict: "unknown",
      reason: 'record 0 (and 1 more) has no value of the form {"step", "kind": "do" or "undo", "at"}',
    });
    expect(
      check(lines('record final saga x {"state":"ended"}', aborted), { inspected: ["effect"] }),
    ).toMatchObject({
      verdict: "unknown",
    });
    expect(check('record final saga x {"state":"completed","steps":[3]}')).toMatchObject({
      reason: expect.stringContaining('"steps": [names]'),
    });
    expect(check("record attempted x").verdict).toBe("unknown");
  });
});

describe("sagaAtomicity", () => {
  test("reads kinds by other names", () => {
    const text = lines(did("pay", 1), did("pay", 2), aborted)
      .replaceAll(" effect ", " side-effect ")
      .replaceAll(" saga ", " process ");
    const functions = { effect: "side-effect", saga: ["saga", "process"] };
    expect(typesOf(text, { functions })).toEqual(["double-effect", "lost-compensation"]);
  });

  test("reports the first anomalies of a type and counts the others", () => {
    const many = Array.from({ length: 30 }, (_, at) => `record final saga s${at} {"state":"running"}`);
    const result = check(lines(...many), { maxAnomalies: 2 });
    expect(result.anomalies.map(({ key }) => key)).toEqual(["s0", "s1"]);
    expect(result.stats).toEqual({ operations: 30, anomaliesOmitted: 28 });
    expect(() => sagaAtomicity({ maxAnomalies: 0 })).toThrow(RangeError);
  });

  test("takes hostile names for names", () => {
    const text = lines(
      'record final effect __proto__ @constructor {"step":"__proto__","kind":"do","at":1}',
      'record final saga __proto__ {"state":"aborted"}',
    );
    expect(check(text).anomalies).toMatchObject([{ type: "lost-compensation", key: "__proto__" }]);
  });
});
