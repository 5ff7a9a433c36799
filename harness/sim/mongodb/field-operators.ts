import { type BsonDocument, type BsonValue, isArray, isDocument } from "./bson-value.ts";
import { compareBson, equalBson, typeOrder } from "./compare-bson.ts";
import { badValue } from "./mongodb-errors.ts";
import { type Candidate, type FieldPath, someAtPath } from "./read-path.ts";
import { UnsupportedByMongodbModelError } from "./unsupported-by-mongodb-model-error.ts";

/** Understands a query on one element of an array. */
export type CompileElement = (condition: BsonDocument) => (element: BsonValue) => boolean;

type FieldTest = (document: BsonDocument) => boolean;

const SUPPORTED = "$eq, $ne, $gt, $gte, $lt, $lte, $in, $nin, $exists, $not, $size, $all, $elemMatch";

/**
 * The test of one operator on one field. Throws MongoDB's error for a bad operand, and a refusal for
 * another operator.
 */
export function fieldTest(
  path: FieldPath,
  operator: string,
  operand: BsonValue,
  compileElement: CompileElement,
): FieldTest {
  switch (operator) {
    case "$eq":
      return equality(path, operand);
    case "$ne":
      return not(equality(path, operand));
    case "$gt":
    case "$gte":
    case "$lt":
    case "$lte":
      return some(path, comparison(operator, operand));
    case "$in":
    case "$nin": {
      if (!isArray(operand)) throw badValue(`${operator} needs an array`);
      const tests = operand.map(equals);
      const test = some(path, (candidate) => tests.some((one) => one(candidate)));
      return operator === "$in" ? test : not(test);
    }
    case "$exists": {
      const test = some(path, (candidate) => candidate !== undefined);
      // As in MongoDB: 0, null and false are no, everything else is yes.
      return operand === false || operand === null || operand === 0 ? not(test) : test;
    }
    case "$size":
      return size(path, operand);
    case "$all":
      return all(path, operand);
    case "$elemMatch": {
      if (!isDocument(operand)) throw badValue("$elemMatch needs an Object");
      const element = compileElement(operand);
      return (document) =>
        someAtPath(document, path, true, (candidate) => isArray(candidate) && candidate.some(element));
    }
    default:
      throw new UnsupportedByMongodbModelError(`${operator} in a query`, SUPPORTED);
  }
}

function equality(path: FieldPath, operand: BsonValue): FieldTest {
  return some(path, equals(operand));
}

/** Null is equal to a missing field too. */
function equals(operand: BsonValue): (candidate: Candidate) => boolean {
  if (operand === null) return (candidate) => candidate === undefined || candidate === null;
  return (candidate) => candidate !== undefined && equalBson(candidate, operand);
}

/** Values of another type are neither above nor below; NaN is neither above nor below any number. */
function comparison(operator: string, operand: BsonValue): (candidate: Candidate) => boolean {
  const type = typeOrder(operand);
  const orEqual = operator.endsWith("e");
  const sign = operator.startsWith("$g") ? 1 : -1;
  return (candidate) => {
    if (candidate === undefined) return operand === null && orEqual;
    if (typeOrder(candidate) !== type) return false;
    const order = compareBson(candidate, operand);
    if (order === 0) return orEqual;
    return order * sign > 0 && !Number.isNaN(candidate) && !Number.isNaN(operand);
  };
}

function size(path: FieldPath, operand: BsonValue): FieldTest {
  if (typeof operand !== "number" || !Number.isInteger(operand)) {
    throw badValue(`Failed to parse $size. Expected an integer: $size: ${JSON.stringify(operand)}`);
  }
  if (operand < 0)
    throw badValue(`Failed to parse $size. Expected a non-negative number in: $size: ${operand}`);
  return (document) =>
    someAtPath(document, path, true, (candidate) => isArray(candidate) && candidate.length === operand);
}

function all(path: FieldPath, operand: BsonValue): FieldTest {
  if (!isArray(operand)) throw badValue("$all needs an array");
  if (operand.some((element) => isDocument(element) && "$elemMatch" in element)) {
    throw new UnsupportedByMongodbModelError("$elemMatch inside of $all", "values inside of $all");
  }
  const tests = operand.map((value) => equality(path, value));
  return (document) => tests.length > 0 && tests.every((test) => test(document));
}

function some(path: FieldPath, test: (candidate: Candidate) => boolean): FieldTest {
  return (document) => someAtPath(document, path, false, test);
}

function not(test: FieldTest): FieldTest {
  return (document) => !test(document);
}
