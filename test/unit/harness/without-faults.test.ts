import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Json } from "../../../checkers/history/operation.ts";
import { faultChoice } from "../../../harness/faults/fault.ts";
import { refuseImpossibleFaults } from "../../../harness/faults/impossible-faults.ts";
import { faults as knownFaults } from "../../../harness/faults/index.ts";
import { processCrash } from "../../../harness/faults/process-crash.fault.ts";
import { describeSweep } from "../../../harness/run/describe-sweep.ts";
import { drawPlan } from "../../../harness/run/draw-plan.ts";
import { notTestedBy } from "../../../harness/run/not-tested-by.ts";
import { planOfToken, tokenOf } from "../../../harness/run/replay.ts";
import type { Scenario } from "../../../harness/run/scenario.ts";
import { decodeToken } from "../../../harness/run/token.ts";
import { faultsAtPlaces, withoutFaults } from "../../../harness/run/without-faults.ts";
import { scenarios } from "../../../scenarios/index.ts";

const [stock] = scenarios.filter(({ name }) => name === "own-writes-are-read");
if (stock === undefined) throw new Error("the scenario is there");
const scenario: Scenario = stock;
const stores = new Set(scenario.forms.flatMap((form) => form.system().stores.map(({ name }) => name)));
const services = scenario.forms.flatMap((form) => form.system().services.map(({ name }) => name));
const SEEDS = Array.from({ length: 150 }, (_, seed) => seed);

/** What is crashed, over the plans of many seeds. */
function crashed(from: Scenario): Set<string> {
  const planned = SEEDS.flatMap((seed) => drawPlan(from, seed, "").faults);
  const hit = planned.filter(({ fault }) => fault === "process-crash");
  return new Set(hit.map(({ params }) => (params as { process: string }).process));
}

describe("a scenario without a fault", () => {
  test("never draws it; the others are drawn as before", () => {
    expect(crashed(scenario).size).toBe(2);
    const less = withoutFaults(scenario, ["process-crash"]);
    expect(crashed(less)).toEqual(new Set());
    const names = (of: Scenario) => new Set(of.faults.map(({ fault }) => fault.name));
    expect(names(less)).toEqual(new Set([...names(scenario)].filter((name) => name !== "process-crash")));
  });

  test("where it hits stores still draws it on services, also from a choice that draws both", () => {
    expect(crashed(withoutFaults(scenario, ["process-crash@stores"]))).toEqual(new Set([services[0]]));
    const both = fc.record({ process: fc.constantFrom(...stores, ...services) });
    const mixed = { ...scenario, faults: [faultChoice(processCrash, both)] };
    expect(crashed(mixed).size).toBe(2);
    expect(crashed(withoutFaults(mixed, ["process-crash@stores"]))).toEqual(new Set([services[0]]));
  });

  test("that it does not have is the scenario itself; one that nobody has is refused", () => {
    expect(withoutFaults(scenario, ["replica-lag", "rolling-restart@stores"])).toBe(scenario);
    for (const name of ["proces-crash", "link-partition@stores", "@stores", "replica-lag@replication"]) {
      const refused = expect.objectContaining({ code: "unknown-fault", kind: "usage" });
      expect(() => withoutFaults(scenario, [name])).toThrow(refused);
    }
  });

  test("says so in what was not tested and in the manifest", () => {
    const less = withoutFaults(scenario, ["process-crash@stores", "replica-lag"]);
    expect(notTestedBy(less)[0]).toBe("faults left out on request: process-crash@stores");
    expect(describeSweep([less], null, 1, 1).withoutFaults).toEqual(["process-crash@stores"]);
    expect(describeSweep([scenario], null, 1, 1)).not.toHaveProperty("withoutFaults");
  });

  test("has tokens that draw exactly its plans from the scenario as it is", () => {
    const less = withoutFaults(scenario, ["process-crash@stores"]);
    const [form] = less.forms;
    if (form === undefined) throw new Error("there is a form");
    for (const lane of ["sim", "real"] as const) {
      const changed = SEEDS.filter((seed) => {
        const plan = drawPlan(less, seed, "");
        const run = { scenario: less, form, lane, seed, plan, token: null, historyHash: "" };
        const token = tokenOf(run, "0123456789abcdef");
        expect(decodeToken(token).withoutFaults).toEqual(["process-crash@stores"]);
        expect(planOfToken(token, [scenario])).toMatchObject({ lane, plan });
        return JSON.stringify(plan) !== JSON.stringify(drawPlan(scenario, seed, ""));
      });
      expect(changed.length).toBeGreaterThan(0);
    }
  });
});

