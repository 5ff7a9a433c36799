import { expect, test } from "vitest";
import type { FaultEvent } from "../../../checkers/history/operation.ts";
import { drawPlan } from "../../../harness/run/draw-plan.ts";
import { executePlan } from "../../../harness/run/execute-plan.ts";
import { planSize } from "../../../harness/run/plan.ts";
import { sameRun } from "../../../harness/run/replay.ts";
import type { Form } from "../../../harness/run/scenario.ts";
import type { SystemDefinition } from "../../../harness/run/system.ts";
import { registerScenario as scenario } from "../../support/register-scenario.ts";

const hardened = scenario.forms[0]!;
const defect = scenario.forms[1]!;

const run = (seed: number, form = hardened, drain: "tick" | "immediate" = "tick") =>
  executePlan({ scenario, form, seed, plan: drawPlan(scenario, seed, ""), drain });

test("the same seed gives the same bytes and the same events, however promises are drained", async () => {
  for (let seed = 0; seed < 60; seed++) {
    const first = await run(seed, defect);
    expect(sameRun(first, await run(seed, defect))).toBe(true);
    expect(sameRun(first, await run(seed, defect, "immediate"))).toBe(true);
  }
});

test("seeds differ, and all forms of a scenario are shown the same plan", async () => {
  const hashes = new Set<string>();
  for (let seed = 0; seed < 50; seed++) {
    hashes.add((await run(seed)).record.historyHash);
    const plan = drawPlan(scenario, seed, "");
    expect(plan.clients.length).toBeGreaterThanOrEqual(2);
    expect(planSize(plan).operations).toBeGreaterThanOrEqual(10);
  }
  expect(hashes.size).toBe(50);
});

test("the hardened form is valid and the defect is caught by what it declares", async () => {
  let caught = 0;
  let valid = 0;
  for (let seed = 0; seed < 150; seed++) {
    const { record } = await run(seed);
    expect(record.failure).toBeNull();
    // A run in which no update got through examines nothing, and says so.
    expect(record.verdict).not.toBe("invalid");
    if (record.verdict === "valid") valid++;
    if ((await run(seed, defect)).record.verdict === "invalid") caught++;
  }
  expect(valid).toBeGreaterThan(140);
  expect(caught).toBeGreaterThan(20);
});

test("a history tells phases in order, and faults from injection to heal with their bites", async () => {
  let faults = 0;
  for (let seed = 0; seed < 60; seed++) {
    const { events, record } = await run(seed);
    const phases = events.flatMap((event) => (event.type === "phase" ? [event.phase] : []));
    expect(phases).toEqual(["start", "load", "heal", "settle", "final-reads"]);
    expect(events.map(({ index }) => index)).toEqual(events.map((_, i) => i));
    const injected = events.filter((event): event is FaultEvent => event.type === "fault");
    const heals = injected.filter(({ event }) => event === "heal");
    expect(heals).toHaveLength(injected.length / 2);
    for (const heal of heals) expect(heal.bites).toBeGreaterThan(0);
    faults += heals.length;
    expect(record.faults).toBe(heals.length);
  }
  expect(faults).toBeGreaterThan(30);
});

test("a service that waits for ever is a failure of the run, not an anomaly", async () => {
  const stuck = {
    ...scenario,
    workload: { ...scenario.workload, preparation: [] },
    limits: { ...scenario.limits, loadMs: 10 },
  };
  const form = {
    ...hardened,
    system: () => ({
      stores: [],
      services: [{ name: "register", stores: [], start: () => new Promise<never>(() => {}) }],
    }),
  };
  const plan = drawPlan(stuck, 1, "");
  const { record } = await executePlan({ scenario: stuck, form, seed: 1, plan });
  expect(record).toMatchObject({ verdict: "unknown", failure: { code: "run-idle" } });
});

test("a rejection that nobody handles is a failure of the run", async () => {
  const form = {
    ...hardened,
    system: () => {
      const system = hardened.system();
      const start: (typeof system.services)[number]["start"] = (context) => {
        void Promise.reject(new Error("forgotten"));
        return system.services[0]!.start(context);
      };
      return { ...system, services: [{ ...system.services[0]!, start }] };
    },
  };
  const { record } = await executePlan({ scenario, form, seed: 1, plan: drawPlan(scenario, 1, "") });
  expect(record).toMatchObject({ verdict: "unknown", failure: { code: "unhandled-rejection" } });
});

