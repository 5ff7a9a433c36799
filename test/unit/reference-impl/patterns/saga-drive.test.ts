import { describe, expect, test } from "vitest";
import { durableSagaLog } from "../../../../reference-impl/patterns/durable-saga-log.ts";
import type { CallOutcome } from "../../../../reference-impl/patterns/outgoing-call.ts";
import { driveSaga } from "../../../../reference-impl/patterns/saga-drive.ts";
import {
  createSagaTables,
  type SagaEntry,
  SagaLost,
  type SagaTables,
} from "../../../../reference-impl/patterns/saga-log.ts";
import { hardenedOrchestratorMechanisms } from "../../../../reference-impl/patterns/saga-orchestrator.ts";
import { withDatabase } from "../../../support/reference-impl/simulated-database.ts";
import {
  notingObserver,
  orderSteps,
  outcomes,
  SagaParticipants,
} from "../../../support/reference-impl/simulated-saga-participants.ts";

const { done, refused, unknown, notSent } = outcomes;

/** One saga, 1, begun by the process A, whose lives and those of others are driven as a test has it. */
interface Bench {
  readonly participants: SagaParticipants;
  readonly observer: ReturnType<typeof notingObserver>;
  /** A life of a process takes the saga and drives it. */
  life(owner: string, isStopping?: () => boolean): Promise<void>;
  /** Writes what an earlier life of A had noted. */
  noted(...lines: readonly string[]): Promise<void>;
  /** The log: `reserve doing`. */
  log(): Promise<string[]>;
  state(): Promise<string | undefined>;
  sleep(ms: number): Promise<void>;
}

function onBench<Result>(test: (bench: Bench) => Promise<Result>): Promise<Result> {
  return withDatabase<SagaTables, Result>(createSagaTables, async ({ database, context }) => {
    const { clock, random, newId } = context;
    const participants = new SagaParticipants();
    const observer = notingObserver();
    const logOf = (owner: string) => durableSagaLog({ clock, random, newId, database, owner });
    await logOf("a").begin("1", '{"order":"o"}');
    const claim = async (owner: string) => {
      const drive = await logOf(owner).claim("1");
      if (drive === null) throw new Error(`${owner} may not drive the saga`);
      return drive;
    };
    const { send } = participants;
    return await test({
      participants,
      observer,
      life: async (owner, isStopping = () => false) => {
        const needs = { clock, random, send, observer, isStopping };
        await driveSaga(await claim(owner), orderSteps, hardenedOrchestratorMechanisms(), needs);
      },
      noted: async (...lines) => {
        const entries = lines.map((line) => line.split(" "));
        await (await claim("a")).append(entries.map(([step, event]) => ({ step, event }) as SagaEntry));
      },
      log: async () => {
        const rows = database.selectFrom("saga_log").select(["step", "event"]).orderBy("position");
        return (await rows.execute()).map(({ step, event }) => `${step} ${event}`);
      },
      state: async () => (await logOf("a").find("1"))?.state,
      sleep: (ms) => clock.sleep(ms),
    });
  });
}

/** A step whose answer comes when the test says so. */
function held(): { readonly answer: Promise<CallOutcome>; give(outcome: CallOutcome): void } {
  const { promise, resolve } = Promise.withResolvers<CallOutcome>();
  return { answer: promise, give: resolve };
}

