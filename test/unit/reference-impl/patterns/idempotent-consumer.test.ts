import type { Generated, Kysely } from "kysely";
import { describe, expect, test } from "vitest";
import { commitAnswerLost } from "../../../../harness/faults/commit-answer-lost.fault.ts";
import { dedupeOutsideTransaction } from "../../../../reference-impl/defects/dedupe-outside-transaction.defect.ts";
import { dedupeWindowTooShort } from "../../../../reference-impl/defects/dedupe-window-too-short.defect.ts";
import { noDedupe } from "../../../../reference-impl/defects/no-dedupe.defect.ts";
import { poisonMessageBlocks } from "../../../../reference-impl/defects/poison-message-blocks.defect.ts";
import { swallowHandlerError } from "../../../../reference-impl/defects/swallow-handler-error.defect.ts";
import {
  encodeMessage,
  eventMessage,
  MalformedMessage,
} from "../../../../reference-impl/patterns/event-message.ts";
import { createConsumerTables } from "../../../../reference-impl/patterns/event-tables.ts";
import {
  type ConsumerMechanisms,
  type ConsumerTables,
  definiteFailuresMax,
  type Effect,
  hardenedConsumerMechanisms,
  idempotentConsumer,
} from "../../../../reference-impl/patterns/idempotent-consumer.ts";
import { received } from "../../../support/reference-impl/memory-event-bus.ts";
import {
  databaseNodes,
  type SimulatedDatabase,
  withDatabase,
} from "../../../support/reference-impl/simulated-database.ts";

interface Tables extends ConsumerTables {
  effects: { position: Generated<string>; message_id: string };
}

async function createTables(database: Kysely<unknown>): Promise<void> {
  await createConsumerTables(database);
  await database.schema
    .createTable("effects")
    .addColumn("position", "bigserial", (column) => column.primaryKey())
    .addColumn("message_id", "text", (column) => column.notNull())
    .execute();
}

type Simulated = SimulatedDatabase<Tables>;

const storeEffect: Effect<Tables> = async (transaction, { id }) => {
  await transaction.insertInto("effects").values({ message_id: id }).execute();
  return async () => {};
};

function consumer(
  { database, context }: Simulated,
  replacement: Partial<ConsumerMechanisms> = {},
  effect = storeEffect,
) {
  const mechanisms = { ...hardenedConsumerMechanisms(), ...replacement };
  return idempotentConsumer({ name: "c", database, clock: context.clock, mechanisms, effect });
}

async function effects({ database }: Simulated): Promise<string[]> {
  const rows = await database.selectFrom("effects").select("message_id").orderBy("position").execute();
  return rows.map(({ message_id }) => message_id);
}

const value = (sequence: number) => encodeMessage(eventMessage("s", sequence, "changed", null));
const run = (check: (simulated: Simulated) => Promise<void>) =>
  withDatabase<Tables, void>(createTables, check);

