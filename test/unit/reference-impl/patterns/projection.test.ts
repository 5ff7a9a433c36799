import { describe, expect, test } from "vitest";
import { checkpointBeforeApply } from "../../../../reference-impl/defects/checkpoint-before-apply.defect.ts";
import { checkpointOutsideTransaction } from "../../../../reference-impl/defects/checkpoint-outside-transaction.defect.ts";
import { dropOutOfOrder } from "../../../../reference-impl/defects/drop-out-of-order.defect.ts";
import { nonIdempotentHandler } from "../../../../reference-impl/defects/non-idempotent-handler.defect.ts";
import { rebuildWhileLive } from "../../../../reference-impl/defects/rebuild-while-live.defect.ts";
import type { DocumentDatabase } from "../../../../reference-impl/document-database.ts";
import { type EventMessage, eventMessage } from "../../../../reference-impl/patterns/event-message.ts";
import { positionInDocument } from "../../../../reference-impl/patterns/projected-documents.ts";
import {
  applyMessage,
  hardenedProjectionMechanisms,
  type Projection,
  type ProjectionMechanisms,
} from "../../../../reference-impl/patterns/projection.ts";
import {
  maintained,
  ProjectionGenerations,
} from "../../../../reference-impl/patterns/projection-generations.ts";
import type {
  RebuildProjection,
  RebuildWork,
} from "../../../../reference-impl/patterns/projection-rebuild.ts";
import { StoreFailure } from "../../../../reference-impl/patterns/store-failure.ts";
import { withDocuments } from "../../../support/reference-impl/simulated-documents.ts";

/** The numbers of a stream's messages, in the order in which they had their effect. */
const listing: Projection<readonly number[]> = {
  name: "listing",
  evolve: (state, { sequence }) => [...(state ?? []), sequence],
};

function message(sequence: number): EventMessage {
  return eventMessage("a", sequence, "happened", null);
}

/** Applies messages one after the other; answers the state after them. */
async function applied(
  database: DocumentDatabase,
  sequences: readonly number[],
  replaced: Partial<ProjectionMechanisms> = {},
  generation = 1,
): Promise<readonly number[] | null> {
  const mechanisms = { ...hardenedProjectionMechanisms(), ...replaced };
  const place = { database, name: listing.name, generation };
  for (const sequence of sequences) await applyMessage(listing, place, mechanisms, message(sequence));
  return (await positionInDocument.load<readonly number[]>(place, "a")).state;
}

describe("a projection", () => {
  test("has the effect of each message once, in the order of the stream, however they come", () =>
    withDocuments(async (database) => {
      expect(await applied(database, [3, 1, 1, 3, 2, 5])).toEqual([1, 2, 3]);
      expect(await applied(database, [4, 2])).toEqual([1, 2, 3, 4, 5]);
    }));

  test("tells which messages had their effect", () =>
    withDocuments(async (database) => {
      const mechanisms = hardenedProjectionMechanisms();
      const place = { database, name: listing.name, generation: 1 };
      const apply = async (sequence: number) =>
        (await applyMessage(listing, place, mechanisms, message(sequence))).map((each) => each.sequence);
      expect(await apply(2)).toEqual([]);
      expect(await apply(1)).toEqual([1, 2]);
      expect(await apply(1)).toEqual([]);
    }));

  test("loses nothing where several apply messages of one stream at the same time", () =>
    withDocuments(async (database) => {
      await Promise.all([applied(database, [1, 3]), applied(database, [2, 1]), applied(database, [3, 2])]);
      expect(await applied(database, [])).toEqual([1, 2, 3]);
    }));

  test("keeps generations apart", () =>
    withDocuments(async (database) => {
      await applied(database, [1, 2]);
      expect(await applied(database, [1], {}, 2)).toEqual([1]);
      expect(await applied(database, [])).toEqual([1, 2]);
    }));
});

