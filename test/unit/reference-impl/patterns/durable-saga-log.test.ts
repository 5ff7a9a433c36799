import { describe, expect, test } from "vitest";
import type { SystemDefinition } from "../../../../harness/run/system.ts";
import { durableSagaLog } from "../../../../reference-impl/patterns/durable-saga-log.ts";
import {
  createSagaTables,
  type SagaEntry,
  type SagaLog,
  SagaLost,
  type SagaTables,
} from "../../../../reference-impl/patterns/saga-log.ts";
import { poolLimits } from "../../../../reference-impl/service-needs.ts";
import { type SimulatedSystem, simulate } from "../simulated-system.ts";

/** Two processes, A and B, that drive sagas of one log. */
function withLogs<Result>(
  work: (a: SagaLog, b: SagaLog, system: SimulatedSystem) => Promise<Result>,
): Promise<Result> {
  const logs = new Map<string, SagaLog>();
  const service = (name: string): SystemDefinition["services"][number] => ({
    name,
    stores: ["log-db"],
    start: ({ clock, random, newId, postgres }) => {
      const database = postgres<SagaTables>("log-db", poolLimits);
      logs.set(name, durableSagaLog({ clock, random, newId, database, owner: name }));
      return { fetch: () => new Response() };
    },
  });
  const system: SystemDefinition = {
    stores: [{ name: "log-db", kind: "postgres", migrate: createSagaTables }],
    services: [service("a"), service("b")],
  };
  return simulate(system, (running) => {
    const [a, b] = [logs.get("a"), logs.get("b")];
    if (a === undefined || b === undefined) throw new Error("not started");
    return work(a, b, running);
  });
}

const doing: SagaEntry = { step: "payment", event: "doing" };
const done: SagaEntry = { step: "payment", event: "done" };

describe("the durable saga log", () => {
  test("begins a saga once, and shows how it stands", async () => {
    await withLogs(async (log) => {
      expect(await log.find("1")).toBeNull();
      expect(await log.begin("1", "first")).toMatchObject({ input: "first", state: "running" });
      expect(await log.begin("1", "second")).toMatchObject({ input: "first" });
      expect(await log.pending()).toBe(1);
      await (await log.claim("1"))?.end("aborted");
      expect(await log.find("1")).toMatchObject({ state: "aborted" });
      expect([await log.pending(), await log.claimable(), await log.claim("1")]).toEqual([0, [], null]);
    });
  });

  test("hands the log to the next life of its owner, in order", async () => {
    await withLogs(async (log) => {
      await log.begin("1", "input");
      const drive = await log.claim("1");
      await drive?.append([doing]);
      await drive?.append([done, { step: "ship", event: "doing" }]);
      expect(await log.claimable()).toEqual(["1"]);
      const entries = [doing, done, { step: "ship", event: "doing" }];
      expect((await log.claim("1"))?.saga).toEqual({ id: "1", input: "input", entries });
    });
  });

  test("keeps a saga from others until its driver has been silent for long", async () => {
    await withLogs(async (a, b, { simulation }) => {
      await a.begin("1", "input");
      const drive = await a.claim("1");
      expect([await b.claimable(), await b.claim("1")]).toEqual([[], null]);
      await simulation.scheduler.sleep(4e9);
      await drive?.keep();
      await simulation.scheduler.sleep(4e9);
      expect(await b.claim("1")).toBeNull();
      await simulation.scheduler.sleep(2e9);
      expect(await b.claimable()).toEqual(["1"]);
      expect((await b.claim("1"))?.saga.id).toBe("1");
      await expect(drive?.keep()).rejects.toBeInstanceOf(SagaLost);
    });
  });

  test("is not blocked by a lease that a clock gone wrong wrote", async () => {
    await withLogs(async (a, b, { simulation }) => {
      simulation.port.setClockOffset("a", 3_600_000);
      await a.begin("1", "input");
      expect(await b.claimable()).toEqual(["1"]);
      expect((await b.claim("1"))?.saga.id).toBe("1");
      simulation.port.setClockOffset("a", 0);
      expect(await a.claim("1")).toBeNull();
    });
  });

  test("begins a saga once whose begin got no answer, and ends one once", async () => {
    await withLogs(async (log, _other, { simulation }) => {
      let lost = 0;
      const heal = simulation.port.intercept("log-db", "a", () => (lost++ === 0 ? "reset" : null));
      expect((await log.begin("1", "input")).state).toBe("running");
      heal();
      expect(await log.pending()).toBe(1);
      const [late, next] = [await log.claim("1"), await log.claim("1")];
      await next?.end("completed");
      await late?.end("aborted");
      expect((await log.find("1"))?.state).toBe("completed");
    });
  });

  test("lets only one of two drives write the next line", async () => {
    await withLogs(async (log) => {
      await log.begin("1", "input");
      const [paused, next] = [await log.claim("1"), await log.claim("1")];
      await next?.append([doing]);
      await expect(paused?.append([doing])).rejects.toBeInstanceOf(SagaLost);
      await next?.append([done]);
      expect((await log.claim("1"))?.saga.entries).toEqual([doing, done]);
    });
  });

  test("knows its own line again when the answer to the INSERT was lost", async () => {
    await withLogs(async (log, _other, { simulation }) => {
      await log.begin("1", "input");
      const drive = await log.claim("1");
      let lost = 0;
      const heal = simulation.port.intercept("log-db", "a", () => (lost++ === 0 ? "reset" : null));
      await drive?.append([doing]);
      heal();
      expect(lost).toBeGreaterThan(1);
      expect((await log.claim("1"))?.saga.entries).toEqual([doing]);
    });
  });
});
