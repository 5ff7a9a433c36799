import { expect, test } from "vitest";
import { describeSweep } from "../../../harness/run/describe-sweep.ts";
import { registerScenario } from "../../support/register-scenario.ts";

const defect = "defect:check-in-application";
const anomalies = ["optimistic-lock/lost-update", "optimistic-lock/two-winners"];
const runsOf = (...args: Parameters<typeof describeSweep>) =>
  describeSweep(...args).tasks.map(({ form, runs }) => `${form} ${runs}`);

test("each form of each scenario, with what it expects, and as many runs as its lane takes by default", () => {
  const { scenarios, tasks, ...rest } = describeSweep([registerScenario], null, 7, null);
  expect(rest).toEqual({ format: "faultline-run", version: 1, lane: "sim", seed: 7, singleForm: false });
  expect(scenarios[0]).toMatchObject({ scenario: "register-keeps-updates", claim: registerScenario.claim });
  expect(tasks).toEqual([
    { scenario: "register-keeps-updates", form: "hardened", expects: [], runs: 1000 },
    { scenario: "register-keeps-updates", form: defect, expects: anomalies, runs: 200 },
  ]);
  expect(runsOf([registerScenario], null, 7, null, "real")).toEqual(["hardened 2", `${defect} 8`]);
});

test("the flaws of a form go with its task, in words and by the anomalies that show them", () => {
  const [hardened, other] = registerScenario.forms;
  if (hardened === undefined || other === undefined) throw new Error("two forms are needed");
  const flaw = { flaw: "loses updates", checker: "optimistic-lock", types: ["lost-update"] as const };
  const scenario = { ...registerScenario, forms: [hardened, { ...other, flaws: [flaw] }] };
  const { tasks } = describeSweep([scenario], null, 7, null);
  expect(tasks[0]).not.toHaveProperty("flaws");
  expect(tasks[1]?.flaws).toEqual([{ flaw: "loses updates", expects: ["optimistic-lock/lost-update"] }]);
});

test("a quick sweep takes fewer seeds of a hardened form, and as many as ever for a defect to be caught in", () => {
  expect(runsOf([registerScenario], null, 7, null, "sim", true)).toEqual(["hardened 100", `${defect} 200`]);
});

test("a number of runs that was asked for holds in every lane and for every form", () => {
  for (const lane of ["sim", "real"] as const) {
    for (const quick of [false, true])
      expect(runsOf([registerScenario], null, 7, 3, lane, quick)).toEqual(["hardened 3", `${defect} 3`]);
  }
});

test("in the real lane only the forms are taken that a scenario names for it, unless one is asked for", () => {
  const scenario = { ...registerScenario, real: ["hardened" as const] };
  expect(runsOf([scenario], null, 7, null, "real")).toEqual(["hardened 2"]);
  expect(runsOf([scenario], null, 7, null, "sim")).toHaveLength(2);
  expect(runsOf([scenario], defect, 7, null, "real")).toEqual([`${defect} 8`]);
  expect(describeSweep([scenario], defect, 7, null, "real").singleForm).toBe(true);
  expect(() => describeSweep([scenario], "textbook", 7, null, "real")).toThrow(
    expect.objectContaining({ code: "unknown-form" }),
  );
});