test("a query that the model store does not know is a failure of the run", async () => {
  const form = {
    ...hardened,
    system: () => {
      const system = hardened.system();
      const start: (typeof system.services)[number]["start"] = async (context) => {
        const database = context.postgres<{ t: { a: number } }>("register-db");
        const query = database
          .with("x", (db) => db.selectFrom("t").select("a"))
          .selectFrom("x")
          .selectAll();
        await query.execute().catch(() => {});
        return await system.services[0]!.start(context);
      };
      const store = { name: "register-db", kind: "postgres" as const, migrate: async () => {} };
      return { stores: [store], services: [{ ...system.services[0]!, stores: ["register-db"], start }] };
    },
  };
  const { record } = await executePlan({ scenario, form, seed: 1, plan: drawPlan(scenario, 1, "") });
  expect(record).toMatchObject({ verdict: "unknown", failure: { code: "unsupported-query" } });
});

test("a fault that never bites makes the run unknown", async () => {
  const plan = {
    ...drawPlan(scenario, 1, ""),
    faults: [
      {
        fault: "message-loss",
        params: { from: "register", to: "client-0", kind: "request", count: 1 },
        afterInvocations: 1,
        delayUs: 0,
        forMs: 5,
      },
    ],
  };
  const { record } = await executePlan({ scenario, form: hardened, seed: 1, plan });
  expect(record.verdict).toBe("unknown");
  expect(record.checkers.find(({ checker }) => checker === "activity")?.reason).toContain("message-loss");
});

const touchedNothing =
  "the fault commit-answer-lost on 1 COMMIT of register → register-db touched nothing (2 times)";

test.each([
  [
    "without a transaction",
    false,
    `${touchedNothing}; commit-answer-lost: statements came without a transaction, so there was no COMMIT to lose: write in a transaction, or take this fault out of the scenario`,
  ],
  ["in transactions that are rolled back", true, touchedNothing],
])("why no COMMIT was lost is told where there was none: statements %s", async (_, begun, reason) => {
  const fault = {
    fault: "commit-answer-lost",
    params: { from: "register", to: "register-db", count: 1 },
    afterInvocations: 1,
    delayUs: 0,
    forMs: 5,
  };
  const plan = { ...drawPlan(scenario, 1, ""), faults: [fault, fault] };
  const { record } = await executePlan({ scenario, form: writing(begun), seed: 1, plan });
  const activity = record.checkers.find(({ checker }) => checker === "activity");
  expect(activity?.reason).toBe(reason);
});

test("a plan that names what is not there is refused", async () => {
  const plan = drawPlan(scenario, 1, "");
  const faults = [
    { fault: "process-crash", params: { process: "nobody" }, afterInvocations: 1, delayUs: 0, forMs: 5 },
  ];
  const refused = executePlan({ scenario, form: hardened, seed: 1, plan: { ...plan, faults } });
  await expect(refused).rejects.toMatchObject({ code: "bad-plan", kind: "usage" });
});

test("a system settles only when it has stayed quiet for a while", async () => {
  const settledMs = async (answers: readonly boolean[]) => {
    const left = [...answers];
    const quiet = { ...scenario.workload, isQuiet: async () => left.shift() ?? true };
    const limits = { ...scenario.limits, settleMs: 10_000 };
    const settling = { ...scenario, workload: quiet, limits };
    const plan = drawPlan(settling, 1, "");
    const { record, events } = await executePlan({ scenario: settling, form: hardened, seed: 1, plan });
    expect(record.failure).toBeNull();
    const begun = (name: string) =>
      events.find((event) => event.type === "phase" && event.phase === name)!.time;
    return (begun("final-reads") - begun("settle")) / 1e6;
  };
  const atOnce = await settledMs([]);
  expect(atOnce).toBeGreaterThanOrEqual(1000);
  expect(atOnce).toBeLessThan(3000);
  // Quiet, and then something came that had been held up: the wait begins anew.
  expect(await settledMs([true, false])).toBeGreaterThan(2 * atOnce - 100);
  expect(await settledMs(Array.from({ length: 1000 }, () => false))).toBeGreaterThanOrEqual(10_000);
});

/** The register, which also writes into a store at each request: outside a transaction, or in one that it rolls back. */
function writing(begun: boolean): Form {
  const system = (): SystemDefinition => {
    const [service] = hardened.system().services;
    if (service === undefined) throw new Error("the register is a service");
    return {
      stores: [
        {
          name: "register-db",
          kind: "postgres",
          migrate: async (database) => {
            await database.schema.createTable("t").addColumn("a", "integer").execute();
          },
        },
      ],
      services: [
        {
          ...service,
          stores: ["register-db"],
          start: async (context) => {
            const inner = await service.start(context);
            const database = context.postgres<{ t: { a: number } }>("register-db");
            const write = async (db: typeof database) => {
              await db.insertInto("t").values({ a: 1 }).execute();
              if (begun) throw new Error("rolled back");
            };
            return {
              fetch: async (request) => {
                await (begun ? database.transaction().execute(write) : write(database)).catch(() => {});
                return await inner.fetch(request);
              },
            };
          },
        },
      ],
    };
  };
  return { ...hardened, system };
}
