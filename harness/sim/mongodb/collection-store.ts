import { bsonKey } from "./bson-key.ts";
import { type BsonDocument, type BsonValue, fieldOf, isArray } from "./bson-value.ts";
import type { CompiledFilter } from "./compile-filter.ts";
import { serverError } from "./mongodb-errors.ts";
import { duplicateKey, type IndexDefinition, type StoredRecord, UniqueIndex } from "./unique-index.ts";

/** MongoDB's own index. */
const idIndex: Pick<IndexDefinition, "name" | "keys"> = { name: "_id_", keys: [["_id", 1]] };

/**
 * The documents of a collection, in the order in which they were inserted, and its indexes. Each change
 * is one step: it happens or throws and leaves everything as it was.
 */
export class CollectionStore {
  /** Database and collection, as in the texts of errors. */
  readonly namespace: string;
  readonly #records = new Map<string, StoredRecord>();
  readonly #indexes = new Map<string, IndexDefinition>();
  readonly #unique: UniqueIndex[] = [];

  constructor(namespace: string) {
    this.namespace = namespace;
  }

  /** How many documents there are. */
  get size(): number {
    return this.#records.size;
  }

  /** The documents that satisfy the query, in the order of their insertion; at most `limit` (0: all). */
  find(filter: CompiledFilter, limit = 0): StoredRecord[] {
    const only = this.#lookUp(filter);
    if (only !== null) return only !== undefined && filter.matches(only.document) ? [only] : [];
    const found: StoredRecord[] = [];
    for (const record of this.#records.values()) {
      if (!filter.matches(record.document)) continue;
      found.push(record);
      if (found.length === limit) break;
    }
    return found;
  }

  /** Throws E11000, and 171 where two arrays meet in one compound index. */
  insert(document: BsonDocument): void {
    const id = fieldOf(document, "_id") ?? null;
    const key = bsonKey(id);
    if (this.#records.has(key)) throw duplicateKey(idIndex, [id], this.namespace);
    const record: StoredRecord = { document };
    const keys = this.#unique.map((index) => index.keysOf(document));
    for (const [position, index] of this.#unique.entries()) {
      index.check(keys[position] ?? new Map(), null, this.namespace);
    }
    for (const [position, index] of this.#unique.entries()) index.add(keys[position] ?? new Map(), record);
    this.#records.set(key, record);
  }

  /** Puts another document with the same `_id` in the place of one. Throws E11000. */
  replace(record: StoredRecord, document: BsonDocument): void {
    const before = this.#unique.map((index) => index.keysOf(record.document));
    const after = this.#unique.map((index) => index.keysOf(document));
    for (const [position, index] of this.#unique.entries()) {
      index.check(after[position] ?? new Map(), record, this.namespace);
    }
    for (const [position, index] of this.#unique.entries()) {
      index.remove(before[position] ?? new Map());
      index.add(after[position] ?? new Map(), record);
    }
    record.document = document;
  }

  /** Removes a document. */
  remove(record: StoredRecord): void {
    for (const index of this.#unique) index.remove(index.keysOf(record.document));
    this.#records.delete(bsonKey(fieldOf(record.document, "_id") ?? null));
  }

  /**
   * Makes an index, unless it is there. Throws 85 or 86 where another one has its keys or its name, and
   * E11000 where documents share a key that has to be unique.
   */
  createIndex(definition: IndexDefinition): void {
    if (this.#isKnown(definition)) return;
    if (definition.unique) {
      const index = new UniqueIndex(definition);
      for (const record of this.#records.values()) {
        const keys = index.keysOf(record.document);
        index.check(keys, record, this.namespace);
        index.add(keys, record);
      }
      this.#unique.push(index);
    }
    this.#indexes.set(definition.name, definition);
  }

  /** Null: no unique index answers the query; undefined: it says that there is no such document. */
  #lookUp({ equalities }: CompiledFilter): StoredRecord | undefined | null {
    if (equalities.length === 0) return null;
    for (const [path, value] of equalities) {
      if (path === "_id" && isIndexable(value)) return this.#records.get(bsonKey(value));
    }
    for (const index of this.#unique) {
      if (index.definition.sparse) continue;
      const values = index.definition.keys.map(([field]) => equalities.find(([path]) => path === field)?.[1]);
      if (values.every((value) => value !== undefined && isIndexable(value))) {
        return index.find(values as BsonValue[]);
      }
    }
    return null;
  }

  #isKnown(wanted: IndexDefinition): boolean {
    const wantedKeys = JSON.stringify(wanted.keys);
    for (const known of this.#indexes.values()) {
      const sameKeys = JSON.stringify(known.keys) === wantedKeys;
      const sameOptions = known.unique === wanted.unique && known.sparse === wanted.sparse;
      if (known.name === wanted.name) {
        if (sameKeys && sameOptions) return true;
        throw serverError(
          86,
          "IndexKeySpecsConflict",
          `An existing index has the same name as the requested index. When index names are not specified, they are auto generated and can cause conflicts. Please refer to our documentation. Requested index: ${describe(wanted)}, existing index: ${describe(known)}`,
        );
      }
      if (sameKeys && sameOptions) {
        throw serverError(
          85,
          "IndexOptionsConflict",
          `Index already exists with a different name: ${known.name}`,
        );
      }
    }
    return false;
  }
}

/** Arrays are equal to themselves and to arrays that hold them: no index key tells. */
function isIndexable(value: BsonValue): boolean {
  // Null is equal to a missing field, and a missing field of an array has no key of its own.
  return value !== null && !isArray(value);
}

function describe({ name, keys, unique }: IndexDefinition): string {
  const key = keys.map(([field, direction]) => `${field}: ${direction}`).join(", ");
  return `{ v: 2,${unique ? " unique: true," : ""} key: { ${key} }, name: "${name}" }`;
}
