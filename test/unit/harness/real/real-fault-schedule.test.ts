import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Json } from "../../../../checkers/history/operation.ts";
import type { Fault } from "../../../../harness/faults/fault.ts";
import type { RealFaultPort } from "../../../../harness/faults/real-fault-port.ts";
import { FaultJournal } from "../../../../harness/real/network/fault-journal.ts";
import { RealFaultSchedule } from "../../../../harness/real/run/real-fault-schedule.ts";
import { Recorder } from "../../../../harness/record/recorder.ts";
import type { PlannedFault } from "../../../../harness/run/plan.ts";

const absent = (): never => {
  throw new Error("This test has faults of its own.");
};

/** What the faults of a test did, and what is set from outside: time only passes when `pass` says so. */
class Stage {
  readonly log: string[] = [];
  readonly up = new Set<string>();
  bites = 0;
  nowMs = 0;
  readonly #folder: string;
  readonly #recorder = new Recorder(1, () => this.nowMs * 1e6);
  #sleepers: { readonly untilMs: number; readonly wake: () => void }[] = [];

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Lets time pass, and everything happen that is due by then. */
  async pass(ms: number): Promise<void> {
    const endMs = this.nowMs + ms;
    for (;;) {
      await new Promise(setImmediate);
      const next = this.#sleepers.toSorted((a, b) => a.untilMs - b.untilMs)[0];
      if (next === undefined || next.untilMs > endMs) break;
      this.nowMs = Math.max(this.nowMs, next.untilMs);
      this.#sleepers = this.#sleepers.filter((sleeper) => sleeper !== next);
      next.wake();
    }
    this.nowMs = endMs;
  }

  get history(): string[] {
    return this.#recorder.events.flatMap((event) =>
      event.type === "fault" ? [`${event.time / 1e6} ${event.event} ${event.id} ${event.bites ?? ""}`] : [],
    );
  }

  get journal(): string[] {
    const lines = readFileSync(join(this.#folder, "faults.ndjson"), "utf8").trimEnd().split("\n");
    return lines.map((line) => (JSON.parse(line) as { event: string }).event);
  }

  schedule(...faults: readonly (Partial<PlannedFault> & { readonly fault: string })[]): RealFaultSchedule {
    const planned = faults.map((fault) => ({
      params: null,
      afterInvocations: 1,
      delayUs: 0,
      forMs: 0,
      ...fault,
    }));
    return new RealFaultSchedule(planned, this.#known(), {
      port: this.#port(),
      recorder: this.#recorder,
      journal: new FaultJournal(join(this.#folder, "faults.ndjson"), () => this.nowMs),
      clock: {
        monotonicNs: () => this.nowMs * 1e6,
        sleep: (ms) =>
          new Promise((wake) => {
            this.#sleepers.push({ untilMs: this.nowMs + ms, wake });
          }),
      },
    });
  }

  #port(): RealFaultPort {
    return {
      nodes: (name) => [name],
      edges: () => [],
      process: (name) => ({
        isUp: () => this.up.has(name),
        kill: absent,
        pause: absent,
        resume: absent,
        stopGracefully: absent,
        start: absent,
      }),
      postgres: absent,
      kafka: absent,
      clockFile: () => null,
      journal: () => () => {},
      sleep: absent,
    };
  }

  #known(): Fault<Json>[] {
    const heals = async (name: string) => {
      this.log.push(`heal ${name}`);
      if (name === "cannot-heal") throw new Error("no heal");
    };
    const fault = (name: string, changes: Partial<Fault<Json>> = {}): Fault<Json> => ({
      ...{ name, does: "", heals: "", bite: "", needs: [] },
      parse: (params) => params as Json,
      target: () => "the db",
      inject: absent,
      real: async () => {
        this.log.push(`inject ${name}`);
        return { bites: async () => this.bites, heal: () => heals(name) };
      },
      ...changes,
    });
    return [
      fault("plain"),
      fault("other"),
      fault("cannot-heal"),
      fault("needs-db", { ready: (port) => port.isUp("db") }),
      fault("cannot-be", { real: () => Promise.reject(new Error("no inject")) }),
    ];
  }
}

