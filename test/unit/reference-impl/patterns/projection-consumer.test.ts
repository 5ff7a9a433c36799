import { describe, expect, test } from "vitest";
import type { DocumentDatabase } from "../../../../reference-impl/document-database.ts";
import type { ReceivedMessage } from "../../../../reference-impl/patterns/event-bus.ts";
import {
  encodeMessage,
  eventMessage,
  MalformedMessage,
} from "../../../../reference-impl/patterns/event-message.ts";
import { positionInDocument } from "../../../../reference-impl/patterns/projected-documents.ts";
import {
  hardenedProjectionMechanisms,
  type Projection,
} from "../../../../reference-impl/patterns/projection.ts";
import {
  applyToGeneration,
  clearGenerations,
  countApplied,
  projectionConsumer,
  type ReadModels,
} from "../../../../reference-impl/patterns/projection-consumer.ts";
import { ProjectionGenerations } from "../../../../reference-impl/patterns/projection-generations.ts";
import { received } from "../../../support/reference-impl/memory-event-bus.ts";
import { withDocuments } from "../../../support/reference-impl/simulated-documents.ts";
import type { SimulatedSystem } from "../simulated-system.ts";

/** Keeps the sequences of a stream's messages. What is of the type `nonsense` it cannot make sense of. */
function listing(name: string): Projection<readonly number[]> {
  return {
    name,
    evolve: (state, { sequence, type }) => {
      if (type === "nonsense") throw new MalformedMessage("nonsense");
      return [...(state ?? []), sequence];
    },
  };
}

interface Bench extends SimulatedSystem {
  readonly models: ReadModels;
  /** What the consumer told of, in order: `a#1`. */
  readonly told: string[];
  handle(message: ReceivedMessage): Promise<void>;
  /** The state of stream `a` in a read model. */
  state(name: "first" | "second", generation?: number): Promise<readonly number[] | null>;
  parked(): Promise<readonly unknown[]>;
}

function onBench(
  test: (bench: Bench) => Promise<void>,
  wrap: (database: DocumentDatabase) => DocumentDatabase = (database) => database,
): Promise<void> {
  return withDocuments(async (database, simulated) => {
    const told: string[] = [];
    const generations = new ProjectionGenerations(database, "views");
    await generations.create();
    const models: ReadModels = {
      database: wrap(database),
      generations,
      projections: [listing("first"), listing("second")] as unknown as ReadModels["projections"],
      mechanisms: hardenedProjectionMechanisms(),
      clock: simulated.client.clock,
      applied: ({ id }) => void told.push(id),
    };
    await test({
      ...simulated,
      models,
      told,
      handle: projectionConsumer(models),
      state: async (name, generation = 1) =>
        (await positionInDocument.load<readonly number[]>({ database, name, generation }, "a")).state,
      parked: () => database.collection("parked_messages").find({}).toArray(),
    });
  });
}

const message = (sequence: number, type = "happened") =>
  received(encodeMessage(eventMessage("a", sequence, type, null)), "a");

/** The same database, whose collection `second` cannot be written so many times. */
function failingSecond(times: number): (database: DocumentDatabase) => DocumentDatabase {
  let left = times;
  return (database) => ({
    collection: (name) => {
      const collection = database.collection<never>(name);
      if (name !== "second") return collection as never;
      const wrapped = {
        findOne: collection.findOne.bind(collection),
        insertOne: (...args: Parameters<typeof collection.insertOne>) => {
          if (left-- <= 0) return collection.insertOne(...args);
          const error = new Error("read ECONNRESET");
          error.name = "MongoNetworkError";
          return Promise.reject(error);
        },
        updateOne: collection.updateOne.bind(collection),
      };
      return wrapped as unknown as ReturnType<DocumentDatabase["collection"]> as never;
    },
  });
}

/** The same database; before a document of the collection `first` is read, what is due is done. */
function beforeFirstFind(database: DocumentDatabase, due: (() => Promise<void>)[]): DocumentDatabase {
  return {
    collection: (name) => {
      const collection = database.collection<never>(name);
      if (name !== "first") return collection as never;
      const wrapped = {
        findOne: async (...args: Parameters<typeof collection.findOne>) => {
          await due.pop()?.();
          return await collection.findOne(...args);
        },
        insertOne: collection.insertOne.bind(collection),
        updateOne: collection.updateOne.bind(collection),
        deleteMany: collection.deleteMany.bind(collection),
      };
      return wrapped as unknown as ReturnType<DocumentDatabase["collection"]> as never;
    },
  };
}

