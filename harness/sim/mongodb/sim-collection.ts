import type { DocumentCollection } from "../../run/store-clients.ts";
import { refuseOthers } from "../refuse-others.ts";
import {
  type BsonDocument,
  type BsonObjectId,
  type BsonValue,
  cloneBson,
  fieldOf,
  toBsonDocument,
} from "./bson-value.ts";
import { checkId, idFirst } from "./compile-update.ts";
import { MongoBulkWriteError, MongoInvalidArgumentError, MongoServerError } from "./mongodb-errors.ts";
import type { MongodbServer } from "./mongodb-server.ts";
import {
  type Prepared,
  prepare,
  prepareFilter,
  prepareReplacement,
  prepareUpdate,
} from "./prepare-command.ts";
import { compileProjection } from "./project-document.ts";
import { readCallOptions, readNumber } from "./read-call-options.ts";
import { readIndex } from "./read-index.ts";
import { SimFindCursor } from "./sim-find-cursor.ts";
import type { SimMongodbClient } from "./sim-mongodb-client.ts";
import { readSort } from "./sort-documents.ts";
import { UnsupportedByMongodbModelError } from "./unsupported-by-mongodb-model-error.ts";
import {
  asWriteError,
  deleteDocuments,
  findAndUpdate,
  type UpdateCommand,
  updateDocuments,
} from "./write-commands.ts";

/** Where a collection is, and on whose behalf. */
export interface SimCollectionOptions {
  readonly server: MongodbServer;
  readonly client: SimMongodbClient;
  /** Draws ids for documents that have none. */
  readonly newId: () => BsonObjectId;
  readonly name: string;
}

/** The driver's collection, for the calls that {@link DocumentCollection} has. */
export function createSimCollection(options: SimCollectionOptions): DocumentCollection {
  const { server, name } = options;
  const calls = {
    collectionName: name,
    ...insertCalls(options),
    ...updateCalls(options),
    ...readCalls(options),
  };
  const supported = Object.keys(calls).join(", ");
  return refuseOthers(calls, (member) => {
    const error = new UnsupportedByMongodbModelError(`collection.${member}`, supported);
    server.refusals.push(error);
    return error;
  }) as unknown as DocumentCollection;
}

function insertCalls({ server, client, newId, name }: SimCollectionOptions) {
  const collection = () => server.collection(name);
  return {
    insertOne: noting(server, async (document: object, given?: unknown) => {
      readCallOptions("insertOne", given, []);
      const stored = copyForInsert(document, newId);
      await client.run(`insert ${name}`, () =>
        asWrite(() => {
          checkId(fieldOf(stored, "_id") ?? null);
          collection().insert(stored);
        }),
      );
      return { acknowledged: true, insertedId: idOf(document) };
    }),
    insertMany: noting(server, async (documents: readonly object[], given?: unknown) => {
      const { ordered = true } = readCallOptions("insertMany", given, ["ordered"]);
      if (ordered !== true)
        throw new UnsupportedByMongodbModelError("insertMany with ordered: false", "ordered: true");
      if (!Array.isArray(documents)) {
        throw new MongoInvalidArgumentError('Argument "docs" must be an array of documents');
      }
      if (documents.length === 0) {
        throw new MongoInvalidArgumentError("Invalid BulkOperation, Batch cannot be empty");
      }
      const stored = documents.map((document) => copyForInsert(document, newId));
      const ids = documents.map(idOf);
      await client.run(`insert ${name}`, () => {
        for (const [index, document] of stored.entries()) {
          try {
            checkId(fieldOf(document, "_id") ?? null);
            collection().insert(document);
          } catch (error) {
            if (!(error instanceof MongoServerError)) throw error;
            const failure = { index, code: error.code, errmsg: error.message };
            throw new MongoBulkWriteError(failure, { ...ids.slice(0, index) });
          }
        }
      });
      return { acknowledged: true, insertedCount: ids.length, insertedIds: { ...ids } };
    }),
    createIndex: noting(server, async (specification: unknown, given?: unknown) => {
      const index = readIndex(specification, given);
      await client.run(`createIndexes ${name}`, () => collection().createIndex(index));
      return index.name;
    }),
  };
}

