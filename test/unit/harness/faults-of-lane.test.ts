import { expect, test } from "vitest";
import type { Json } from "../../../checkers/history/operation.ts";
import type { Fault } from "../../../harness/faults/fault.ts";
import { linkPartition } from "../../../harness/faults/link-partition.fault.ts";
import { faultsLeftOut, scenarioInLane } from "../../../harness/run/faults-of-lane.ts";
import type { Scenario } from "../../../harness/run/scenario.ts";
import { registerScenario } from "../../support/register-scenario.ts";

const [choice] = registerScenario.faults;
const base = linkPartition as unknown as Fault<Json>;

function withFaults(...faults: readonly Fault<Json>[]): Scenario {
  if (choice === undefined) throw new Error("the scenario has faults");
  return { ...registerScenario, faults: faults.map((fault) => ({ ...choice, fault })) };
}

const notInSim: Fault<Json> = { ...base, name: "only-real", sim: { impossible: "there is no such wire" } };
const notInReal: Fault<Json> = { ...base, name: "only-sim", real: { impossible: "no proxy does that" } };

test("a scenario all of whose faults a lane can have is that scenario itself", () => {
  expect(scenarioInLane(registerScenario, "sim")).toBe(registerScenario);
  expect(scenarioInLane(registerScenario, "real")).toBe(registerScenario);
  expect(faultsLeftOut(registerScenario, "real")).toEqual([]);
});

test("what a lane cannot have on any machine is left out there, and said once with the reason", () => {
  const scenario = withFaults(notInSim, base, notInReal, notInReal);
  const names = (lane: "sim" | "real") =>
    scenarioInLane(scenario, lane).faults.map(({ fault }) => fault.name);
  expect(names("sim")).toEqual(["link-partition", "only-sim", "only-sim"]);
  expect(names("real")).toEqual(["only-real", "link-partition"]);
  expect(faultsLeftOut(scenario, "sim")).toEqual([{ fault: "only-real", why: "there is no such wire" }]);
  expect(faultsLeftOut(scenario, "real")).toEqual([{ fault: "only-sim", why: "no proxy does that" }]);
});
