import { type BsonDocument, type BsonValue, isArray, isDocument } from "./bson-value.ts";
import { compareBson, equalBson, typeName } from "./compare-bson.ts";
import { compileElement, isOperators } from "./compile-filter.ts";
import { badValue, serverError } from "./mongodb-errors.ts";
import { UnsupportedByMongodbModelError } from "./unsupported-by-mongodb-model-error.ts";
import type { ChangeValue } from "./write-path.ts";

/** Where an operator is applied, for the texts of errors. */
export interface UpdatePlace {
  readonly field: string;
  readonly id: () => BsonValue;
}

/** Understands an operator's operand for one field, and says what it does to the field's value. */
export type UpdateOperator = (operand: BsonValue, field: string) => (place: UpdatePlace) => ChangeValue;

/** The update operators by name. */
export const updateOperators: ReadonlyMap<string, UpdateOperator> = new Map<string, UpdateOperator>([
  ["$set", (operand) => () => (old) => (old !== undefined && sameBson(old, operand) ? old : operand)],
  ["$setOnInsert", (operand) => () => () => operand],
  ["$unset", () => () => () => undefined],
  ["$inc", increment],
  ["$min", (operand) => () => (old) => (old === undefined || compareBson(operand, old) < 0 ? operand : old)],
  ["$max", (operand) => () => (old) => (old === undefined || compareBson(operand, old) > 0 ? operand : old)],
  ["$push", push],
  ["$addToSet", addToSet],
  ["$pull", pull],
]);

/** Are the values the same to the byte, as far as JavaScript can tell? */
export function sameBson(left: BsonValue, right: BsonValue): boolean {
  return Object.is(left, right) || (typeof left === "object" && compareBson(left, right) === 0);
}

function increment(operand: BsonValue, field: string): (place: UpdatePlace) => ChangeValue {
  if (typeof operand !== "number") {
    const text = JSON.stringify(operand);
    throw serverError(14, "TypeMismatch", `Cannot increment with non-numeric argument: {${field}: ${text}}`);
  }
  return (place) => (old) => {
    if (old === undefined) return operand;
    if (typeof old === "number") return old + operand;
    throw serverError(
      14,
      "TypeMismatch",
      `Cannot apply $inc to a value of non-numeric type. {_id: ${idText(place)}} has the field '${lastName(field)}' of non-numeric type ${typeName(old)}`,
    );
  };
}

function push(operand: BsonValue, field: string): (place: UpdatePlace) => ChangeValue {
  const added = readEach("$push", operand);
  return (place) => (old) => {
    if (old === undefined) return added;
    if (isArray(old)) return added.length === 0 ? old : [...old, ...added];
    throw badValue(
      `The field '${field}' must be an array but is of type ${typeName(old)} in document {_id: ${idText(place)}}`,
    );
  };
}

function addToSet(operand: BsonValue, field: string): (place: UpdatePlace) => ChangeValue {
  const wanted = readEach("$addToSet", operand);
  return () => (old) => {
    if (old !== undefined && !isArray(old)) {
      throw badValue(
        `Cannot apply $addToSet to non-array field. Field named '${lastName(field)}' has non-array type ${typeName(old)}`,
      );
    }
    const result: BsonValue[] = [...(old ?? [])];
    for (const value of wanted) if (!result.some((known) => equalBson(known, value))) result.push(value);
    return old !== undefined && result.length === old.length ? old : result;
  };
}

function pull(operand: BsonValue): (place: UpdatePlace) => ChangeValue {
  const matches = pullTest(operand);
  return () => (old) => {
    if (old === undefined) return undefined;
    if (!isArray(old)) throw badValue("Cannot apply $pull to a non-array value");
    const kept = old.filter((element) => !matches(element));
    return kept.length === old.length ? old : kept;
  };
}

function pullTest(operand: BsonValue): (element: BsonValue) => boolean {
  if (!isDocument(operand)) return (element) => equalBson(element, operand);
  const test = compileElement(operand);
  // A plain document is a query on elements that are documents; operators apply to elements of any type.
  return isOperators(operand) ? test : (element) => isDocument(element) && test(element);
}

function readEach(operator: string, operand: BsonValue): readonly BsonValue[] {
  if (!isOperators(operand)) return [operand];
  const { $each, ...others } = operand as BsonDocument;
  const [other] = Object.keys(others);
  if (other !== undefined || $each === undefined) {
    throw new UnsupportedByMongodbModelError(`${operator} with ${other ?? "an operator"}`, "$each");
  }
  if (!isArray($each)) {
    const code = operator === "$push" ? 2 : 14;
    throw serverError(
      code,
      code === 2 ? "BadValue" : "TypeMismatch",
      `The argument to $each in ${operator} must be an array but it was of type: ${typeName($each)}`,
    );
  }
  return $each;
}

function lastName(field: string): string {
  return field.slice(field.lastIndexOf(".") + 1);
}

function idText({ id }: UpdatePlace): string {
  return JSON.stringify(id());
}
