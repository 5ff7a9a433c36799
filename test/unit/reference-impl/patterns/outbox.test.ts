import { describe, expect, test } from "vitest";
import { commitAnswerLost } from "../../../../harness/faults/commit-answer-lost.fault.ts";
import { markBeforePublish } from "../../../../reference-impl/defects/mark-before-publish.defect.ts";
import { pollByLastId } from "../../../../reference-impl/defects/poll-by-last-id.defect.ts";
import { twoRelaysUnordered } from "../../../../reference-impl/defects/two-relays-unordered.defect.ts";
import { eventMessage } from "../../../../reference-impl/patterns/event-message.ts";
import {
  appendToOutbox,
  createOutboxTables,
  type OutboxTables,
} from "../../../../reference-impl/patterns/outbox.ts";
import {
  OutboxRelay,
  publishThenMark,
  type RelayBatch,
} from "../../../../reference-impl/patterns/outbox-relay.ts";
import { createStreamTable, nextSequence } from "../../../../reference-impl/patterns/stream-sequence.ts";
import { MemoryEventBus } from "../../../support/reference-impl/memory-event-bus.ts";
import {
  databaseNodes,
  type SimulatedDatabase,
  withDatabase,
} from "../../../support/reference-impl/simulated-database.ts";

type Database = SimulatedDatabase<OutboxTables>;

function message(stream: string, sequence: number) {
  return { topic: "orders", message: eventMessage(stream, sequence, "changed", { sequence }) };
}

function ids(bus: MemoryEventBus): string[] {
  return bus.published.map(({ value }) => String(JSON.parse(value).id));
}

async function append({ database }: Database, ...messages: readonly ReturnType<typeof message>[]) {
  await database.transaction().execute((transaction) => appendToOutbox(transaction, messages));
}

/** Two open transactions that insert in one order and commit in the other. */
async function commitInReverse(simulated: Database, between: () => Promise<void>): Promise<void> {
  const first = await simulated.database.startTransaction().execute();
  await appendToOutbox(first, [message("a", 1)]);
  const second = await simulated.database.startTransaction().execute();
  await appendToOutbox(second, [message("b", 1)]);
  await second.commit().execute();
  await between();
  await first.commit().execute();
}

/** The relay of a defect. */
function relayOf(defect: { replacement(): { readonly relayBatch?: RelayBatch } }): RelayBatch {
  const { relayBatch } = defect.replacement();
  if (relayBatch === undefined) throw new Error("the defect replaces no relay");
  return relayBatch;
}