function updateCalls({ server, client, name }: SimCollectionOptions) {
  const collection = () => server.collection(name);
  const update = async (prepared: Prepared<UpdateCommand>, many: boolean) => {
    const { matchedCount, modifiedCount, upsertedId } = await client.run(`update ${name}`, () =>
      asWrite(() => updateDocuments(collection(), prepared(), many, server.newId)),
    );
    const upsertedCount = upsertedId === undefined ? 0 : 1;
    const id = upsertedId === undefined ? null : cloneBson(upsertedId);
    return { acknowledged: true, modifiedCount, upsertedId: id, upsertedCount, matchedCount };
  };
  const remove = async (call: string, filter: unknown, given: unknown, many: boolean) => {
    readCallOptions(call, given, []);
    const prepared = prepareFilter(filter);
    const deletedCount = await client.run(`delete ${name}`, () =>
      deleteDocuments(collection(), prepared(), many),
    );
    return { acknowledged: true, deletedCount };
  };
  return {
    updateOne: noting(server, async (filter: unknown, change: unknown, given?: unknown) =>
      update(prepareUpdate(filter, change, readUpsert("updateOne", given)), false),
    ),
    updateMany: noting(server, async (filter: unknown, change: unknown, given?: unknown) =>
      update(prepareUpdate(filter, change, readUpsert("updateMany", given)), true),
    ),
    replaceOne: noting(server, async (filter: unknown, document: unknown, given?: unknown) =>
      update(prepareReplacement(filter, document, readUpsert("replaceOne", given)), false),
    ),
    deleteOne: noting(server, async (filter: unknown, given?: unknown) =>
      remove("deleteOne", filter, given, false),
    ),
    deleteMany: noting(server, async (filter: unknown, given?: unknown) =>
      remove("deleteMany", filter, given, true),
    ),
    findOneAndUpdate: noting(server, async (filter: unknown, change: unknown, given?: unknown) => {
      const known = ["upsert", "returnDocument", "sort", "projection", "includeResultMetadata"];
      const options = readCallOptions("findOneAndUpdate", given, known);
      const command = prepareUpdate(filter, change, options.upsert === true);
      const shape = prepare(() => ({
        order: readSort(options.sort),
        project: compileProjection(options.projection),
      }));
      const { before, after, project } = await client.run(`findAndModify ${name}`, () => {
        const { order, project } = shape();
        return { ...findAndUpdate(collection(), command(), order, server.newId), project };
      });
      const wanted = options.returnDocument === "after" ? after : before;
      const value = wanted === null ? null : project(wanted);
      if (options.includeResultMetadata !== true) return value;
      const upserted = before === null && after !== null ? { upserted: fieldOf(after, "_id") } : {};
      const n = after === null ? 0 : 1;
      return { lastErrorObject: { n, updatedExisting: before !== null, ...upserted }, value, ok: 1 };
    }),
  };
}

function readCalls({ server, client, name }: SimCollectionOptions) {
  const target = {
    run: <Value>(work: () => Value) => client.run(`find ${name}`, work),
    collection: () => server.collection(name),
    noted: (error: unknown) => note(server, error),
  };
  return {
    find: (filter?: unknown, given?: unknown) =>
      refuseOthers(new SimFindCursor(target, filter, given), (member) => {
        const error = new UnsupportedByMongodbModelError(
          `cursor.${member}`,
          "sort, limit, skip, project, toArray, next, hasNext, close",
        );
        server.refusals.push(error);
        return error;
      }),
    findOne: noting(server, async (filter?: unknown, given?: unknown) => {
      const options = readCallOptions("findOne", given, ["sort", "skip", "projection"]);
      return new SimFindCursor(target, filter, { ...options, limit: 1 }).next();
    }),
    countDocuments: noting(server, async (filter?: unknown, given?: unknown) => {
      const options = readCallOptions("countDocuments", given, ["limit", "skip"]);
      const prepared = prepareFilter(filter);
      const skip = readNumber("countDocuments", options, "skip");
      const limit = readNumber("countDocuments", options, "limit");
      return client.run(`count ${name}`, () => {
        const found = Math.max(0, target.collection().find(prepared()).length - skip);
        return limit === 0 ? found : Math.min(limit, found);
      });
    }),
  };
}

/** The call, with refusals noted at the server so that a run cannot pass over them. */
function noting<Args extends readonly unknown[], Value>(
  server: MongodbServer,
  call: (...args: Args) => Promise<Value>,
): (...args: Args) => Promise<Value> {
  return async (...args) => {
    try {
      return await call(...args);
    } catch (error) {
      throw note(server, error);
    }
  };
}

function note(server: MongodbServer, error: unknown): unknown {
  if (error instanceof UnsupportedByMongodbModelError && !server.refusals.includes(error))
    server.refusals.push(error);
  return error;
}

function asWrite<Value>(work: () => Value): Value {
  try {
    return work();
  } catch (error) {
    throw asWriteError(error);
  }
}

function readUpsert(call: string, given: unknown): boolean {
  return readCallOptions(call, given, ["upsert"]).upsert === true;
}

/** As the driver does, gives the caller's own document an `_id` if it has none. */
function copyForInsert(document: object, newId: () => BsonObjectId): BsonDocument {
  const own = document as { _id?: unknown };
  if (own._id === undefined || own._id === null) own._id = newId();
  return idFirst(toBsonDocument(document, "a document", "refused"));
}

function idOf(document: object): BsonValue {
  return (document as { _id: BsonValue })._id;
}
