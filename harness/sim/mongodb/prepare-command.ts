import { type BsonDocument, toBsonDocument } from "./bson-value.ts";
import { type CompiledFilter, compileFilter } from "./compile-filter.ts";
import { compileUpdate } from "./compile-update.ts";
import { MongoInvalidArgumentError, MongoServerError } from "./mongodb-errors.ts";
import { UnsupportedByMongodbModelError } from "./unsupported-by-mongodb-model-error.ts";
import { compileReplacement, type UpdateCommand } from "./write-commands.ts";

/**
 * Something that is understood at the client, so that refusals come before anything is sent, while what
 * MongoDB finds wrong with it is thrown when the server asks for it.
 */
export type Prepared<Value> = () => Value;

/** Understands now, throws MongoDB's own errors later. */
export function prepare<Value>(understand: () => Value): Prepared<Value> {
  try {
    const value = understand();
    return () => value;
  } catch (error) {
    if (!(error instanceof MongoServerError)) throw error;
    return () => {
      throw error;
    };
  }
}

/** A query, copied and understood. */
export function prepareFilter(filter: unknown): Prepared<CompiledFilter> {
  const copy = toBsonDocument(filter ?? {}, "a query", "allowed");
  return prepare(() => compileFilter(copy));
}

/** An update of operators. Throws the driver's error where the first field is no operator. */
export function prepareUpdate(filter: unknown, update: unknown, upsert: boolean): Prepared<UpdateCommand> {
  if (Array.isArray(update))
    throw new UnsupportedByMongodbModelError("an update pipeline", "update operators");
  const copy = toBsonDocument(update, "an update", "allowed");
  const [first = ""] = Object.keys(copy);
  if (!first.startsWith("$"))
    throw new MongoInvalidArgumentError("Update document requires atomic operators");
  for (const [operator, fields] of Object.entries(copy)) refuseStoredNames(operator, fields);
  const prepared = prepareFilter(filter);
  return prepare(() => ({
    filter: prepared(),
    update: compileUpdate(copy),
    upsert,
    replacement: false,
  }));
}

/** A replacement. Throws the driver's error where its first field is an operator. */
export function prepareReplacement(
  filter: unknown,
  replacement: unknown,
  upsert: boolean,
): Prepared<UpdateCommand> {
  const [first = ""] = Object.keys(replacement ?? {});
  if (first.startsWith("$")) {
    throw new MongoInvalidArgumentError("Replacement document must not contain atomic operators");
  }
  const copy = toBsonDocument(replacement, "a replacement", "refused");
  const prepared = prepareFilter(filter);
  return prepare(() => ({
    filter: prepared(),
    update: compileReplacement(copy),
    upsert,
    replacement: true,
  }));
}

/** What is put into documents must not have names that only operators have. */
function refuseStoredNames(operator: string, fields: unknown): void {
  if (operator !== "$set" && operator !== "$setOnInsert" && operator !== "$min" && operator !== "$max")
    return;
  for (const value of Object.values(fields as BsonDocument)) {
    if (typeof value === "object" && value !== null) toBsonDocument({ value }, "a value", "refused");
  }
}