describe("a consumer", () => {
  test("has the effect of a message once, however many copies come, one after the other or at a time", () =>
    run(async (simulated) => {
      const handle = consumer(simulated);
      await handle(received(value(1)));
      await handle(received(value(1)));
      await Promise.all([handle(received(value(2))), handle(received(value(2)))]);
      expect(await effects(simulated)).toEqual(["s#1", "s#2"]);
    }));

  test("without an inbox has it for every copy", () =>
    run(async (simulated) => {
      const handle = consumer(simulated, noDedupe.replacement());
      await handle(received(value(1)));
      await handle(received(value(1)));
      expect(await effects(simulated)).toEqual(["s#1", "s#1"]);
    }));

  test("with an inbox that forgets too soon has it again; with the window of the hardened form it does not", () =>
    run(async (simulated) => {
      for (const [replacement, count] of [
        [dedupeWindowTooShort.replacement(), 2],
        [{}, 1],
      ] as const) {
        await simulated.database.deleteFrom("effects").execute();
        await simulated.database.deleteFrom("inbox").execute();
        const handle = consumer(simulated, replacement);
        await handle(received(value(1)));
        await simulated.context.clock.sleep(3000);
        await handle(received(value(1)));
        expect(await effects(simulated)).toHaveLength(count);
      }
    }));

  test("looks whether a COMMIT of unknown outcome took effect", () =>
    run(async (simulated) => {
      const handle = consumer(simulated);
      const { service, store } = databaseNodes;
      using _ = commitAnswerLost.inject(simulated.simulation.port, { from: service, to: store, count: 1 });
      const message = received(value(1));
      await handle(message);
      expect(await effects(simulated)).toEqual(["s#1"]);
      expect(message.kept).toBeGreaterThan(0);
    }));

  test("waits for a store that is away, and does not take that for poison; an error swallowed loses the message", () =>
    run(async (simulated) => {
      const { simulation, context } = simulated;
      for (const [replacement, ids] of [
        [{}, ["s#1"]],
        [swallowHandlerError.replacement(), []],
      ] as const) {
        await simulated.database.deleteFrom("effects").execute();
        await simulated.database.deleteFrom("inbox").execute();
        const handle = consumer(simulated, replacement);
        simulation.port.crash(databaseNodes.store);
        const handled = handle(received(value(1)));
        await context.clock.sleep(3000);
        simulation.port.restart(databaseNodes.store);
        await handled;
        await context.clock.sleep(1000);
        expect(await effects(simulated)).toEqual(ids);
      }
      expect(await simulated.database.selectFrom("parked_messages").selectAll().execute()).toEqual([]);
    }));

  test("tries a message that fails for its own reasons a few times, then sets it aside for good", () =>
    run(async (simulated) => {
      let attempts = 0;
      const poison: Effect<Tables> = async () => {
        attempts++;
        throw new MalformedMessage("no address");
      };
      await consumer(simulated, {}, poison)(received(value(1)));
      expect(attempts).toBe(definiteFailuresMax);
      await consumer(simulated)(received(value(1)));
      expect(await effects(simulated)).toEqual([]);
      const parked = await simulated.database.selectFrom("parked_messages").selectAll().execute();
      expect(parked).toMatchObject([
        { consumer: "c", message_id: "s#1", stream: "s", reason: "no address", value: value(1) },
      ]);
    }));

  test("sets aside what is no message, under the name of its place", () =>
    run(async (simulated) => {
      for (const text of ["", "{}", '{"id":"x","stream":"s","sequence":0,"type":"t","body":1}']) {
        await simulated.database.deleteFrom("inbox").execute();
        await consumer(simulated)(received(text));
      }
      const parked = await simulated.database.selectFrom("parked_messages").select("message_id").execute();
      expect(parked).toEqual([{ message_id: "t@0:1" }, { message_id: "t@0:1" }, { message_id: "t@0:1" }]);
    }));

  test("that never gives up is still at the poison message after a minute", () =>
    run(async (simulated) => {
      let done = false;
      const poison: Effect<Tables> = () => Promise.reject(new MalformedMessage("no address"));
      const handle = consumer(simulated, poisonMessageBlocks.replacement(), poison);
      void handle(received(value(1))).then(() => {
        done = true;
      });
      await simulated.context.clock.sleep(60_000);
      expect(done).toBe(false);
    }));

  test("stops when the message was given to somebody else", () =>
    run(async (simulated) => {
      const failing: Effect<Tables> = () => Promise.reject(new MalformedMessage("no address"));
      const message = { ...received(value(1)), keep: () => Promise.reject(new Error("rebalanced")) };
      await expect(consumer(simulated, {}, failing)(message)).rejects.toThrow("rebalanced");
    }));

  test("noted outside of the effect's transaction, a message whose effect fails is lost", () =>
    run(async (simulated) => {
      let failures = 1;
      const failsOnce: Effect<Tables> = async (transaction, message) => {
        if (failures-- > 0) throw new MalformedMessage("passing");
        return await storeEffect(transaction, message);
      };
      await consumer(simulated, dedupeOutsideTransaction.replacement(), failsOnce)(received(value(1)));
      expect(await effects(simulated)).toEqual([]);
      failures = 1;
      await consumer(simulated, {}, failsOnce)(received(value(2)));
      expect(await effects(simulated)).toEqual(["s#2"]);
    }));
});
