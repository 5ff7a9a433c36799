import { describe, expect, test } from "vitest";
import type { ServiceContext } from "../../../../harness/run/system.ts";
import type { DocumentDatabase } from "../../../../reference-impl/document-database.ts";
import { encodeMessage, eventMessage } from "../../../../reference-impl/patterns/event-message.ts";
import { KafkaEventBus } from "../../../../reference-impl/patterns/kafka-event-bus.ts";
import { positionInDocument } from "../../../../reference-impl/patterns/projected-documents.ts";
import {
  hardenedProjectionMechanisms,
  type Projection,
} from "../../../../reference-impl/patterns/projection.ts";
import {
  projectionConsumer,
  type ReadModels,
} from "../../../../reference-impl/patterns/projection-consumer.ts";
import {
  firstGeneration,
  ProjectionGenerations,
} from "../../../../reference-impl/patterns/projection-generations.ts";
import { ProjectionRebuilder } from "../../../../reference-impl/patterns/projection-rebuilder.ts";
import { serviceApp } from "../../../../reference-impl/patterns/service-app.ts";
import { type SimulatedSystem, simulate } from "../simulated-system.ts";

const listing: Projection<readonly number[]> = {
  name: "listing",
  evolve: (state, { sequence }) => [...(state ?? []), sequence],
};

interface Bench extends SimulatedSystem {
  readonly database: DocumentDatabase;
  readonly generations: ProjectionGenerations;
  /** A rebuilder, as each life of a process has one. */
  life(): ProjectionRebuilder;
  /** Publishes these messages of stream `a`, and lets the consumer apply them. */
  happen(...sequences: readonly number[]): Promise<void>;
  state(generation: number): Promise<readonly number[] | null>;
  sleep(ms: number): Promise<void>;
}

function onBench(test: (bench: Bench) => Promise<void>): Promise<void> {
  const contexts: ServiceContext[] = [];
  const start = (context: ServiceContext) => {
    contexts.push(context);
    return serviceApp();
  };
  const topics = [{ name: "t", partitions: 2 }];
  const system = {
    stores: [
      { name: "documents", kind: "mongodb" as const, migrate: async () => {} },
      { name: "log", kind: "kafka" as const, topics },
    ],
    services: [{ name: "service", stores: ["documents", "log"], start }],
  };
  return simulate(system, async (simulated) => {
    const [context] = contexts;
    if (context === undefined) throw new Error("the service did not start");
    const { clock, newId } = context;
    const database = context.mongodb("documents");
    const broker = context.kafka("log");
    const bus = new KafkaEventBus({ broker, clock });
    const generations = new ProjectionGenerations(database, "views");
    await generations.create();
    const models: ReadModels = {
      database,
      generations,
      projections: [listing as Projection<unknown>],
      mechanisms: hardenedProjectionMechanisms(),
      clock,
      applied: () => {},
    };
    const handle = projectionConsumer(models);
    await test({
      ...simulated,
      database,
      generations,
      life: () => new ProjectionRebuilder(models, { broker, bus, clock, topic: "t", newGroup: newId }),
      happen: async (...sequences) => {
        for (const sequence of sequences) {
          const value = encodeMessage(eventMessage("a", sequence, "happened", null));
          await bus.publish("t", [{ key: "a", value }]);
          await handle({ topic: "t", place: `0:${sequence}`, key: "a", value, keep: async () => {} });
        }
      },
      state: async (generation) =>
        (await positionInDocument.load<readonly number[]>({ database, name: "listing", generation }, "a"))
          .state,
      sleep: (ms) => clock.sleep(ms),
    });
    await bus.close();
  });
}