describe("driving a saga", () => {
  test("does each step once, and the log has the intention before the command is sent", () =>
    onBench(async ({ participants, life, log, state, observer }) => {
      const atSend: string[] = [];
      participants.answer = async () => {
        atSend.push((await log()).at(-1) ?? "nothing");
        return done;
      };
      await life("a");
      expect(atSend).toEqual(["reserve doing", "pay doing", "ship doing"]);
      expect(participants.paths).toEqual(["/do/reserve", "/do/pay", "/do/ship"]);
      expect(participants.sent[1]?.body).toEqual({ order: "o" });
      expect((await log()).at(-1)).toBe("ship done");
      expect(await state()).toBe("completed");
      expect(observer.notes.at(-1)).toBe("1 completed");
    }));

  test("asks again under the same key when an answer is lost, and no step shares a key with another", () =>
    onBench(async ({ participants, life, state, observer }) => {
      participants.answer = (path, nth) => (path === "/do/pay" && nth < 3 ? unknown : done);
      await life("a");
      const keys = (path: string) => participants.sent.filter((sent) => sent.path === path).map(keyOf);
      expect(keys("/do/pay")).toHaveLength(3);
      expect(new Set(keys("/do/pay")).size).toBe(1);
      expect(new Set(participants.sent.map(keyOf)).size).toBe(3);
      expect(await state()).toBe("completed");
      const attempt = ["do pay", "unknown"];
      expect(observer.notes.slice(3, 10)).toEqual([...attempt, ...attempt, "do pay", "done", "end"]);
    }));

  test("takes back, last first, what may have happened, by the key under which it was sent", () =>
    onBench(async ({ participants, life, log, state }) => {
      participants.answer = (path) => (path === "/do/pay" ? unknown : done);
      await life("a");
      const undos = participants.sent.slice(-2);
      expect(undos.map(({ path }) => path)).toEqual(["/undo/pay", "/undo/reserve"]);
      for (const { path, body } of undos) {
        const undone = participants.sent.find((sent) => sent.path === path.replace("undo", "do"));
        expect(body).toEqual({ undoes: undone?.key });
      }
      const doKeys = participants.sent.filter(({ path }) => path.startsWith("/do/")).map(keyOf);
      for (const { key } of undos) expect(doKeys).not.toContain(key);
      expect((await log()).slice(-5)).toEqual([
        "pay unknown",
        "pay undoing",
        "pay undone",
        "reserve undoing",
        "reserve undone",
      ]);
      expect(await state()).toBe("aborted");
    }));

  test("takes back nothing that certainly did not happen", () =>
    onBench(async ({ participants, life, log, state }) => {
      participants.answer = (path) => (path === "/do/pay" ? notSent : done);
      await life("a");
      expect(participants.paths.slice(-2)).toEqual(["/do/pay", "/undo/reserve"]);
      expect(await log()).toContain("pay not-sent");
      expect(await state()).toBe("aborted");
    }));

  test("asks three times for a step that can be taken back, and without end for what must be done", () =>
    onBench(async ({ participants, life, state }) => {
      participants.answer = (path, nth) => (path === "/do/ship" && nth < 12 ? unknown : done);
      await life("a");
      expect(participants.paths.filter((path) => path === "/do/ship")).toHaveLength(12);
      expect(await state()).toBe("completed");
    }));

  test("repeats an undo until it is done, refusals included", () =>
    onBench(async ({ participants, life, state }) => {
      const ends = [unknown, refused, notSent, refused];
      participants.answer = (path, nth) => {
        if (path === "/undo/reserve") return ends[nth - 1] ?? done;
        return path === "/do/pay" ? refused : done;
      };
      await life("a");
      expect(participants.paths.filter((path) => path === "/undo/reserve")).toHaveLength(5);
      expect(participants.paths).not.toContain("/undo/pay");
      expect(new Set(participants.sent.slice(-5).map(keyOf)).size).toBe(1);
      expect(await state()).toBe("aborted");
    }));
});

