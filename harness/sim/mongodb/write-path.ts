import { type BsonDocument, type BsonValue, fieldOf, isArray, isDocument } from "./bson-value.ts";
import { typeName } from "./compare-bson.ts";
import { serverError } from "./mongodb-errors.ts";
import { type FieldPath, isPosition } from "./read-path.ts";

/** What becomes of the value at a path: another value; undefined removes the field. */
export type ChangeValue = (value: BsonValue | undefined) => BsonValue | undefined;

/** How many places past its end an array may be written to. */
const PADDING_MAX = 1_500_000;

/**
 * A copy of the document in which the value at the path is changed; what is not on the path is shared.
 * The document itself where nothing changes. Makes the documents on the way that are missing. Throws
 * PathNotViable (28) where the path leads through a value that has no fields.
 */
export function changeAtPath(document: BsonDocument, path: FieldPath, change: ChangeValue): BsonDocument {
  return changeBelow(document, path, 0, change);
}

function changeBelow(
  document: BsonDocument,
  path: FieldPath,
  depth: number,
  change: ChangeValue,
): BsonDocument {
  const field = path[depth] ?? "";
  const old = fieldOf(document, field);
  const changed = changeValue(old, path, depth + 1, change);
  if (changed === old) return document;
  if (changed !== undefined) return { ...document, [field]: changed };
  const { [field]: _, ...rest } = document;
  return rest;
}

function changeValue(
  old: BsonValue | undefined,
  path: FieldPath,
  depth: number,
  change: ChangeValue,
): BsonValue | undefined {
  if (depth === path.length) return change(old);
  if (old === undefined) {
    const made = changeBelow({}, path, depth, change);
    // What would only have been removed is not made.
    return Object.keys(made).length === 0 ? undefined : made;
  }
  if (isDocument(old)) return changeBelow(old, path, depth, change);
  const field = path[depth] ?? "";
  if (isArray(old) && isPosition(field)) return changeElement(old, Number(field), path, depth, change);
  // To remove what is not there is no error.
  if (change(undefined) === undefined) return old;
  const name = path[depth - 1] ?? "";
  throw serverError(
    28,
    "PathNotViable",
    `Cannot create field '${field}' in element {${name}: ${describe(old)}}`,
  );
}

function changeElement(
  array: readonly BsonValue[],
  position: number,
  path: FieldPath,
  depth: number,
  change: ChangeValue,
): readonly BsonValue[] {
  const old = array[position];
  const changed = changeValue(old, path, depth + 1, change);
  if (changed === old) return array;
  if (position > array.length + PADDING_MAX) {
    throw serverError(2, "BadValue", "can't backfill more than 1500000 elements");
  }
  const copy = [...array];
  while (copy.length < position) copy.push(null);
  // An element that is removed leaves a null: the others keep their places.
  copy[position] = changed ?? null;
  return copy;
}

function describe(value: BsonValue): string {
  return typeof value === "object" && value !== null ? typeName(value) : JSON.stringify(value);
}
