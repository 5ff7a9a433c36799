import type { MongodbCall, MongodbOutcome } from "./mongodb-call.ts";

/** A difference between the stand-in and MongoDB, where the model follows MongoDB's documentation. */
export interface StandInDeviation {
  readonly name: string;
  /** Is this what the difference between the outcomes comes from? `held`: the documents before, as text. */
  explains(call: MongodbCall, model: MongodbOutcome, standIn: MongodbOutcome, held: string): boolean;
}

const codeOf = (outcome: MongodbOutcome): unknown => ("error" in outcome ? outcome.code : undefined);
const textOf = (call: MongodbCall): string => JSON.stringify(call.args);

/** Codes of errors that MongoDB finds in an update or a query before it looks at any document. */
const PARSE_ERRORS: readonly unknown[] = [2, 9, 14, 40];

/** What is known. Each is named in docs/mongodb-model.md. */
export const standInDeviations: readonly StandInDeviation[] = [
  {
    name: "findOneAndUpdate that inserts has no lastErrorObject",
    explains: ({ method, args }, model, standIn) =>
      method === "findOneAndUpdate" &&
      (args[2] as { includeResultMetadata?: boolean }).includeResultMetadata === true &&
      "value" in model &&
      "value" in standIn &&
      !("lastErrorObject" in (standIn.value as object)),
  },
  {
    name: "an update is checked only when a document matches",
    explains: ({ method }, model, standIn) =>
      /^(update|findOneAndUpdate)/.test(method) &&
      PARSE_ERRORS.includes(codeOf(model)) &&
      "value" in standIn &&
      (standIn.value === null || (standIn.value as { matchedCount?: number }).matchedCount === 0),
  },
  {
    name: "bad operands of $all, $size, $in, $and and $or are no error, or one without a code",
    explains: (call, model, standIn) =>
      /"\$all":1|"\$size":-1|"\$in":5|"\$and":\[\]|"\$or":5/.test(textOf(call)) &&
      codeOf(model) === 2 &&
      codeOf(standIn) === undefined,
  },
  {
    name: "the text of a duplicate key shows ids and dates in another form",
    explains: (_, model, standIn) =>
      codeOf(model) === 11000 &&
      codeOf(standIn) === 11000 &&
      /ObjectId\(|new Date\(|\{.*\{|\[/.test("error" in model ? String(model.keys) : ""),
  },
  {
    name: "$addToSet on what is no array has the code 10141",
    explains: (_, model, standIn) => codeOf(model) === 2 && codeOf(standIn) === 10141,
  },
  {
    name: "a path through null or an array is looked at differently where it cannot be followed",
    explains: (_, model, standIn) =>
      codeOf(model) === 28 && ("value" in standIn || [14, 11000].includes(Number(codeOf(standIn)))),
  },
  {
    name: "an upsert may give another _id than its query asks for",
    explains: (call, model, standIn) =>
      codeOf(model) === 66 &&
      ("value" in standIn || codeOf(standIn) === 11000) &&
      textOf(call).includes('"upsert":true'),
  },
  {
    name: "$push, $addToSet and $inc take null for a missing field",
    explains: (call, model, standIn) =>
      [2, 14].includes(Number(codeOf(model))) &&
      ("value" in standIn || codeOf(standIn) === 11000) &&
      /"\$(push|addToSet|inc)"/.test(textOf(call)),
  },
  {
    name: "$unset enters the elements of an array",
    explains: (call, model, standIn) =>
      textOf(call).includes('"$unset":{"a.x"') && "value" in model && "value" in standIn,
  },
  {
    name: "$gte and $lte with null match nothing",
    explains: (call, model, standIn) =>
      /"\$[gl]te":null/.test(textOf(call)) && "value" in model && "value" in standIn,
  },
  {
    name: "a query for null below an array matches elements that have no fields",
    explains: (call, model, standIn) =>
      /"(a|n)\.(x|0)":(null|\{"\$(n?in|eq|ne)":(null|\[[^\]]*null))/.test(textOf(call)) &&
      "value" in model &&
      "value" in standIn,
  },
  {
    name: "$not below an array matches when one of its elements does",
    explains: (call, model, standIn) =>
      /"\w+\.\w+":\{"\$not"/.test(textOf(call)) && "value" in model && "value" in standIn,
  },
  {
    name: "it fails inside (Unknown error), mostly on arrays in a unique index",
    explains: (_, _model, standIn) =>
      "error" in standIn && standIn.code === undefined && standIn.text.startsWith("Unknown error: "),
  },
  {
    name: "empty arrays are not in unique indexes, have no order among themselves, and no $exists below them",
    explains: (call, model, standIn, held) =>
      /\[\]/.test(held + textOf(call)) &&
      ((codeOf(model) === 11000 && "value" in standIn) ||
        /"sort":\{"a":/.test(textOf(call)) ||
        /"a\.\w+":\{"\$exists"/.test(textOf(call))),
  },
  {
    name: "updateMany that fails in between took the documents in another order",
    explains: ({ method }, model, standIn) =>
      method === "updateMany" && codeOf(model) === 11000 && codeOf(standIn) === 11000,
  },
  {
    name: "a document equals other values below an array, such as a document with more fields",
    explains: (call, model, standIn) =>
      /"(a|b|n)(\.\w+)?":\{"x":/.test(textOf(call)) && "value" in model && "value" in standIn,
  },
  {
    name: "a range on an array has to hold for one element",
    explains: (call, model, standIn, held) =>
      /\{"\$gte":\d,"\$lt":\d\}/.test(textOf(call)) &&
      held.includes("[") &&
      "value" in model &&
      "value" in standIn,
  },
];
