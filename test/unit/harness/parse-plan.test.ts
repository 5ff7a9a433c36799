import { expect, test } from "vitest";
import { parsePlanFile } from "../../../harness/run/parse-plan.ts";

const file = {
  format: "faultline-plan",
  version: 1,
  scenario: "s",
  form: "hardened",
  seed: 1,
  plan: {
    clients: [[{ call: { f: "read", key: "a" }, thinkMs: 0, salt: 5 }]],
    faults: [
      { fault: "process-crash", params: { process: "user" }, afterInvocations: 1, delayUs: 0, forMs: 10 },
    ],
    schedule: { seed: 1, latencyMaxUs: 200 },
  },
};

const edited = (edit: (copy: typeof file & Record<string, unknown>) => void): string => {
  const copy = structuredClone(file);
  edit(copy);
  return JSON.stringify(copy);
};

test("reads what a run folder holds", () => {
  expect(parsePlanFile(JSON.stringify(file), "plan.json")).toEqual(file);
});

test.each([
  ["no JSON", "{", "is no JSON"],
  ["an unknown field", edited((copy) => Object.assign(copy, { extra: 1 })), '"extra"'],
  ["another version", edited((copy) => Object.assign(copy, { version: 2 })), '"version"'],
  [
    "a negative pause",
    edited((copy) => Object.assign(copy.plan.clients[0]![0]!, { thinkMs: -1 })),
    "plan.clients[0][0].thinkMs",
  ],
  [
    "an unknown fault",
    edited((copy) => Object.assign(copy.plan.faults[0]!, { fault: "meteor" })),
    '"meteor"',
  ],
  [
    "a bad parameter",
    edited((copy) => Object.assign(copy.plan.faults[0]!, { params: { process: 3 } })),
    '"process"',
  ],
  [
    "a field that is not there",
    edited((copy) => Reflect.deleteProperty(copy, "plan")),
    '"plan": it is missing',
  ],
  ["a field too much", edited((copy) => Object.assign(copy, { sede: 1 })), '"sede": there is no such field'],
  ["a seed that no run has", edited((copy) => Object.assign(copy, { seed: -3 })), "expected >=0, found -3"],
  ["half a seed", edited((copy) => Object.assign(copy, { seed: 1.5 })), "expected a whole number, found 1.5"],
  ["a missing call", edited((copy) => Reflect.deleteProperty(copy.plan.clients[0]![0]!, "call")), "call"],
])("refuses %s, naming it", (_name, text, expected) => {
  expect(() => parsePlanFile(text, "plan.json")).toThrow(
    expect.objectContaining({ code: "bad-plan", message: expect.stringContaining(expected) }),
  );
});

test("a hostile key is data", () => {
  const text = JSON.stringify(file).replace('"f":"read"', '"__proto__":{"polluted":true}');
  parsePlanFile(text, "plan.json");
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});
