import { type BsonDocument, type BsonObjectId, type BsonValue, fieldOf } from "./bson-value.ts";
import type { CollectionStore } from "./collection-store.ts";
import type { CompiledFilter } from "./compile-filter.ts";
import { type CompiledUpdate, checkId, idFirst, upsertBase } from "./compile-update.ts";
import { MongoServerError, serverError } from "./mongodb-errors.ts";
import { type SortOrder, sortDocuments } from "./sort-documents.ts";
import type { StoredRecord } from "./unique-index.ts";
import { sameBson } from "./update-operators.ts";

/** A write as it arrives at the server. */
export interface UpdateCommand {
  readonly filter: CompiledFilter;
  readonly update: CompiledUpdate;
  readonly upsert: boolean;
  /** A replacement takes only `_id` from the query when it is inserted. */
  readonly replacement: boolean;
}

/** What a write did. */
export interface UpdateResult {
  readonly matchedCount: number;
  readonly modifiedCount: number;
  /** Undefined: nothing was inserted. */
  readonly upsertedId: BsonValue | undefined;
}

/** Updates the first document that satisfies the query, or all. Throws MongoDB's errors. */
export function updateDocuments(
  collection: CollectionStore,
  command: UpdateCommand,
  many: boolean,
  newId: () => BsonObjectId,
): UpdateResult {
  const records = collection.find(command.filter, many ? 0 : 1);
  if (records.length === 0 && command.upsert) {
    const inserted = insertUpserted(collection, command, newId);
    return { matchedCount: 0, modifiedCount: 0, upsertedId: fieldOf(inserted, "_id") };
  }
  let modifiedCount = 0;
  for (const record of records) if (updateRecord(collection, record, command.update)) modifiedCount++;
  return { matchedCount: records.length, modifiedCount, upsertedId: undefined };
}

/** What findOneAndUpdate did: the document before and after; null: there was none, or still is none. */
export interface FindAndUpdateResult {
  readonly before: BsonDocument | null;
  readonly after: BsonDocument | null;
}

/** Updates the first document in an order, or inserts one. Throws MongoDB's errors. */
export function findAndUpdate(
  collection: CollectionStore,
  command: UpdateCommand,
  order: SortOrder,
  newId: () => BsonObjectId,
): FindAndUpdateResult {
  const record = firstRecord(collection, command.filter, order);
  if (record === undefined) {
    return { before: null, after: command.upsert ? insertUpserted(collection, command, newId) : null };
  }
  const before = record.document;
  updateRecord(collection, record, command.update);
  return { before, after: record.document };
}

/** Removes the first document that satisfies the query, or all; answers how many. */
export function deleteDocuments(collection: CollectionStore, filter: CompiledFilter, many: boolean): number {
  const records = collection.find(filter, many ? 0 : 1);
  for (const record of records) collection.remove(record);
  return records.length;
}

/** Makes of a replacement what an update is: it keeps `_id`. Throws ImmutableField (66). */
export function compileReplacement(replacement: BsonDocument): CompiledUpdate {
  const wanted = fieldOf(replacement, "_id");
  return (document) => {
    const id = fieldOf(document, "_id") ?? wanted;
    if (id === undefined) return replacement;
    if (wanted !== undefined && !sameBson(wanted, id)) {
      throw serverError(
        66,
        "ImmutableField",
        `After applying the update, the (immutable) field '_id' was found to have been altered to _id: ${JSON.stringify(wanted)}`,
      );
    }
    const { _id: _, ...rest } = replacement;
    const replaced = { _id: id, ...rest };
    return sameBson(replaced, document) ? document : replaced;
  };
}

function firstRecord(
  collection: CollectionStore,
  filter: CompiledFilter,
  order: SortOrder,
): StoredRecord | undefined {
  if (order.length === 0) return collection.find(filter, 1)[0];
  const records = collection.find(filter);
  const [first] = sortDocuments(
    records.map(({ document }) => document),
    order,
  );
  return records.find(({ document }) => document === first);
}

function updateRecord(collection: CollectionStore, record: StoredRecord, update: CompiledUpdate): boolean {
  const changed = update(record.document, false);
  if (changed === record.document) return false;
  collection.replace(record, changed);
  return true;
}

function insertUpserted(
  collection: CollectionStore,
  { filter, update, replacement }: UpdateCommand,
  newId: () => BsonObjectId,
): BsonDocument {
  const equalities = replacement ? filter.equalities.filter(([path]) => path === "_id") : filter.equalities;
  const made = update(upsertBase(equalities), true);
  const id = fieldOf(made, "_id") ?? newId();
  checkId(id);
  const document = idFirst({ ...made, _id: id });
  collection.insert(document);
  return document;
}

/** As the first error of a batch of writes: without the name of its code, with its position. */
export function asWriteError(error: unknown): unknown {
  if (!(error instanceof MongoServerError)) return error;
  const { code, message, keyPattern, keyValue } = error;
  return new MongoServerError({
    code,
    errmsg: message,
    index: 0,
    ...(keyPattern === undefined ? {} : { keyPattern }),
    ...(keyValue === undefined ? {} : { keyValue }),
  });
}