describe("where processes of stores cannot be had", () => {
  const storeProcesses = "they are not the harness's";
  const capabilities = {
    proxies: true,
    processes: true,
    "postgres-superuser": true,
    "postgres-sessions": true,
    "postgres-slots": true,
    "kafka-admin": true,
    libfaketime: true,
  } as const;
  const refuse = (
    from: Scenario,
    can: typeof capabilities & { storeProcesses?: string; replication?: string },
  ) => {
    const faults = from.faults.map(({ fault }) => fault);
    refuseImpossibleFaults(faults, { lane: "real", capabilities: can }, faultsAtPlaces([from]));
  };

  test("a scenario that crashes stores is refused with the reason and the option, and runs without that", () => {
    expect(faultsAtPlaces([scenario]).stores).toEqual(new Set(["process-crash", "process-pause"]));
    expect(() => refuse(scenario, capabilities)).not.toThrow();
    expect(() => refuse(scenario, { ...capabilities, storeProcesses })).toThrow(
      expect.objectContaining({
        code: "impossible-fault",
        message: expect.stringContaining(`"process-crash@stores": ${storeProcesses}`),
        hint: expect.stringContaining("--without-fault process-crash@stores,process-pause@stores"),
      }),
    );
    const less = withoutFaults(scenario, ["process-crash@stores", "process-pause@stores"]);
    expect(() => refuse(less, { ...capabilities, storeProcesses })).not.toThrow();
  });

  test("and neither can the way to a replica, what hits that is refused, and can be left out", () => {
    const [replicas] = scenarios.filter(({ name }) => name === "replicas-keep-session-order");
    if (replicas === undefined) throw new Error("the scenario is there");
    const replication = "it follows past the proxies";
    const at = faultsAtPlaces([replicas]).replication;
    expect(at.has("link-partition")).toBe(true);
    expect(faultsAtPlaces([scenario]).replication).toEqual(new Set());
    expect(() => refuse(replicas, capabilities)).not.toThrow();
    const names = [...at].map((name) => `${name}@replication`);
    expect(() => refuse(replicas, { ...capabilities, replication })).toThrow(
      expect.objectContaining({
        code: "impossible-fault",
        message: expect.stringContaining(`"link-partition@replication": ${replication}`),
        hint: expect.stringContaining("link-partition@replication"),
      }),
    );
    const less = withoutFaults(replicas, names);
    expect(() => refuse(less, { ...capabilities, replication })).not.toThrow();
    const partitions = SEEDS.flatMap((seed) => drawPlan(less, seed, "").faults)
      .filter(({ fault }) => fault === "link-partition")
      .map(({ params }) => JSON.stringify(params));
    expect(partitions.length).toBeGreaterThan(0);
    expect(partitions.filter((params) => /user-db".*user-db-replica"/.test(params))).toEqual([]);
  });

  test("every fault that stops a process names it", () => {
    const stoppers = ["graceful-stop", "process-crash", "process-pause", "rolling-restart"];
    const naming = knownFaults.filter(({ processes }) => processes !== undefined).map(({ name }) => name);
    expect(naming).toEqual(stoppers);
    const params = (name: string): Json =>
      name === "rolling-restart" ? { processes: ["a"] } : { process: "a" };
    for (const fault of knownFaults.filter(({ processes }) => processes !== undefined)) {
      expect(fault.processes?.(fault.parse(params(fault.name)))).toEqual(["a"]);
    }
  });
});
