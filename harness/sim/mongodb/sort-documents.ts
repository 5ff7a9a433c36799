import { type BsonDocument, type BsonValue, isArray } from "./bson-value.ts";
import { compareBson } from "./compare-bson.ts";
import { badValue } from "./mongodb-errors.ts";
import { elementsAtPath, splitPath } from "./read-path.ts";
import { UnsupportedByMongodbModelError } from "./unsupported-by-mongodb-model-error.ts";

/** Fields with 1 (rising) or −1 (falling), in order. */
export type SortOrder = readonly (readonly [field: string, direction: 1 | -1])[];

/** Reads the driver's forms of a sort: an object, a Map, a field with a direction, a list of them. */
export function readSort(sort: unknown, direction?: unknown): SortOrder {
  if (sort === undefined || sort === null) return [];
  if (typeof sort === "string") return [[sort, readDirection(direction ?? 1)]];
  if (sort instanceof Map) return [...sort].map(([field, value]) => [String(field), readDirection(value)]);
  if (!Array.isArray(sort))
    return Object.entries(sort).map(([field, value]) => [field, readDirection(value)]);
  const [first, second] = sort;
  if (sort.length === 2 && typeof first === "string" && !Array.isArray(second) && isDirection(second)) {
    return [[first, readDirection(second)]];
  }
  return sort.map((entry) =>
    Array.isArray(entry) ? [String(entry[0]), readDirection(entry[1])] : [String(entry), 1],
  );
}

/**
 * Puts documents in order; those that are equal stay as they are. A rising order takes an array's lowest
 * element, a falling one its highest; a missing field counts as null, an empty array comes before it.
 * O(n log n).
 */
export function sortDocuments(documents: readonly BsonDocument[], order: SortOrder): BsonDocument[] {
  if (order.length === 0) return [...documents];
  const columns = order.map(([field, direction]) => ({ path: splitPath(field), direction }));
  const rows = documents.map((document) => ({
    document,
    keys: columns.map(({ path, direction }) => sortKey(elementsAtPath(document, path), direction)),
  }));
  rows.sort((left, right) => {
    for (const [index, { direction }] of columns.entries()) {
      const difference = compareKeys(left.keys[index], right.keys[index]) * direction;
      if (difference !== 0) return difference;
    }
    return 0;
  });
  return rows.map(({ document }) => document);
}

/** Undefined: an empty array. */
function sortKey(values: readonly (BsonValue | undefined)[], direction: 1 | -1): BsonValue | undefined {
  const keys = values.map((value) => (isArray(value) && value.length === 0 ? undefined : (value ?? null)));
  if (keys.length === 0) return null;
  return keys.reduce((best, key) => (compareKeys(key, best) * direction < 0 ? key : best));
}

function compareKeys(left: BsonValue | undefined, right: BsonValue | undefined): number {
  if (left === undefined || right === undefined)
    return Number(left !== undefined) - Number(right !== undefined);
  return compareBson(left, right);
}

function isDirection(value: unknown): boolean {
  return ["1", "-1", "asc", "desc", "ascending", "descending"].includes(String(value).toLowerCase());
}

function readDirection(value: unknown): 1 | -1 {
  if (typeof value === "object" && value !== null) {
    throw new UnsupportedByMongodbModelError(`a sort by ${JSON.stringify(value)}`, "1 and -1");
  }
  if (!isDirection(value)) throw badValue(`Invalid sort direction: ${JSON.stringify(value)}`);
  return String(value).toLowerCase() === "1" || String(value).toLowerCase().startsWith("a") ? 1 : -1;
}
