import { type BsonDocument, type BsonValue, cloneBson, fieldOf, isArray, isDocument } from "./bson-value.ts";
import { serverError } from "./mongodb-errors.ts";
import { splitPath } from "./read-path.ts";
import { UnsupportedByMongodbModelError } from "./unsupported-by-mongodb-model-error.ts";

/** Makes of a stored document the copy that a caller gets. */
export type Projection = (document: BsonDocument) => BsonDocument;

/** Fields that are named, and below them the same; null: the whole field. */
type FieldTree = Map<string, FieldTree | null>;

/**
 * Understands a projection: fields to keep or fields to leave out, and `_id` by itself. Throws MongoDB's
 * errors for a mixture (31253, 31254), and a refusal for expressions.
 */
export function compileProjection(projection: unknown): Projection {
  if (projection === undefined || projection === null) return cloneBson;
  const wanted = Object.entries(projection).map(([field, value]) => ({
    field,
    keep: readKeep(field, value),
  }));
  const others = wanted.filter(({ field }) => field !== "_id");
  const ownId = wanted.find(({ field }) => field === "_id");
  const including = others[0]?.keep ?? ownId?.keep ?? false;
  for (const { field, keep } of others) {
    if (keep === including) continue;
    throw including
      ? serverError(31254, "Location31254", `Cannot do exclusion on field ${field} in inclusion projection`)
      : serverError(31253, "Location31253", `Cannot do inclusion on field ${field} in exclusion projection`);
  }
  const tree: FieldTree = new Map();
  for (const { field } of others) addPath(tree, field);
  if (including) {
    if (ownId?.keep !== false) tree.set("_id", null);
    return (document) => include(document, tree);
  }
  if (ownId?.keep === false) tree.set("_id", null);
  return (document) => exclude(document, tree);
}

function readKeep(field: string, value: unknown): boolean {
  if (typeof value === "number" || typeof value === "boolean") {
    if (!field.startsWith("$") && !field.includes(".$")) return Boolean(value);
  }
  throw new UnsupportedByMongodbModelError(
    `the projection ${field}: ${JSON.stringify(value)}`,
    "fields with 0 or 1",
  );
}

function addPath(tree: FieldTree, field: string): void {
  const names = splitPath(field);
  let branch = tree;
  for (const [index, name] of names.entries()) {
    const below = branch.get(name);
    const last = index === names.length - 1;
    if (below === null || (last && below !== undefined)) {
      throw serverError(31249, "Location31249", `Path collision at ${field}`);
    }
    if (last) branch.set(name, null);
    else {
      const next: FieldTree = below ?? new Map();
      branch.set(name, next);
      branch = next;
    }
  }
}

function include(document: BsonDocument, tree: FieldTree): BsonDocument {
  const kept: Record<string, BsonValue> = {};
  for (const name of Object.keys(document)) {
    const below = tree.get(name);
    const value = fieldOf(document, name) ?? null;
    if (below === undefined) continue;
    if (below === null) kept[name] = cloneBson(value);
    else {
      const inner = includeBelow(value, below);
      if (inner !== undefined) kept[name] = inner;
    }
  }
  return kept;
}

/** Undefined for a value that has no fields: it is left out. */
function includeBelow(value: BsonValue, tree: FieldTree): BsonValue | undefined {
  if (isArray(value)) {
    return value.map((element) => includeBelow(element, tree)).filter((element) => element !== undefined);
  }
  return isDocument(value) ? include(value, tree) : undefined;
}

function exclude(document: BsonDocument, tree: FieldTree): BsonDocument {
  const kept: Record<string, BsonValue> = {};
  for (const name of Object.keys(document)) {
    const below = tree.get(name);
    const value = fieldOf(document, name) ?? null;
    if (below !== null) kept[name] = below === undefined ? cloneBson(value) : excludeBelow(value, below);
  }
  return kept;
}

function excludeBelow(value: BsonValue, tree: FieldTree): BsonValue {
  if (isArray(value)) return value.map((element) => excludeBelow(element, tree));
  return isDocument(value) ? exclude(value, tree) : cloneBson(value);
}
