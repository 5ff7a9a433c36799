import { describe, expect, test } from "vitest";
import { durableSagaLog } from "../../../../reference-impl/patterns/durable-saga-log.ts";
import type { CallOutcome } from "../../../../reference-impl/patterns/outgoing-call.ts";
import {
  createSagaTables,
  type SagaLog,
  type SagaTables,
} from "../../../../reference-impl/patterns/saga-log.ts";
import {
  hardenedOrchestratorMechanisms,
  SagaOrchestrator,
} from "../../../../reference-impl/patterns/saga-orchestrator.ts";
import { StoreFailure } from "../../../../reference-impl/patterns/store-failure.ts";
import { databaseNodes, withDatabase } from "../../../support/reference-impl/simulated-database.ts";
import {
  notingObserver,
  orderSteps,
  outcomes,
  SagaParticipants,
} from "../../../support/reference-impl/simulated-saga-participants.ts";

const { done, unknown } = outcomes;
const input = { order: "o" };
const allDone = ["/do/reserve", "/do/pay", "/do/ship"];

interface Bench {
  readonly participants: SagaParticipants;
  readonly observer: ReturnType<typeof notingObserver>;
  /** A new life of a process. */
  life(owner: string): SagaOrchestrator<typeof input>;
  readonly log: SagaLog;
  readonly store: { crash(): void; restart(): void };
  sleep(ms: number): Promise<void>;
}

/** Orchestrators of one log. */
function onBench(test: (bench: Bench) => Promise<void>): Promise<void> {
  return withDatabase<SagaTables, void>(createSagaTables, async ({ database, context, simulation }) => {
    const { clock, random, newId } = context;
    const participants = new SagaParticipants();
    const observer = notingObserver();
    const logOf = (owner: string) => durableSagaLog({ clock, random, newId, database, owner });
    await test({
      participants,
      observer,
      life: (owner) => {
        const { send } = participants;
        const needs = { clock, random, log: logOf(owner), steps: orderSteps, send, observer };
        return new SagaOrchestrator(needs, hardenedOrchestratorMechanisms());
      },
      log: logOf("nobody"),
      store: {
        crash: () => void simulation.port.crash(databaseNodes.store),
        restart: () => void simulation.port.restart(databaseNodes.store),
      },
      sleep: (ms) => clock.sleep(ms),
    });
  });
}

/** An answer that comes when the test says so. */
function held(): { readonly answer: Promise<CallOutcome>; give(outcome: CallOutcome): void } {
  const { promise, resolve } = Promise.withResolvers<CallOutcome>();
  return { answer: promise, give: resolve };
}

describe("an orchestrator", () => {
  test("answers a begin at once and brings the saga to its end, whoever asks how often", () =>
    onBench(async ({ participants, life, log, observer, sleep }) => {
      const orchestrator = life("a");
      const begun = await Promise.all([orchestrator.begin("1", input), orchestrator.begin("1", input)]);
      expect(begun.map(({ state }) => state)).toEqual(["running", "running"]);
      await sleep(1000);
      expect(participants.paths).toEqual(allDone);
      const again = await orchestrator.begin("1", { order: "another" });
      expect(again).toEqual({ input: JSON.stringify(input), state: "completed" });
      await sleep(1000);
      expect(participants.paths).toEqual(allDone);
      expect(await log.pending()).toBe(0);
      expect(observer.notes.at(-1)).toBe("1 completed");
    }));

  test("drives sagas side by side, each under keys of its own", () =>
    onBench(async ({ participants, life, log, sleep }) => {
      const first = held();
      participants.answer = (path, nth) => (path === "/do/reserve" && nth === 1 ? first.answer : done);
      const orchestrator = life("a");
      await orchestrator.begin("1", input);
      await sleep(50);
      await orchestrator.begin("2", input);
      await sleep(1000);
      expect([(await log.find("1"))?.state, (await log.find("2"))?.state]).toEqual(["running", "completed"]);
      first.give(done);
      await sleep(1000);
      expect((await log.find("1"))?.state).toBe("completed");
      expect(new Set(participants.sent.map(({ key }) => key)).size).toBe(6);
    }));

  test("goes on after a crash with what its earlier life had begun, unasked", () =>
    onBench(async ({ participants, life, log, sleep }) => {
      participants.answer = (path) => (path === "/do/pay" ? new Promise<CallOutcome>(() => {}) : done);
      await log.begin("other", JSON.stringify(input));
      await life("a").begin("1", input);
      await sleep(500);
      participants.answer = () => done;
      const next = life("a");
      next.run();
      await sleep(1000);
      expect((await log.find("1"))?.state).toBe("completed");
      expect(participants.paths).toEqual(["/do/reserve", "/do/pay", "/do/pay", "/do/ship"]);
      const pays = participants.sent.filter(({ path }) => path === "/do/pay");
      expect(pays[0]?.key).toBe(pays[1]?.key);
      // What another process has begun a moment ago is left to that one.
      expect((await log.find("other"))?.state).toBe("running");
    }));

  test("takes over what another process left behind, once that has been silent for its lease", () =>
    onBench(async ({ participants, life, log, sleep }) => {
      await log.begin("1", JSON.stringify(input));
      const orchestrator = life("a");
      orchestrator.run();
      await sleep(4500);
      expect(participants.paths).toEqual([]);
      await sleep(1500);
      expect(participants.paths).toEqual(allDone);
      expect((await log.find("1"))?.state).toBe("completed");
    }));

  test("does not drive a saga twice at a time, however often it looks", () =>
    onBench(async ({ participants, life, log, sleep }) => {
      const slow = held();
      participants.answer = (path) => (path === "/do/pay" ? slow.answer : done);
      const orchestrator = life("a");
      orchestrator.run();
      await orchestrator.begin("1", input);
      await sleep(3000);
      expect(participants.paths).toEqual(["/do/reserve", "/do/pay"]);
      slow.give(done);
      await sleep(200);
      expect((await log.find("1"))?.state).toBe("completed");
    }));

  test("of two that drive the same saga, as after a pause, one brings it to its end and the other stops", () =>
    onBench(async ({ participants, life, log, sleep }) => {
      const answers = [held(), held()];
      participants.answer = (path, nth) =>
        path === "/do/reserve" ? (answers[nth - 1]?.answer ?? done) : done;
      await life("a").begin("1", input);
      await sleep(6000);
      const other = life("b");
      other.run();
      await sleep(100);
      for (const { give } of answers) give(done);
      await sleep(1000);
      expect(participants.paths.filter((path) => path === "/do/pay")).toHaveLength(1);
      expect((await log.find("1"))?.state).toBe("completed");
    }));
});

