import { type BsonDocument, type BsonValue, fieldOf, isDocument } from "./bson-value.ts";
import { badValue, serverError } from "./mongodb-errors.ts";
import { type FieldPath, isPosition, splitPath } from "./read-path.ts";
import { UnsupportedByMongodbModelError } from "./unsupported-by-mongodb-model-error.ts";
import { sameBson, type UpdatePlace, updateOperators } from "./update-operators.ts";
import { type ChangeValue, changeAtPath } from "./write-path.ts";

/** The document after the update; the same object where nothing changes. */
export type CompiledUpdate = (document: BsonDocument, inserting: boolean) => BsonDocument;

interface Step {
  readonly path: FieldPath;
  readonly field: string;
  readonly onInsertOnly: boolean;
  readonly change: (place: UpdatePlace) => ChangeValue;
}

/**
 * Understands an update of operators. Throws MongoDB's errors: BadValue (2), FailedToParse (9),
 * TypeMismatch (14), ConflictingUpdateOperators (40); a refusal for an operator that the model does not
 * have. What it makes throws ImmutableField (66), PathNotViable (28), and what operators throw.
 */
export function compileUpdate(update: BsonDocument): CompiledUpdate {
  const steps = Object.entries(update).flatMap(([operator, fields]) => readSteps(operator, fields));
  refuseConflicts(steps);
  // MongoDB applies all operators in the order of their fields' names, not in that of the update.
  steps.sort((left, right) => comparePaths(left.path, right.path));
  return (document, inserting) => {
    let changed = document;
    for (const { path, field, onInsertOnly, change } of steps) {
      if (onInsertOnly && !inserting) continue;
      changed = changeAtPath(changed, path, change({ field, id: () => fieldOf(document, "_id") ?? null }));
    }
    refuseOtherId(document, changed);
    return changed;
  };
}

function readSteps(operator: string, fields: BsonValue): Step[] {
  const understand = updateOperators.get(operator);
  if (understand === undefined) {
    if (!operator.startsWith("$")) {
      throw serverError(
        9,
        "FailedToParse",
        `Unknown modifier: ${operator}. Expected a valid update modifier or pipeline-style update specified as an array`,
      );
    }
    throw new UnsupportedByMongodbModelError(
      `the update operator ${operator}`,
      [...updateOperators.keys()].join(", "),
    );
  }
  if (!isDocument(fields)) {
    throw serverError(
      9,
      "FailedToParse",
      `Modifiers operate on fields but we found type ${typeof fields} instead`,
    );
  }
  return Object.entries(fields).map(([field, operand]) => {
    const path = splitPath(field);
    if (path.some((name) => name === "")) {
      throw serverError(
        56,
        "EmptyFieldName",
        `The update path '${field}' contains an empty field name, which is not allowed.`,
      );
    }
    if (path.some((name) => name.startsWith("$"))) {
      throw new UnsupportedByMongodbModelError(`the positional update path ${field}`, "plain paths");
    }
    const change = understand(operand, field);
    return { path, field, onInsertOnly: operator === "$setOnInsert", change };
  });
}

function refuseConflicts(steps: readonly Step[]): void {
  for (const [index, { field }] of steps.entries()) {
    for (const earlier of steps.slice(0, index)) {
      const [short, long] =
        field.length < earlier.field.length ? [field, earlier.field] : [earlier.field, field];
      if (long !== short && !long.startsWith(`${short}.`)) continue;
      throw serverError(
        40,
        "ConflictingUpdateOperators",
        `Updating the path '${field}' would create a conflict at '${short}'`,
      );
    }
  }
}

function refuseOtherId(document: BsonDocument, changed: BsonDocument): void {
  const id = fieldOf(document, "_id");
  if (id === undefined) return;
  const after = fieldOf(changed, "_id");
  if (after === id || (after !== undefined && sameBson(after, id))) return;
  throw serverError(
    66,
    "ImmutableField",
    "Performing an update on the path '_id' would modify the immutable field '_id'",
  );
}

function comparePaths(left: FieldPath, right: FieldPath): number {
  for (const [index, name] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    if (name === other) continue;
    if (isPosition(name) && isPosition(other)) return Number(name) - Number(other);
    return name < other ? -1 : 1;
  }
  return left.length - right.length;
}

/** What an upsert inserts before its update: the values that the query asks for, `_id` first. */
export function upsertBase(equalities: readonly (readonly [string, BsonValue])[]): BsonDocument {
  let base: BsonDocument = {};
  const seen: string[] = [];
  for (const [field, value] of equalities) {
    const clash = seen.find(
      (known) => known === field || known.startsWith(`${field}.`) || field.startsWith(`${known}.`),
    );
    if (clash !== undefined) {
      throw serverError(
        54,
        "NotSingleValueField",
        `cannot infer query fields to set, path '${field}' is matched twice`,
      );
    }
    seen.push(field);
    base = changeAtPath(base, splitPath(field), () => value);
  }
  return idFirst(base);
}

/** The document with `_id` as its first field, as MongoDB stores it. */
export function idFirst(document: BsonDocument): BsonDocument {
  for (const field in document) {
    if (field === "_id") return document;
    break;
  }
  const id = fieldOf(document, "_id");
  if (id === undefined) return document;
  const { _id: _, ...rest } = document;
  return { _id: id, ...rest };
}

/** Refuses an `_id` that MongoDB does not take. */
export function checkId(id: BsonValue): void {
  if (Array.isArray(id)) throw badValue("The '_id' value cannot be of type array");
}