describe("after a crash", () => {
  test.each([
    ["before the command", ["reserve doing"], "completed"],
    ["between two steps", ["reserve doing", "reserve done", "pay doing"], "completed"],
    [
      "while taking back",
      ["reserve doing", "reserve done", "pay doing", "pay refused", "reserve undoing"],
      "aborted",
    ],
    [
      "before the end was noted",
      ["reserve doing", "reserve done", "pay doing", "pay done", "ship doing", "ship done"],
      "completed",
    ],
  ])("%s the next life goes on, and notes nothing twice", (_when, lines, end) =>
    onBench(async ({ participants, noted, life, log, state }) => {
      await noted(...lines);
      await life("a");
      expect(await state()).toBe(end);
      const whole = await log();
      expect(new Set(whole).size).toBe(whole.length);
      expect(whole.slice(0, lines.length)).toEqual(lines);
      const settled = lines
        .filter((line) => line.endsWith(" done"))
        .map((line) => `/do/${line.split(" ")[0]}`);
      expect(participants.paths.filter((path) => settled.includes(path))).toEqual([]);
    }),
  );

  test("the next life sends under the key of the one before", () =>
    onBench(async ({ participants, life, sleep }) => {
      const never = held();
      participants.answer = () => never.answer;
      const first = life("a");
      await sleep(500);
      expect(participants.sent).toHaveLength(1);
      participants.answer = () => done;
      await life("a");
      expect(participants.paths.slice(0, 2)).toEqual(["/do/reserve", "/do/reserve"]);
      expect(participants.sent[0]?.key).toBe(participants.sent[1]?.key);
      // The first life was only paused: it hears that it is not its saga any more, and does nothing.
      const sent = participants.sent.length;
      never.give(refused);
      await expect(first).rejects.toBeInstanceOf(SagaLost);
      expect(participants.sent).toHaveLength(sent);
    }));

  test("that the next life could not send it says nothing about the one before: it is taken back", () =>
    onBench(async ({ participants, noted, life, log, state }) => {
      await noted("reserve doing");
      participants.answer = (path) => (path === "/do/reserve" ? notSent : done);
      await life("a");
      expect(await log()).toEqual(["reserve doing", "reserve unknown", "reserve undoing", "reserve undone"]);
      const [sent, undo] = [participants.sent[0], participants.sent.at(-1)];
      expect(undo).toMatchObject({ path: "/undo/reserve", body: { undoes: sent?.key } });
      expect(await state()).toBe("aborted");
    }));

  test("a later life names, in an undo, the key under which an earlier one sent", () =>
    onBench(async ({ participants, life, state }) => {
      let stopping = false;
      participants.answer = () => {
        stopping = true;
        return done;
      };
      await life("a", () => stopping);
      participants.answer = (path) => (path === "/do/pay" ? refused : done);
      await life("a");
      expect(participants.paths).toEqual(["/do/reserve", "/do/pay", "/undo/reserve"]);
      expect(participants.sent.at(-1)?.body).toEqual({ undoes: participants.sent[0]?.key });
      expect(await state()).toBe("aborted");
    }));
});

describe("a drive", () => {
  test("that is to stop sets the saga aside between two attempts, with all that is needed to go on", () =>
    onBench(async ({ participants, life, log, state }) => {
      let stopping = false;
      participants.answer = () => {
        stopping = true;
        return unknown;
      };
      await expect(life("a", () => stopping)).rejects.toThrow("set aside");
      expect(participants.sent).toHaveLength(1);
      expect([await log(), await state()]).toEqual([["reserve doing"], "running"]);
      participants.answer = () => done;
      await life("a");
      expect(participants.sent[1]?.key).toBe(participants.sent[0]?.key);
      expect(await state()).toBe("completed");
    }));

  test("that is to stop notes what the step at hand came to, and begins none", () =>
    onBench(async ({ participants, life, log, state }) => {
      let stopping = false;
      participants.answer = () => {
        stopping = true;
        return done;
      };
      await life("a", () => stopping);
      expect(participants.paths).toEqual(["/do/reserve"]);
      expect((await log()).slice(0, 2)).toEqual(["reserve doing", "reserve done"]);
      expect(await state()).toBe("running");
    }));

  test("that waits long for a participant keeps the saga from others", () =>
    onBench(async ({ participants, life, sleep, state }) => {
      let isAway = true;
      participants.answer = (path) => (path === "/do/ship" && isAway ? unknown : done);
      const driving = life("a");
      await sleep(12_000);
      await expect(life("b")).rejects.toThrow("b may not drive");
      isAway = false;
      await driving;
      expect(await state()).toBe("completed");
    }));

  test("that was silent for longer than its lease stops when another one has taken over", () =>
    onBench(async ({ participants, life, sleep, log, state }) => {
      const never = held();
      participants.answer = (_path, nth) => (nth === 1 ? never.answer : done);
      const silent = life("a");
      await sleep(6000);
      participants.answer = () => done;
      await life("b");
      const sent = participants.sent.length;
      never.give(refused);
      await expect(silent).rejects.toBeInstanceOf(SagaLost);
      expect(participants.sent).toHaveLength(sent);
      expect(await log()).not.toContain("reserve refused");
      expect(await state()).toBe("completed");
    }));
});

function keyOf({ key }: { readonly key: string }): string {
  return key;
}