describe("with a defect", () => {
  test("non-idempotent-handler has the effect of a copy", () =>
    withDocuments(async (database) => {
      expect(await applied(database, [1, 2, 1], nonIdempotentHandler.replacement())).toEqual([1, 2, 1]);
    }));

  test("drop-out-of-order loses what comes early", () =>
    withDocuments(async (database) => {
      expect(await applied(database, [2, 1], dropOutOfOrder.replacement())).toEqual([1]);
    }));

  test.each([
    ["checkpoint-before-apply", checkpointBeforeApply, null],
    ["checkpoint-outside-transaction", checkpointOutsideTransaction, [1, 1]],
  ] as const)("%s is wrong after a failure between its two writes", (_name, defect, after) =>
    withDocuments(async (database) => {
      let writes = 0;
      const failing = failingWrites(database, () => ++writes === 2);
      await expect(applied(failing, [1], defect.replacement())).rejects.toThrow(StoreFailure);
      expect(await applied(database, [1], defect.replacement())).toEqual(after);
    }),
  );
});

describe("a rebuild", () => {
  test("shows the new generation once the log was read, and applies what comes meanwhile to both", () =>
    withDocuments(async (database) => {
      const generations = new ProjectionGenerations(database, "views");
      await generations.create();
      await rebuild(database, generations, hardenedProjectionMechanisms().rebuild, async () => {
        const during = await generations.load();
        expect(during).toEqual({ oldest: 1, live: 1, newest: 2 });
        expect(maintained(during)).toEqual([2, 1]);
        for (const generation of maintained(during)) await applied(database, [3], {}, generation);
        expect(await applied(database, [], {}, during.live)).toEqual([1, 2, 3]);
      });
      expect(await generations.load()).toEqual({ oldest: 1, live: 2, newest: 2 });
      expect(await applied(database, [], {}, 2)).toEqual([1, 2, 3]);
    }));

  test("that was broken off is carried on, in the same generation", () =>
    withDocuments(async (database) => {
      const generations = new ProjectionGenerations(database, "views");
      await generations.create();
      const { rebuild: beside } = hardenedProjectionMechanisms();
      const broken = rebuild(database, generations, beside, () => Promise.reject(new Error("broken off")));
      await expect(broken).rejects.toThrow("broken off");
      await rebuild(database, generations, beside, async () => {});
      expect(await generations.load()).toMatchObject({ live: 2, newest: 2 });
      expect(await applied(database, [], {}, 2)).toEqual([1, 2]);
    }));

  test("with the defect rebuild-while-live shows nothing meanwhile", () =>
    withDocuments(async (database) => {
      const generations = new ProjectionGenerations(database, "views");
      await generations.create();
      const { rebuild: inPlace } = rebuildWhileLive.replacement();
      if (inPlace === undefined) throw new Error("the defect replaces no rebuild");
      await rebuild(database, generations, inPlace, async () => {
        expect(await applied(database, [])).toBeNull();
      });
      expect(await applied(database, [])).toEqual([1, 2]);
    }));
});

/** Rebuilds from a log of two messages; `beforeLog` is done when it is about to be read. */
async function rebuild(
  database: DocumentDatabase,
  generations: ProjectionGenerations,
  how: RebuildProjection,
  beforeLog: () => Promise<void>,
): Promise<void> {
  await applied(database, [1, 2]);
  const work: RebuildWork = {
    generations,
    readLog: async (handle) => {
      await beforeLog();
      for (const sequence of [1, 2]) await handle(message(sequence));
    },
    apply: async ({ sequence }, generation) => {
      await applied(database, [sequence], {}, generation);
    },
    clear: async (which) => {
      const generation = "before" in which ? { $lt: which.before } : which.generation;
      await database.collection(listing.name).deleteMany({ generation });
    },
  };
  await how(work);
}

/** The same database, on which some writes are lost together with the connection. */
function failingWrites(database: DocumentDatabase, fails: () => boolean): DocumentDatabase {
  const lost = () => {
    const error = new Error("read ECONNRESET");
    error.name = "MongoNetworkError";
    return Promise.reject(error);
  };
  return {
    collection: (name) => {
      const collection = database.collection<never>(name);
      const wrapped = {
        findOne: collection.findOne.bind(collection),
        insertOne: (...args: Parameters<typeof collection.insertOne>) =>
          fails() ? lost() : collection.insertOne(...args),
        updateOne: (...args: Parameters<typeof collection.updateOne>) =>
          fails() ? lost() : collection.updateOne(...args),
      };
      return wrapped as unknown as ReturnType<DocumentDatabase["collection"]> as never;
    },
  };
}
