import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Json } from "../../../checkers/history/operation.ts";
import { drawPlan } from "../../../harness/run/draw-plan.ts";
import type { PlanFile } from "../../../harness/run/parse-plan.ts";
import { requireFittingCalls } from "../../../harness/run/require-fitting-calls.ts";
import type { Scenario } from "../../../harness/run/scenario.ts";
import { scenarios } from "../../../scenarios/index.ts";
import { registerScenario } from "../../support/register-scenario.ts";

/** A plan file with these calls behind what the seed drew. */
function fileOf(scenario: Scenario, calls: readonly Json[], seed = 3): PlanFile {
  const drawn = drawPlan(scenario, seed, "");
  const added = calls.map((call) => ({ call, thinkMs: 0, salt: 1 }));
  const plan = { ...drawn, clients: [added, ...drawn.clients] };
  return { format: "faultline-plan", version: 1, scenario: scenario.name, form: "hardened", seed, plan };
}

function withCalls(call: fc.Arbitrary<Json>): Scenario {
  const workload = { ...registerScenario.workload, call, preparation: [], idle: () => null };
  return { ...registerScenario, workload: { ...workload, finalReads: () => [] } };
}

function refusal(scenario: Scenario, call: Json): unknown {
  try {
    requireFittingCalls(fileOf(scenario, [call]), "plan.json", scenario);
    return null;
  } catch (error) {
    return error;
  }
}

describe.each(scenarios.map((scenario) => [scenario.name, scenario] as const))("%s", (_name, scenario) => {
  test("lets pass what its seeds draw, drawn or made small, and its own calls", () => {
    for (let seed = 100; seed < 110; seed++) {
      const small: Json[] = [];
      // All smaller calls on the way down, as the story of that seed could hold them.
      fc.check(
        fc.property(scenario.workload.call, (call) => {
          small.push(JSON.parse(JSON.stringify(call)));
          return small.length < 30;
        }),
        { seed, numRuns: 100 },
      );
      const file = fileOf(scenario, [...small, ...scenario.workload.preparation], seed);
      expect(() => requireFittingCalls(file, "plan.json", scenario)).not.toThrow();
    }
  });

  test("refuses a call that is no operation of it", () => {
    const error = refusal(scenario, { do: "explode" });
    expect(error).toMatchObject({ code: "bad-plan", kind: "usage" });
    expect(String(error)).toMatch(
      /The plan file plan\.json cannot be run: field "plan\.clients\[0\]\[0\]\.call(\.\w+)?": /,
    );
    expect(refusal(scenario, "explode")).toMatchObject({ code: "bad-plan" });
    expect(refusal(scenario, null)).toMatchObject({ code: "bad-plan" });
  });
});

test("names what is wrong with the call, what was expected and a call to go by", () => {
  expect(refusal(registerScenario, { f: "explode", value: 1 })).toMatchObject({
    message:
      'The plan file plan.json cannot be run: field "plan.clients[0][0].call.f": expected "read" or "update", found "explode".',
    hint: expect.stringMatching(
      /^Write a call as clients of "register-keeps-updates" make it, for example \{"f":"(read|update)","value":\d+\}\.$/,
    ),
  });
  expect(String(refusal(registerScenario, { f: "read" }))).toContain('call.value": it is missing');
  expect(String(refusal(registerScenario, { f: "read", value: "1" }))).toContain(
    'call.value": expected a whole number, found "1"',
  );
  expect(String(refusal(registerScenario, { f: "read", value: 1, more: 1 }))).toContain(
    'call.more": there is no such field',
  );
  expect(refusal(registerScenario, { f: "update", value: 77 })).toBeNull();
});

test("a field that one operation has is none of another", () => {
  const scenario = withCalls(
    fc.oneof(
      fc.record({ key: fc.constantFrom("a", "b"), do: fc.constant("set"), to: fc.string() }),
      fc.record({ key: fc.constantFrom("a", "b"), do: fc.constant("get") }),
    ),
  );
  expect(String(refusal(scenario, { key: "a", do: "set" }))).toContain('call.to": it is missing');
  expect(String(refusal(scenario, { key: "a", do: "get", to: "x" }))).toContain(
    'call.to": there is no such field',
  );
  expect(refusal(scenario, { key: "a", do: "set", to: "never drawn before" })).toBeNull();
});

test("arbitraries that do not know their own values again are learned from what they draw", () => {
  const scenario = withCalls(
    fc.tuple(fc.constantFrom("r", "append"), fc.nat(9), fc.array(fc.nat(1000))).map(([f, key, values]) => ({
      txn: values.map((value) => [f, `k${key}`, f === "r" ? null : value]),
    })),
  );
  expect(scenario.workload.call.canShrinkWithoutContext({ txn: [] })).toBe(false);
  expect(refusal(scenario, { txn: [] })).toBeNull();
  expect(refusal(scenario, { txn: [["append", "k3", 123_456]] })).toBeNull();
  expect(String(refusal(scenario, { txn: [["append", true, 1]] }))).toContain('call.txn[0][1]": expected');
  expect(String(refusal(scenario, { txn: "r" }))).toContain('call.txn": expected a list, found "r"');
});

test("what is drawn once in ten thousand times is let pass when the arbitrary knows it", () => {
  const rare = { arbitrary: fc.record({ do: fc.constant("audit"), depth: fc.nat(5) }), weight: 1 };
  const usual = { arbitrary: fc.record({ do: fc.constant("read") }), weight: 10_000 };
  expect(refusal(withCalls(fc.oneof(usual, rare)), { do: "audit", depth: 3 })).toBeNull();
});

test("an optional field may be there or not, and a hostile one is refused", () => {
  const scenario = withCalls(
    fc.record({ do: fc.constantFrom("a", "b"), note: fc.string() }, { requiredKeys: ["do"] }),
  );
  expect(refusal(scenario, { do: "a" })).toBeNull();
  expect(refusal(scenario, { do: "b", note: "x" })).toBeNull();
  expect(refusal(scenario, JSON.parse('{"do":"a","__proto__":{"note":1}}'))).toMatchObject({
    code: "bad-plan",
  });
  expect(refusal(scenario, JSON.parse('{"do":"constructor"}'))).toMatchObject({ code: "bad-plan" });
});
