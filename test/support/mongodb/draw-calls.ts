import type { RandomStream } from "../../../harness/random/random-stream.ts";
import type { MongodbCall } from "./mongodb-call.ts";

type Pick = <Value>(...choices: readonly Value[]) => Value;
type Fields = Record<string, unknown>;

/**
 * A random program of calls on one collection with few ids, fields and values, so that queries find
 * something and unique keys are taken. Both `a` and `u` may be unique.
 */
export function drawCalls(random: RandomStream, length: number): MongodbCall[] {
  const pick: Pick = (...choices) => choices[random.integer(0, choices.length - 1)] as never;
  const calls: MongodbCall[] = [];
  if (random.fraction() < 0.7) calls.push({ method: "createIndex", args: pick(...INDEXES) });
  calls.push({
    method: "insertMany",
    args: [[drawDocument(pick, 1), drawDocument(pick, 2), drawDocument(pick, 3)]],
  });
  while (calls.length < length) calls.push(pick(...METHODS)(pick));
  return calls;
}

const INDEXES: readonly unknown[][] = [
  [{ u: 1 }, { unique: true }],
  [{ u: 1 }, { unique: true, sparse: true }],
  [{ u: 1, a: -1 }, { unique: true }],
  [{ "n.x": 1 }, { unique: true, name: "inner" }],
  [{ u: 1 }],
];

const METHODS: readonly ((pick: Pick) => MongodbCall)[] = [
  (pick) => ({ method: "insertOne", args: [drawDocument(pick, pick(1, 2, 3, 4, 5, null))] }),
  (pick) => ({
    method: "insertMany",
    args: [[drawDocument(pick, pick(4, null)), drawDocument(pick, pick<number>(5, 6, 1))]],
  }),
  (pick) => ({
    method: "find",
    args: [drawFilter(pick), { sort: drawSort(pick), limit: pick(0, 0, 2), skip: pick(0, 0, 1) }],
  }),
  (pick) => ({
    method: "find",
    args: [drawFilter(pick), { sort: drawSort(pick), projection: drawProjection(pick) }],
  }),
  (pick) => ({ method: "find", args: [drawFilter(pick), { sort: { _id: 1 } }] }),
  (pick) => ({ method: "findOne", args: [drawFilter(pick), { sort: { _id: pick(1, -1) } }] }),
  (pick) => ({ method: "countDocuments", args: [drawFilter(pick)] }),
  (pick) => ({
    method: "updateOne",
    args: [idFilter(pick), drawUpdate(pick), pick({}, {}, { upsert: true })],
  }),
  (pick) => ({ method: "updateOne", args: [idFilter(pick), drawUpdate(pick), pick({}, { upsert: true })] }),
  (pick) => ({ method: "updateOne", args: [upsertFilter(pick), drawUpdate(pick), { upsert: true }] }),
  (pick) => ({
    method: "updateMany",
    args: [drawFilter(pick), pick({ $inc: { c: 1 } }, { $set: { z: 1 } }, { $unset: { a: "" } })],
  }),
  (pick) => ({
    method: "replaceOne",
    args: [idFilter(pick), drawDocument(pick, undefined), pick({}, { upsert: true })],
  }),
  (pick) => ({ method: "deleteOne", args: [idFilter(pick)] }),
  (pick) => ({ method: "deleteMany", args: [drawFilter(pick)] }),
  (pick) => ({
    method: "findOneAndUpdate",
    args: [
      pick(idFilter, drawFilter)(pick),
      drawUpdate(pick),
      {
        sort: { _id: pick(1, -1) },
        returnDocument: pick("before", "after"),
        ...pick<Fields>({}, { projection: { _id: 1, a: 1 } }),
      },
    ],
  }),
  (pick) => ({
    method: "findOneAndUpdate",
    args: [
      idFilter(pick),
      drawUpdate(pick),
      { upsert: true, returnDocument: pick("before", "after"), includeResultMetadata: pick(true, false) },
    ],
  }),
];

const drawId = (pick: Pick, number: number): unknown =>
  pick<unknown>(`k${number}`, `k${number}`, number, { $oid: number });

function idFilter(pick: Pick): Fields {
  return { _id: `k${pick(1, 2, 3, 4, 5, 6)}`, ...pick<Fields>({}, {}, { v: pick(1, 2) }) };
}

function upsertFilter(pick: Pick): Fields {
  return pick<Fields>(
    { _id: `k${pick(4, 5, 7)}`, a: drawScalar(pick) },
    { _id: `k${pick(4, 5, 7)}`, a: { $eq: 5 }, b: { $gt: 100 } },
    { $and: [{ _id: `k${pick(4, 7)}` }, { u: "new" }] },
    { _id: `k${pick(4, 7)}`, "n.y": 3 },
  );
}

function drawScalar(pick: Pick): unknown {
  return pick<unknown>(
    0,
    1,
    2,
    -1,
    2.5,
    "1",
    "x",
    "y",
    "",
    true,
    false,
    null,
    { $ms: 1000 },
    { $ms: 2000 },
    { $oid: 9 },
  );
}