let folder = "";
let stage: Stage;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "faultline-schedule-"));
  stage = new Stage(folder);
});
afterEach(() => rmSync(folder, { recursive: true }));

test("a fault comes with its operation and after its delay, and is healed when its time is over", async () => {
  stage.bites = 3;
  const schedule = stage.schedule({ fault: "plain", afterInvocations: 2, delayUs: 40_000, forMs: 200 });
  schedule.invoked();
  await stage.pass(1000);
  expect([stage.log, schedule.injected, schedule.waiting]).toEqual([[], 0, true]);
  schedule.invoked();
  await stage.pass(39);
  expect(stage.log).toEqual([]);
  await stage.pass(1);
  expect([stage.log, schedule.injected, schedule.waiting]).toEqual([["inject plain"], 1, false]);
  await stage.pass(199);
  expect(stage.log).toEqual(["inject plain"]);
  await stage.pass(40);
  expect(stage.log).toEqual(["inject plain", "heal plain"]);
  expect(stage.history).toEqual(["1040 inject 0 ", "1240 heal 0 3"]);
  expect(stage.journal).toEqual(["begin", "inject", "heal"]);
  await schedule.healAll();
  expect(stage.log).toHaveLength(2);
});

test("a fault that has touched nothing stays on after its time, until it bites", async () => {
  const schedule = stage.schedule({ fault: "plain", forMs: 50 });
  schedule.invoked();
  await stage.pass(5000);
  expect([stage.log, schedule.waiting]).toEqual([["inject plain"], true]);
  stage.bites = 1;
  await stage.pass(40);
  expect([stage.log, schedule.waiting]).toEqual([["inject plain", "heal plain"], false]);
});

test("an injection waits until the fault is ready", async () => {
  stage.bites = 1;
  const schedule = stage.schedule({ fault: "needs-db" });
  schedule.invoked();
  await stage.pass(500);
  expect(stage.log).toEqual([]);
  stage.up.add("db");
  await stage.pass(40);
  expect(stage.log).toEqual(["inject needs-db", "heal needs-db"]);
});

test("in the end everything that is on is healed, and what has not begun never does", async () => {
  const schedule = stage.schedule(
    { fault: "plain", forMs: 60_000 },
    { fault: "needs-db" },
    { fault: "other", delayUs: 2_000_000 },
    { fault: "other", afterInvocations: 9 },
  );
  schedule.invoked();
  await stage.pass(100);
  const healed = schedule.healAll();
  await stage.pass(5000);
  await healed;
  expect(stage.log).toEqual(["inject plain", "heal plain"]);
  expect(stage.history.at(-1)).toMatch(/heal 0 0$/);
  expect(schedule.injected).toBe(1);
});

test("an injection that fails is a failure of the harness, and keeps no other fault from being healed", async () => {
  const schedule = stage.schedule({ fault: "cannot-be" }, { fault: "plain", forMs: 60_000 });
  schedule.invoked();
  await stage.pass(100);
  const outcome = schedule.healAll().then(
    () => "healed",
    (error: unknown) => String(error),
  );
  await stage.pass(100);
  expect(await outcome).toBe("Error: no inject");
  expect(stage.log).toEqual(["inject plain", "heal plain"]);
});

test("a heal that fails is a failure of the harness, and keeps no other fault from being healed", async () => {
  const schedule = stage.schedule({ fault: "cannot-heal", forMs: 60_000 }, { fault: "plain", forMs: 60_000 });
  schedule.invoked();
  await stage.pass(100);
  const outcome = schedule.healAll().catch((error: unknown) => String(error));
  await stage.pass(100);
  expect(await outcome).toBe("Error: no heal");
  expect(stage.log.slice(2).toSorted()).toEqual(["heal cannot-heal", "heal plain"]);
});

test("a fault that nobody knows is refused before anything happens", () => {
  expect(() => stage.schedule({ fault: "earthquake" })).toThrow(
    expect.objectContaining({ code: "bad-plan", message: expect.stringContaining("earthquake") }),
  );
});
