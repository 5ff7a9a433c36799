import { type BsonDocument, type BsonValue, isArray, isDocument } from "./bson-value.ts";
import { fieldTest } from "./field-operators.ts";
import { badValue } from "./mongodb-errors.ts";
import { splitPath } from "./read-path.ts";
import { UnsupportedByMongodbModelError } from "./unsupported-by-mongodb-model-error.ts";

/** Does the document satisfy the query? */
export type DocumentTest = (document: BsonDocument) => boolean;

/** A query that was understood. */
export interface CompiledFilter {
  readonly matches: DocumentTest;
  /** Paths that must equal one value: for indexes and for upserts. Rises in the order of the query. */
  readonly equalities: readonly (readonly [path: string, value: BsonValue])[];
}

const TOP_LEVEL = "$and, $or, $nor and fields";

/**
 * Understands a query. Throws MongoDB's error (code 2) for what is malformed, and a refusal for an
 * operator that the model does not have.
 */
export function compileFilter(filter: BsonDocument): CompiledFilter {
  const tests: DocumentTest[] = [];
  const equalities: [string, BsonValue][] = [];
  for (const [field, condition] of Object.entries(filter)) {
    if (!field.startsWith("$")) tests.push(compileField(field, condition, equalities));
    else if (field === "$and") {
      const parts = readClauses(field, condition).map(compileFilter);
      equalities.push(
        ...parts.flatMap((part) =>
          part.equalities.map(([path, value]): [string, BsonValue] => [path, value]),
        ),
      );
      tests.push((document) => parts.every(({ matches }) => matches(document)));
    } else if (field === "$or" || field === "$nor") {
      const parts = readClauses(field, condition).map(compileFilter);
      const wanted = field === "$or";
      tests.push((document) => parts.some(({ matches }) => matches(document)) === wanted);
    } else {
      throw new UnsupportedByMongodbModelError(`${field} in a query`, TOP_LEVEL);
    }
  }
  const [only] = tests;
  const matches =
    tests.length === 1 && only !== undefined
      ? only
      : (document: BsonDocument) => tests.every((test) => test(document));
  return { matches, equalities };
}

/** Does the value hold operators (`{ $gt: 1 }`), and no plain document? */
export function isOperators(value: BsonValue): value is BsonDocument {
  if (!isDocument(value)) return false;
  for (const field in value) return field.startsWith("$");
  return false;
}

/**
 * Understands what may stand for one field: a value, or operators on it.
 */
function compileField(field: string, condition: BsonValue, equalities: [string, BsonValue][]): DocumentTest {
  const path = splitPath(field);
  if (!isOperators(condition)) {
    equalities.push([field, condition]);
    return fieldTest(path, "$eq", condition, compileElement);
  }
  const tests = Object.entries(condition).map(([operator, operand]) => {
    if (!operator.startsWith("$")) throw badValue(`unknown operator: ${operator}`);
    if (operator === "$not") return negation(field, operand);
    if (operator === "$eq") equalities.push([field, operand]);
    return fieldTest(path, operator, operand, compileElement);
  });
  const [only] = tests;
  return tests.length === 1 && only !== undefined
    ? only
    : (document) => tests.every((test) => test(document));
}

function negation(field: string, operand: BsonValue): DocumentTest {
  if (!isDocument(operand)) throw badValue("$not needs a regex or a document");
  if (!isOperators(operand)) throw badValue("$not needs a document with operators");
  const test = compileField(field, operand, []);
  return (document) => !test(document);
}

/** For $elemMatch and $pull: a test on one element of an array. */
export function compileElement(condition: BsonDocument): (element: BsonValue) => boolean {
  if (isOperators(condition) && !("$and" in condition || "$or" in condition || "$nor" in condition)) {
    // Operators on the element itself: a document that has it as its one field, out of reach of arrays' rules.
    const test = compileField("element", condition, []);
    return (element) => test({ element: isArray(element) ? [element] : element });
  }
  const { matches } = compileFilter(condition);
  return (element) =>
    isDocument(element)
      ? matches(element)
      : isArray(element) && matches(Object.fromEntries(element.entries()));
}

function readClauses(operator: string, value: BsonValue): BsonDocument[] {
  if (!isArray(value)) throw badValue(`${operator} must be an array`);
  if (value.length === 0) throw badValue("$and/$or/$nor must be a nonempty array");
  return value.map((clause) => {
    if (!isDocument(clause)) throw badValue("$or/$and/$nor entries need to be full objects");
    return clause;
  });
}
