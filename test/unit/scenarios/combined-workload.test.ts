import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Json } from "../../../checkers/history/operation.ts";
import type { Client, Workload } from "../../../harness/run/scenario.ts";
import { combinedWorkload, workloadPart } from "../../../scenarios/combined-workload.ts";

const bounds = { clients: { min: 1, max: 2 }, operationsPerClient: { min: 1, max: 3 }, thinkMsMax: 5 };
const client = {} as Client;

function partOf(name: string, isQuiet: () => boolean): Workload<Json> {
  return {
    ...bounds,
    call: fc.constant(name),
    preparation: [`prepare ${name}`],
    idle: (number, round) => `idle ${name} ${number} ${round}`,
    finalReads: (plan) => plan.clients.flat().map(({ call }) => `read ${String(call)}`),
    isQuiet: async () => isQuiet(),
    invocation: (call) => ({ f: String(call), node: `${name}-service` }),
    perform: async ({ f }) => ({ type: "ok", value: `${name} did ${f}` }),
  };
}

function combined(quiet: { a: boolean; b: boolean } = { a: true, b: true }) {
  return combinedWorkload(
    {
      a: workloadPart(
        partOf("a", () => quiet.a),
        1,
        ["a-service"],
      ),
      b: workloadPart(
        partOf("b", () => quiet.b),
        3,
        ["b-service", "b-other"],
      ),
    },
    bounds,
  );
}

describe("combined workloads", () => {
  test("draw the calls of all parts, by their weights", () => {
    const drawn = fc.sample(combined().call, { numRuns: 400, seed: 1 });
    const ofB = drawn.filter(({ part }) => part === "b");
    expect(ofB.every(({ call }) => call === "b")).toBe(true);
    expect(ofB.length).toBeGreaterThan(250);
    expect(ofB.length).toBeLessThan(350);
  });

  test("prepare all parts in their order, and let idle clients go round", () => {
    const workload = combined();
    expect(workload.preparation).toEqual([
      { part: "a", call: "prepare a" },
      { part: "b", call: "prepare b" },
    ]);
    expect([0, 1, 2, 3].map((round) => workload.idle(0, round).call)).toEqual([
      "idle a 0 0",
      "idle b 0 0",
      "idle a 0 1",
      "idle b 0 1",
    ]);
    expect(workload.idle(1, 0).part).toBe("b");
  });

  test("hand each call to its part, told by the service that it goes to", async () => {
    const workload = combined();
    const asked = workload.invocation({ part: "b", call: "x" }, new Map());
    expect(asked).toEqual({ f: "x", node: "b-service" });
    expect(await workload.perform(asked, client)).toEqual({ type: "ok", value: "b did x" });
    expect(await workload.perform({ f: "y", node: "a-service" }, client)).toMatchObject({
      value: "a did y",
    });
    await expect(async () => workload.perform({ f: "y", node: "nobody" }, client)).rejects.toThrow(
      RangeError,
    );
  });

  test("read in the end what each part's own operations need", () => {
    const operation = (part: string, call: string) => ({ call: { part, call }, thinkMs: 0, salt: 0 });
    const plan = {
      clients: [[operation("a", "1"), operation("b", "2")], [operation("a", "3")]],
      faults: [],
      schedule: { seed: 1, latencyMaxUs: 1 },
    };
    expect(combined().finalReads(plan)).toEqual([
      { part: "a", call: "read 1" },
      { part: "a", call: "read 3" },
      { part: "b", call: "read 2" },
    ]);
  });

  test("are quiet once all parts are", async () => {
    const quiet = async (a: boolean, b: boolean) => await combined({ a, b }).isQuiet?.(client);
    expect([await quiet(true, true), await quiet(false, true), await quiet(true, false)]).toEqual([
      true,
      false,
      false,
    ]);
  });

  test("refuse two parts that call one service", () => {
    const one = workloadPart(
      partOf("a", () => true),
      1,
      ["shared"],
    );
    expect(() => combinedWorkload({ one, other: one }, bounds)).toThrow(RangeError);
  });
});
