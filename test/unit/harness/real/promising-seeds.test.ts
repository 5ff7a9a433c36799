import { expect, test } from "vitest";
import { promisingSeeds } from "../../../../harness/real/run/promising-seeds.ts";
import { showsOneOf } from "../../../../harness/record/form-tally.ts";
import { drawPlan } from "../../../../harness/run/draw-plan.ts";
import { executePlan } from "../../../../harness/run/execute-plan.ts";
import { registerScenario as scenario } from "../../../support/register-scenario.ts";

const [hardened, defect] = scenario.forms;
const expects = ["optimistic-lock/lost-update", "optimistic-lock/two-winners"];
const signal = new AbortController().signal;
const choose = (form = defect, runs = 8, seed = 100) => {
  if (form === undefined) throw new Error("the scenario has two forms");
  return promisingSeeds({ scenario, form, seed, runs, expects, signal });
};

test("plans that show a declared anomaly in simulation go first, and the choice is the same each time", async () => {
  const seeds = await choose();
  expect(seeds).toHaveLength(8);
  expect(new Set(seeds).size).toBe(8);
  for (const seed of seeds.slice(0, 3)) {
    const plan = drawPlan(scenario, seed, "");
    const { record } = await executePlan({ scenario, form: defect!, seed, plan });
    expect(showsOneOf(record, expects)).toBe(true);
  }
  expect(await choose()).toEqual(seeds);
  expect(await choose(defect, 1)).toEqual(seeds.slice(0, 1));
});

test("where simulation shows nothing, the seeds are as they come", async () => {
  expect(await choose(hardened, 4, 500)).toEqual([500, 501, 502, 503]);
});

test("it ends when it is told to, with seeds all the same", async () => {
  const aborted = AbortSignal.abort();
  const seeds = await promisingSeeds({ scenario, form: defect!, seed: 7, runs: 3, expects, signal: aborted });
  expect(seeds).toEqual([7, 8, 9]);
});