describe("while its store is away, an orchestrator", () => {
  test("does not promise a saga that it could not note", () =>
    onBench(async ({ participants, life, log, store, sleep }) => {
      const orchestrator = life("a");
      store.crash();
      await expect(orchestrator.begin("1", input)).rejects.toBeInstanceOf(StoreFailure);
      store.restart();
      await sleep(1000);
      expect(participants.paths).toEqual([]);
      expect(await log.find("1")).toBeNull();
    }));

  test("sends nothing whose intention is not noted, and goes on when the store is back", () =>
    onBench(async ({ participants, life, log, store, sleep }) => {
      const orchestrator = life("a");
      orchestrator.run();
      participants.answer = () => {
        store.crash();
        return done;
      };
      await orchestrator.begin("1", input);
      await sleep(5000);
      expect(participants.paths).toEqual(["/do/reserve"]);
      participants.answer = () => done;
      store.restart();
      await sleep(2000);
      // What came of the first command was never noted: it is sent again, under the same key.
      expect(participants.paths).toEqual(["/do/reserve", ...allDone]);
      expect(participants.sent[0]?.key).toBe(participants.sent[1]?.key);
      expect((await log.find("1"))?.state).toBe("completed");
    }));
});

describe("an orchestrator that stops", () => {
  test("waits until what it sent is noted, and leaves the rest to the next life", () =>
    onBench(async ({ participants, life, log, sleep }) => {
      const slow = held();
      participants.answer = (path) => (path === "/do/reserve" ? slow.answer : done);
      const orchestrator = life("a");
      orchestrator.run();
      await orchestrator.begin("1", input);
      await sleep(100);
      let stopped = false;
      const stopping = orchestrator.stop().then(() => {
        stopped = true;
      });
      await sleep(1000);
      expect(stopped).toBe(false);
      slow.give(done);
      await stopping;
      await sleep(6000);
      const drive = await log.claim("1");
      expect(drive?.saga.entries.slice(0, 2)).toEqual([
        { step: "reserve", event: "doing" },
        { step: "reserve", event: "done" },
      ]);
      await sleep(2000);
      expect(participants.paths).toEqual(["/do/reserve"]);
    }));

  test("does not wait for a participant that does not answer for good, nor begin anything", () =>
    onBench(async ({ participants, life, log, sleep }) => {
      participants.answer = () => unknown;
      const orchestrator = life("a");
      await orchestrator.begin("1", input);
      await orchestrator.stop();
      const { length } = participants.sent;
      expect((await orchestrator.begin("2", input)).state).toBe("running");
      orchestrator.run();
      await sleep(2000);
      expect(participants.sent).toHaveLength(length);
      expect(await log.pending()).toBe(2);
    }));
});