function drawValue(pick: Pick): unknown {
  return pick<() => unknown>(
    () => drawScalar(pick),
    () => drawScalar(pick),
    () => drawScalar(pick),
    () => [drawScalar(pick), drawScalar(pick)],
    () => [pick<unknown>(1, 2, "x"), 3],
    () => [],
    () => ({ x: drawScalar(pick) }),
    () => [{ x: pick<number>(1, 2), y: pick<number>(1, 2) }, { x: pick<number>(3, 1) }],
  )();
}

function drawDocument(pick: Pick, id: number | null | undefined): Fields {
  return {
    ...(id === null || id === undefined ? {} : { _id: drawId(pick, id) }),
    ...pick<Fields>({}, { a: drawValue(pick) }, { a: drawValue(pick), b: drawValue(pick) }),
    ...pick<Fields>({}, { u: pick<unknown>(1, 2, "p", "q", null) }),
    ...pick<Fields>({}, { n: pick<unknown>({ x: pick(1, 2), y: 1 }, { x: "q" }, 5) }),
    v: pick(1, 2),
  };
}

const field = (pick: Pick): string => pick("a", "a", "b", "u", "v", "n.x", "a.x", "a.0", "missing", "n");

function drawFilter(pick: Pick): Fields {
  const name = field(pick);
  return pick<() => Fields>(
    () => ({}),
    () => ({ [name]: drawValue(pick) }),
    () => ({ [name]: drawScalar(pick) }),
    () => ({ [name]: { [pick("$gt", "$gte", "$lt", "$lte", "$eq", "$ne")]: drawScalar(pick) } }),
    () => ({ [name]: { $gte: pick(0, 1), $lt: pick(2, 3) } }),
    () => ({ [name]: { [pick("$in", "$nin")]: [drawScalar(pick), drawScalar(pick)] } }),
    () => ({ [name]: { $exists: pick(true, false) } }),
    () => ({ [name]: { $size: pick(0, 1, 2) } }),
    () => ({ [name]: { $all: [pick<unknown>(1, 3, "x"), 3] } }),
    () => ({ [name]: { $not: { $gt: pick(0, 1) } } }),
    () => ({ a: { $elemMatch: pick<unknown>({ x: 1 }, { x: 1, y: 2 }, { $gt: 1, $lt: 3 }) } }),
    () => ({ $or: [{ [name]: drawScalar(pick) }, { v: 1 }] }),
    () => ({ $and: [{ [name]: { $exists: true } }, { v: { $in: [1, 2] } }] }),
    () => ({ $nor: [{ [name]: drawScalar(pick) }] }),
    () => ({ _id: drawId(pick, pick(1, 2, 3)) }),
    () => ({ _id: { $in: ["k1", "k2", { $oid: 3 }] } }),
    () => pick<Fields>({ a: { $in: 5 } }, { $and: [] }, { $or: 5 }, { a: { $size: -1 } }, { a: { $all: 1 } }),
  )();
}

function drawSort(pick: Pick): unknown {
  return pick<unknown>(
    { _id: 1 },
    { v: -1, _id: 1 },
    { a: 1, _id: 1 },
    { a: -1, _id: -1 },
    { "n.x": 1, _id: 1 },
    { u: -1, _id: 1 },
  );
}

function drawProjection(pick: Pick): unknown {
  return pick<unknown>(
    { a: 1 },
    { a: 1, _id: 0 },
    { a: 0 },
    { _id: 0 },
    { "n.x": 1 },
    { "a.x": 1 },
    { "a.x": 0 },
    { n: 0, b: 0 },
  );
}

function drawUpdate(pick: Pick): Fields {
  const name = pick("a", "b", "u", "v", "n.x", "a.x", "a.0", "new", "deep.er");
  return pick<() => Fields>(
    () => ({ $set: { [name]: drawValue(pick) } }),
    () => ({ $set: { [name]: drawScalar(pick), z: 1 } }),
    () => ({ $inc: { [name]: pick<unknown>(1, -2, 0, 0.5, "x") } }),
    () => ({ $inc: { v: 1 }, $set: { a: drawScalar(pick) }, $setOnInsert: { born: 1 } }),
    () => ({ $unset: { [name]: "" } }),
    () => ({ $push: { [name]: drawScalar(pick) } }),
    () => ({ $push: { [name]: { $each: [1, drawScalar(pick)] } } }),
    () => ({ $addToSet: { [name]: drawScalar(pick) } }),
    () => ({ $addToSet: { [name]: { $each: [1, 1, "x"] } } }),
    () => ({ $pull: { [name]: pick<unknown>(drawScalar(pick), { $gt: 1 }, { x: 1 }, { $in: [1, "x"] }) } }),
    () => ({ [pick("$min", "$max")]: { [name]: drawScalar(pick) } }),
    () => ({ $set: { u: pick<unknown>(1, 2, "p", "q") } }),
    () =>
      pick<Fields>(
        { $set: { _id: "other" } },
        { $set: { a: 1 }, $inc: { a: 1 } },
        { a: 1 },
        { $set: { a: 1, "a.x": 1 } },
        {},
      ),
  )();
}
