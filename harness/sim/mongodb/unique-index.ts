import { isDate } from "node:util/types";
import { bsonKey, joinKeys } from "./bson-key.ts";
import { type BsonDocument, type BsonValue, isArray, isDocument, isObjectId } from "./bson-value.ts";
import { MongoServerError, serverError } from "./mongodb-errors.ts";
import { elementsAtPath, type FieldPath, splitPath } from "./read-path.ts";

/** An index as it was asked for. */
export interface IndexDefinition {
  readonly name: string;
  /** Fields with 1 or −1, in order. */
  readonly keys: readonly (readonly [field: string, direction: number])[];
  readonly unique: boolean;
  readonly sparse: boolean;
}

/** A stored document; the object stays while the document is replaced. */
export interface StoredRecord {
  document: BsonDocument;
}

/** How an empty array stands in an index: below null. */
const EMPTY_ARRAY_KEY = "u";

/**
 * A unique index: which document holds which key. An array puts each of its elements into the index; a
 * missing field counts as null.
 */
export class UniqueIndex {
  readonly definition: IndexDefinition;
  readonly #paths: readonly FieldPath[];
  readonly #holders = new Map<string, StoredRecord>();

  constructor(definition: IndexDefinition) {
    this.definition = definition;
    this.#paths = definition.keys.map(([field]) => splitPath(field));
  }

  /** The keys of a document: joined text and values. None, where a sparse index leaves it out. */
  keysOf(document: BsonDocument): Map<string, readonly BsonValue[]> {
    const columns = this.#paths.map((path) => elementsAtPath(document, path));
    const keys = new Map<string, readonly BsonValue[]>();
    if (this.definition.sparse && columns.every((values) => values.every((value) => value === undefined))) {
      return keys;
    }
    if (columns.filter((values) => values.length > 1).length > 1) {
      throw serverError(171, "CannotIndexParallelArrays", "cannot index parallel arrays");
    }
    let rows: BsonValue[][] = [[]];
    for (const values of columns) {
      const distinct = values.length === 0 ? [null] : values.map((value) => value ?? null);
      rows = rows.flatMap((row) => distinct.map((value) => [...row, value]));
    }
    for (const row of rows) {
      const parts = row.map((value) =>
        isArray(value) && value.length === 0 ? EMPTY_ARRAY_KEY : bsonKey(value),
      );
      keys.set(joinKeys(parts), row);
    }
    return keys;
  }

  /** The document that these values lead to: the only one that can equal them in the indexed fields. */
  find(values: readonly BsonValue[]): StoredRecord | undefined {
    return this.#holders.get(joinKeys(values.map(bsonKey)));
  }

  /** Throws E11000 where another document holds one of the keys. */
  check(keys: ReadonlyMap<string, readonly BsonValue[]>, own: StoredRecord | null, namespace: string): void {
    for (const [key, values] of keys) {
      const holder = this.#holders.get(key);
      if (holder !== undefined && holder !== own) throw duplicateKey(this.definition, values, namespace);
    }
  }

  /** Puts a document's keys in. */
  add(keys: ReadonlyMap<string, readonly BsonValue[]>, record: StoredRecord): void {
    for (const key of keys.keys()) this.#holders.set(key, record);
  }

  /** Takes a document's keys out. */
  remove(keys: ReadonlyMap<string, readonly BsonValue[]>): void {
    for (const key of keys.keys()) this.#holders.delete(key);
  }
}

/** E11000: the key is taken. */
export function duplicateKey(
  { name, keys }: Pick<IndexDefinition, "name" | "keys">,
  values: readonly BsonValue[],
  namespace: string,
): MongoServerError {
  const keyValue = Object.fromEntries(keys.map(([field], index) => [field, values[index] ?? null]));
  const text = keys.map(([field], index) => `${field}: ${keyText(values[index] ?? null)}`).join(", ");
  return new MongoServerError({
    code: 11000,
    codeName: "DuplicateKey",
    errmsg: `E11000 duplicate key error collection: ${namespace} index: ${name} dup key: { ${text} }`,
    keyPattern: Object.fromEntries(keys),
    keyValue,
  });
}

function keyText(value: BsonValue): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (isObjectId(value)) return `ObjectId('${value.toHexString()}')`;
  if (isDate(value)) return `new Date(${value.getTime()})`;
  // An empty array stands in an index as what has no value.
  if (isArray(value) && value.length === 0) return "undefined";
  if (isArray(value)) return `[ ${value.map(keyText).join(", ")} ]`;
  if (!isDocument(value)) return "";
  const fields = Object.entries(value).map(([field, inner]) => `${field}: ${keyText(inner)}`);
  return `{ ${fields.join(", ")} }`;
}
