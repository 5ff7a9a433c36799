import { describe, expect, test } from "vitest";
import { dualWrite } from "../../../../reference-impl/defects/dual-write.defect.ts";
import {
  type Announcer,
  type AnnounceThrough,
  announceThroughOutbox,
} from "../../../../reference-impl/patterns/announcer.ts";
import { encodeMessage, eventMessage } from "../../../../reference-impl/patterns/event-message.ts";
import { createOutboxTables, type OutboxTables } from "../../../../reference-impl/patterns/outbox.ts";
import { MemoryEventBus } from "../../../support/reference-impl/memory-event-bus.ts";
import { type SimulatedDatabase, withDatabase } from "../../../support/reference-impl/simulated-database.ts";

const messages = [1, 2].map((sequence) => ({
  topic: "orders",
  message: eventMessage("a", sequence, "changed", { sequence }),
}));

interface Bench extends SimulatedDatabase<OutboxTables> {
  readonly announcer: Announcer;
  readonly bus: MemoryEventBus;
  woken(): number;
  /** What waits in the outbox, in order. */
  waiting(): Promise<readonly string[]>;
}

function onBench(through: AnnounceThrough, check: (bench: Bench) => Promise<void>): Promise<void> {
  return withDatabase<OutboxTables, void>(createOutboxTables, async (simulated) => {
    const bus = new MemoryEventBus();
    let woken = 0;
    const announcer = through({ bus, wakeRelay: () => woken++ });
    const waiting = async () => {
      const rows = await simulated.database
        .selectFrom("outbox")
        .select("message_id")
        .orderBy("position")
        .execute();
      return rows.map(({ message_id }) => message_id);
    };
    await check({ ...simulated, announcer, bus, woken: () => woken, waiting });
  });
}

describe("announcing through the outbox", () => {
  test("stores messages with the change, and takes none of them to the bus itself", () =>
    onBench(announceThroughOutbox, async ({ announcer, bus, database, waiting, woken }) => {
      await database.transaction().execute((transaction) => announcer.store(transaction, messages));
      expect(await waiting()).toEqual(["a#1", "a#2"]);
      expect(woken()).toBe(0);
      await announcer.send(messages);
      expect([woken(), bus.published]).toEqual([1, []]);
    }));

  test("stores nothing of a change that is rolled back", () =>
    onBench(announceThroughOutbox, async ({ announcer, database, waiting }) => {
      const change = database.transaction().execute(async (transaction) => {
        await announcer.store(transaction, messages);
        throw new Error("no");
      });
      await expect(change).rejects.toThrow("no");
      expect(await waiting()).toEqual([]);
    }));

  test("wakes nobody where there is nothing to tell", () =>
    onBench(announceThroughOutbox, async ({ announcer, database, waiting, woken }) => {
      await database.transaction().execute((transaction) => announcer.store(transaction, []));
      await announcer.send([]);
      expect([await waiting(), woken()]).toEqual([[], 0]);
    }));

  test("keeps what the bus does not take; sent past the outbox it is lost, and nobody is told", () =>
    onBench(announceThroughOutbox, async ({ announcer, bus, database, waiting }) => {
      const { announceThrough } = dualWrite.replacement();
      if (announceThrough === undefined) throw new Error("the defect replaces no announcer");
      const direct = announceThrough({ bus, wakeRelay: () => {} });
      bus.before = () => Promise.reject(new Error("away"));
      for (const [through, stored] of [
        [direct, []],
        [announcer, ["a#1", "a#2"]],
      ] as const) {
        await database.transaction().execute((transaction) => through.store(transaction, messages));
        await through.send(messages);
        expect(await waiting()).toEqual(stored);
      }
      bus.before = async () => {};
      await direct.send(messages);
      expect(bus.published).toEqual(
        messages.map(({ topic, message }) => ({ topic, key: "a", value: encodeMessage(message) })),
      );
    }));
});