describe("a consumer of read models", () => {
  test("has the effect of each message once in each of them, in order, and tells of it once", () =>
    onBench(async ({ handle, state, told }) => {
      for (const sequence of [1, 1, 3, 2, 2, 4, 1]) await handle(message(sequence));
      expect(await state("first")).toEqual([1, 2, 3, 4]);
      expect(await state("second")).toEqual([1, 2, 3, 4]);
      expect(told).toEqual(["a#1", "a#2", "a#3", "a#4"]);
    }));

  test("feeds all generations that are kept, and tells of the one that is shown", () =>
    onBench(async ({ handle, state, told, models }) => {
      const { generations } = models;
      await handle(message(1));
      await generations.begin(await generations.load());
      await handle(message(1));
      expect([await state("first", 1), await state("first", 2)]).toEqual([[1], [1]]);
      expect(told).toEqual(["a#1"]);
      await generations.finish(2);
      await handle(message(2));
      expect([await state("first", 1), await state("second", 2)]).toEqual([
        [1, 2],
        [1, 2],
      ]);
      expect(told).toEqual(["a#1", "a#2"]);
    }));

  test("goes on while the store is away, tells the bus so, and sets nothing aside", () =>
    onBench(async ({ handle, state, told, parked, simulation }) => {
      simulation.port.crash("documents");
      const late = message(1);
      const handling = handle(late);
      await simulation.scheduler.sleep(20e9);
      simulation.port.restart("documents");
      await handling;
      expect(late.kept).toBeGreaterThan(3);
      expect([await state("first"), await state("second"), told]).toEqual([[1], [1], ["a#1"]]);
      expect(await parked()).toEqual([]);
    }));

  test("has an effect once whose answer was lost", () =>
    onBench(async ({ handle, state, simulation }) => {
      await handle(message(1));
      let lost = 0;
      const heal = simulation.port.intercept("documents", "service", ({ label }) =>
        label.startsWith("update") && lost++ < 2 ? "reset" : null,
      );
      await handle(message(2));
      heal();
      expect(lost).toBeGreaterThanOrEqual(2);
      expect([await state("first"), await state("second")]).toEqual([
        [1, 2],
        [1, 2],
      ]);
    }));

  test("tells of the effect in the first read model where another one fails, which gets it later", () =>
    onBench(async ({ handle, state, told, parked }) => {
      const late = message(1);
      await handle(late);
      expect(late.kept).toBe(5);
      expect([await state("first"), await state("second"), told]).toEqual([[1], [1], ["a#1"]]);
      expect(await parked()).toEqual([]);
    }, failingSecond(5)));

  test("does not tell of an effect in a generation that was removed since the consumer looked it up", async () => {
    const due: (() => Promise<void>)[] = [];
    await onBench(
      async ({ handle, state, told, models }) => {
        const { generations } = models;
        await handle(message(1));
        due.push(async () => {
          for (const generation of [2, 3]) {
            await generations.begin(await generations.load());
            await applyToGeneration(models, eventMessage("a", 1, "happened", null), generation);
            await generations.finish(generation);
          }
          await clearGenerations(models, { before: 2 });
          expect(await state("first", 1)).toBeNull();
        });
        await handle(message(1));
        expect(due).toEqual([]);
        expect(await state("first", 1)).toEqual([1]);
        expect(told).toEqual(["a#1"]);
      },
      (database) => beforeFirstFind(database, due),
    );
  });

  test("leaves a message alone that was given to somebody else", () =>
    onBench(async ({ handle, state, simulation }) => {
      simulation.port.crash("documents");
      const taken = { ...message(1), keep: () => Promise.reject(new Error("not yours")) };
      await expect(handle(taken)).rejects.toThrow("not yours");
      simulation.port.restart("documents");
      await simulation.scheduler.sleep(1e9);
      expect(await state("first")).toBeNull();
    }));
});

describe("a message that nothing can be done with", () => {
  test.each([
    ["no message", received("{", "a")],
    ["one that makes no sense", message(1, "nonsense")],
  ])("(%s) is set aside as it came, once, and those behind it go on", (_what, poison) =>
    onBench(async ({ handle, state, parked, told }) => {
      await handle(poison);
      await handle(poison);
      const [first, ...more] = await parked();
      expect(first).toMatchObject({ _id: "t@0:1", stream: "a", value: poison.value });
      expect(more).toEqual([]);
      await handle(message(1));
      expect([await state("first"), told]).toEqual([[1], ["a#1"]]);
    }),
  );

  test("is tried three times before", () =>
    onBench(async ({ handle }) => {
      const poison = received("{", "a");
      await handle(poison);
      expect(poison.kept).toBe(2);
    }));

  test("is not let go while it cannot be set aside", () =>
    onBench(async ({ handle, parked, simulation }) => {
      simulation.port.crash("documents");
      let handled = false;
      const handling = handle(received("{", "a")).then(() => {
        handled = true;
      });
      await simulation.scheduler.sleep(20e9);
      expect(handled).toBe(false);
      simulation.port.restart("documents");
      await handling;
      expect(await parked()).toHaveLength(1);
    }));
});

describe("the progress", () => {
  test("is that of the oldest generation, which is never ahead", () =>
    onBench(async ({ handle, models }) => {
      const { generations } = models;
      expect(await countApplied(models)).toBe(0);
      for (const sequence of [1, 2, 4]) await handle(message(sequence));
      await handle(received(encodeMessage(eventMessage("b", 1, "happened", null)), "b"));
      // 4 waits for 3.
      expect(await countApplied(models)).toBe(3);
      await generations.begin(await generations.load());
      await generations.finish(2);
      expect(await countApplied(models)).toBe(3);
      await generations.begin(await generations.load());
      expect(await countApplied(models)).toBe(0);
    }));

  test("is gone with what is cleared, and with that only", () =>
    onBench(async ({ handle, models, state }) => {
      const { generations } = models;
      await generations.begin(await generations.load());
      await handle(message(1));
      await clearGenerations(models, { generation: 2 });
      expect([await state("first", 1), await state("first", 2)]).toEqual([[1], null]);
      await handle(message(1));
      await clearGenerations(models, { before: 2 });
      expect([await state("first", 1), await state("first", 2)]).toEqual([null, [1]]);
      expect([await state("second", 1), await state("second", 2)]).toEqual([null, [1]]);
    }));
});
