import { type BsonDocument, type BsonValue, fieldOf, isArray, isDocument } from "./bson-value.ts";
import { UnsupportedByMongodbModelError } from "./unsupported-by-mongodb-model-error.ts";

/** A field's path, split at its dots. */
export type FieldPath = readonly string[];

/** A value at a path; undefined: the field is missing there. */
export type Candidate = BsonValue | undefined;

/** Splits `a.b.c`. Throws a refusal for a name that JavaScript objects cannot have as an ordinary field. */
export function splitPath(path: string): FieldPath {
  const names = path.split(".");
  if (names.includes("__proto__")) {
    throw new UnsupportedByMongodbModelError(`the path ${path}`, "ordinary field names");
  }
  return names;
}

/** Can the name be a position in an array? */
export function isPosition(name: string): boolean {
  return /^(0|[1-9]\d{0,8})$/.test(name);
}

/**
 * Does any value that a query on this path looks at satisfy the test? Arrays on the way are entered, by
 * position or element by element; of an array at the end the elements are looked at (unless `whole`),
 * then the array itself. A missing field counts as `undefined`, once for each place where it is missing.
 */
export function someAtPath(
  document: BsonDocument,
  path: FieldPath,
  whole: boolean,
  test: (candidate: Candidate) => boolean,
): boolean {
  return someBelow(document, path, 0, whole, test);
}

function someBelow(
  document: BsonDocument,
  path: FieldPath,
  depth: number,
  whole: boolean,
  test: (candidate: Candidate) => boolean,
): boolean {
  const value: Candidate = fieldOf(document, path[depth] ?? "");
  const rest = depth + 1;
  if (rest === path.length) {
    if (!isArray(value)) return test(value);
    return (!whole && value.some(test)) || test(value);
  }
  if (isArray(value)) return someInArray(value, path, rest, whole, test);
  return isDocument(value) ? someBelow(value, path, rest, whole, test) : test(undefined);
}

function someInArray(
  array: readonly BsonValue[],
  path: FieldPath,
  depth: number,
  whole: boolean,
  test: (candidate: Candidate) => boolean,
): boolean {
  for (const element of array) {
    if (isDocument(element) && someBelow(element, path, depth, whole, test)) return true;
  }
  const name = path[depth] ?? "";
  if (!isPosition(name)) return false;
  const element = array[Number(name)];
  if (element === undefined) return false;
  if (depth + 1 === path.length) return test(element);
  if (isArray(element)) return someInArray(element, path, depth + 1, whole, test);
  return isDocument(element) ? someBelow(element, path, depth + 1, whole, test) : test(undefined);
}

/** All values that a query on this path looks at, an array at its end not itself but its elements. */
export function elementsAtPath(document: BsonDocument, path: FieldPath): Candidate[] {
  const found: Candidate[] = [];
  someAtPath(document, path, true, (candidate) => {
    if (isArray(candidate)) found.push(...(candidate.length === 0 ? [candidate] : candidate));
    else found.push(candidate);
    return false;
  });
  return found;
}