describe("the relay", () => {
  test("publishes what was committed, per topic in the order of the positions, once", () =>
    withDatabase<OutboxTables, void>(createOutboxTables, async (simulated) => {
      const needs = { database: simulated.database, bus: new MemoryEventBus() };
      await append(simulated, message("a", 1), message("b", 1));
      await append(simulated, message("a", 2));
      expect(await publishThenMark(needs)).toBe(3);
      expect(await publishThenMark(needs)).toBe(0);
      expect(ids(needs.bus)).toEqual(["a#1", "b#1", "a#2"]);
      expect(needs.bus.published.map(({ key }) => key)).toEqual(["a", "b", "a"]);
    }));

  test("publishes nothing of a transaction that was rolled back", () =>
    withDatabase<OutboxTables, void>(createOutboxTables, async ({ database }) => {
      const bus = new MemoryEventBus();
      const transaction = await database.startTransaction().execute();
      await appendToOutbox(transaction, [message("a", 1)]);
      await transaction.rollback().execute();
      expect(await publishThenMark({ database, bus })).toBe(0);
    }));

  test("does not skip a lower position that is committed later; by the last id it is skipped", () =>
    withDatabase<OutboxTables, void>(createOutboxTables, async (simulated) => {
      const { database } = simulated;
      const [hardened, byLastId] = [new MemoryEventBus(), new MemoryEventBus()];
      await commitInReverse(simulated, async () => {
        await publishThenMark({ database, bus: hardened });
      });
      await publishThenMark({ database, bus: hardened });
      expect(ids(hardened)).toEqual(["b#1", "a#1"]);
      await database.deleteFrom("outbox").execute();
      const takeAfterLast = relayOf(pollByLastId);
      await commitInReverse(simulated, async () => {
        await takeAfterLast({ database, bus: byLastId });
      });
      await takeAfterLast({ database, bus: byLastId });
      expect(ids(byLastId)).toEqual(["b#1"]);
    }));

  test("publishes again when the bus refused; where it marks first, the message is lost", () =>
    withDatabase<OutboxTables, void>(createOutboxTables, async (simulated) => {
      const { database } = simulated;
      for (const [relayBatch, published] of [
        [publishThenMark, ["a#1"]],
        [relayOf(markBeforePublish), []],
      ] as const) {
        await database.deleteFrom("outbox").execute();
        await append(simulated, message("a", 1));
        const bus = new MemoryEventBus();
        bus.before = () => Promise.reject(new Error("no bus"));
        await expect(relayBatch({ database, bus })).rejects.toThrow("no bus");
        bus.before = async () => {};
        await relayBatch({ database, bus });
        expect(ids(bus)).toEqual(published);
      }
    }));

  test("publishes again when nobody knows whether it was marked", () =>
    withDatabase<OutboxTables, void>(createOutboxTables, async (simulated) => {
      const { database, simulation } = simulated;
      const bus = new MemoryEventBus();
      await append(simulated, message("a", 1));
      const { service, store } = databaseNodes;
      using _ = commitAnswerLost.inject(simulation.port, { from: service, to: store, count: 1 });
      await expect(publishThenMark({ database, bus })).rejects.toThrow("may have happened");
      await append(simulated, message("a", 2));
      await publishThenMark({ database, bus });
      // The mark had taken effect: the next message follows, and nothing is published out of order.
      expect(ids(bus)).toEqual(["a#1", "a#2"]);
    }));

  test("leaves a stream to the relay that is at work on it; sharing rows lets a later message overtake", () =>
    withDatabase<OutboxTables, void>(createOutboxTables, async (simulated) => {
      const { database, context } = simulated;
      const race = async (relayBatch: RelayBatch): Promise<string[]> => {
        await database.deleteFrom("outbox").execute();
        await append(simulated, message("a", 1));
        const bus = new MemoryEventBus();
        bus.before = () => context.clock.sleep(50);
        const slow = relayBatch({ database, bus });
        await context.clock.sleep(20);
        await append(simulated, message("a", 2));
        const quick = new MemoryEventBus();
        quick.before = async (topic, messages) => {
          for (const { key, value } of messages) bus.published.push({ topic, key, value });
        };
        await relayBatch({ database, bus: quick });
        await slow;
        await relayBatch({ database, bus });
        return ids(bus);
      };
      expect(await race(publishThenMark)).toEqual(["a#1", "a#2"]);
      expect(await race(relayOf(twoRelaysUnordered))).toEqual(["a#2", "a#1"]);
    }));

  test("works when it is woken, looks by itself, and ends when it is stopped", () =>
    withDatabase<OutboxTables, void>(createOutboxTables, async (simulated) => {
      const { database, context } = simulated;
      const { clock } = context;
      const bus = new MemoryEventBus();
      const relay = new OutboxRelay({ database, bus, clock }, publishThenMark, {
        lingerMs: 5,
        pollMs: 400,
        retryMs: 100,
      });
      relay.start();
      await clock.sleep(100);
      await append(simulated, message("a", 1));
      relay.wake();
      await clock.sleep(50);
      expect(ids(bus)).toEqual(["a#1"]);
      await append(simulated, message("a", 2));
      await clock.sleep(50);
      expect(ids(bus)).toEqual(["a#1"]);
      await clock.sleep(400);
      expect(ids(bus)).toEqual(["a#1", "a#2"]);
      await relay.stop();
      await append(simulated, message("a", 3));
      relay.wake();
      await clock.sleep(1000);
      expect(ids(bus)).toEqual(["a#1", "a#2"]);
    }));

  test("goes on after the bus and the store were away", () =>
    withDatabase<OutboxTables, void>(createOutboxTables, async (simulated) => {
      const { database, context, simulation } = simulated;
      const bus = new MemoryEventBus();
      const relay = new OutboxRelay({ database, bus, clock: context.clock }, publishThenMark);
      bus.before = () => Promise.reject(new Error("no bus"));
      await append(simulated, message("a", 1));
      relay.start();
      await context.clock.sleep(300);
      bus.before = async () => {};
      simulation.port.crash(databaseNodes.store);
      await context.clock.sleep(1000);
      expect(ids(bus).length).toBeLessThan(2);
      simulation.port.restart(databaseNodes.store);
      await context.clock.sleep(1500);
      expect(new Set(ids(bus))).toEqual(new Set(["a#1"]));
      await relay.stop();
    }));
});

test("the same number twice in a stream is an error, not a second message", () =>
  withDatabase<OutboxTables, void>(createOutboxTables, async (simulated) => {
    await append(simulated, message("a", 1));
    await expect(append(simulated, message("a", 1))).rejects.toMatchObject({ code: "23505" });
  }));

test("a stream is counted without gaps, also by two transactions at a time", () =>
  withDatabase<{ streams: { stream: string; last_sequence: number } }, void>(
    createStreamTable,
    async ({ database }) => {
      const next = () => database.transaction().execute((transaction) => nextSequence(transaction, "a"));
      const numbers = await Promise.all([next(), next(), next()]);
      expect(numbers.toSorted()).toEqual([1, 2, 3]);
      expect(await nextSequence(database, "b")).toBe(1);
    },
  ));