describe("a rebuild", () => {
  test("reads the whole log into a new generation, then shows it; what comes meanwhile is in both", () =>
    onBench(async ({ life, happen, generations, state, sleep }) => {
      await happen(1, 2);
      life().request();
      await sleep(5);
      await happen(3);
      await sleep(8000);
      expect(await generations.load()).toEqual({ oldest: 1, live: 2, newest: 2 });
      expect([await state(1), await state(2)]).toEqual([
        [1, 2, 3],
        [1, 2, 3],
      ]);
    }));

  test("mends what was damaged in the read model", () =>
    onBench(async ({ life, happen, generations, state, database, sleep }) => {
      await happen(1, 2);
      await database.collection("listing").deleteMany({});
      expect(await state(1)).toBeNull();
      life().request();
      await sleep(8000);
      expect(await state((await generations.load()).live)).toEqual([1, 2]);
    }));

  test("of an empty log is over at once", () =>
    onBench(async ({ life, generations, sleep }) => {
      life().request();
      await sleep(4000);
      expect((await generations.load()).live).toBe(2);
    }));

  test("removes generations that are not kept up to date any more, and keeps the last two", () =>
    onBench(async ({ life, happen, generations, state, sleep }) => {
      await happen(1);
      const rebuilder = life();
      for (let n = 0; n < 3; n++) {
        rebuilder.request();
        await sleep(8000);
      }
      expect(await generations.load()).toEqual({ oldest: 3, live: 4, newest: 4 });
      expect(await Promise.all([1, 2, 3, 4].map(state))).toEqual([null, null, [1], [1]]);
    }));

  test("that is asked for while one is under way is made afterwards, once", () =>
    onBench(async ({ life, happen, generations, sleep }) => {
      await happen(1);
      const rebuilder = life();
      for (let n = 0; n < 4; n++) {
        rebuilder.request();
        await sleep(1);
      }
      await sleep(30_000);
      expect((await generations.load()).live).toBe(3);
    }));
});

describe("a rebuild that is broken off", () => {
  test.each(["documents", "log"])("because %s is away is carried on when it is back", (store) =>
    onBench(async ({ life, happen, generations, state, simulation, sleep }) => {
      await happen(1, 2);
      simulation.port.crash(store);
      const rebuilder = life();
      rebuilder.request();
      await sleep(20_000);
      simulation.port.restart(store);
      await sleep(30_000);
      expect(await generations.load()).toEqual({ oldest: 1, live: 2, newest: 2 });
      expect(await state(2)).toEqual([1, 2]);
    }),
  );

  test("by the end of its process is carried on by the next life, in the same generation", () =>
    onBench(async ({ life, happen, generations, state, sleep }) => {
      await happen(1, 2);
      await generations.begin(await generations.load());
      life().start();
      await sleep(8000);
      expect(await generations.load()).toEqual({ oldest: 1, live: 2, newest: 2 });
      expect(await state(2)).toEqual([1, 2]);
    }));

  test("is the only one that a start makes", () =>
    onBench(async ({ life, happen, generations, sleep }) => {
      await happen(1);
      life().start();
      await sleep(8000);
      expect(await generations.load()).toEqual(firstGeneration);
    }));

  test("by a stop is left as it is, and nothing more is begun", () =>
    onBench(async ({ life, happen, generations, simulation, sleep }) => {
      await happen(1);
      const rebuilder = life();
      simulation.port.crash("log");
      rebuilder.request();
      await sleep(100);
      await rebuilder.stop();
      simulation.port.restart("log");
      rebuilder.request();
      await sleep(20_000);
      expect(await generations.load()).toEqual({ oldest: 1, live: 1, newest: 2 });
    }));
});

describe("of two processes", () => {
  test("that rebuild at once both build the same generation, which is shown once it is whole", () =>
    onBench(async ({ life, happen, generations, state, sleep }) => {
      await happen(1, 2, 3);
      life().request();
      life().request();
      await sleep(20_000);
      const { live, newest } = await generations.load();
      expect(live).toBe(newest);
      expect(await state(live)).toEqual([1, 2, 3]);
    }));

  test("only one begins a generation, and what was finished is finished once", () =>
    onBench(async ({ generations }) => {
      const known = await generations.load();
      const begun = await Promise.all([generations.begin(known), generations.begin(known)]);
      expect(begun.toSorted()).toEqual([false, true]);
      await generations.create();
      expect(await generations.load()).toEqual({ oldest: 1, live: 1, newest: 2 });
      await generations.finish(2);
      await generations.begin(await generations.load());
      // A copy that comes late finds the next generation being built, and then shown: nothing goes back.
      await generations.finish(2);
      expect(await generations.load()).toEqual({ oldest: 2, live: 2, newest: 3 });
      await generations.finish(3);
      await generations.finish(2);
      expect(await generations.load()).toEqual({ oldest: 2, live: 3, newest: 3 });
    }));
});
