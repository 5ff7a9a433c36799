import { isDate } from "node:util/types";
import { ObjectId } from "mongodb";
import type { DocumentDatabase } from "../../../harness/run/store-clients.ts";
import type { MongodbCall, MongodbOutcome } from "./mongodb-call.ts";

/** A database, and how to wait for what it does. */
export interface MongodbLane {
  readonly database: DocumentDatabase;
  finish<Value>(work: Promise<Value>): Promise<Value>;
}

/** An ObjectId that both lanes know by its number. */
export function fixedId(number: number): ObjectId {
  return new ObjectId(number.toString(16).padStart(24, "0"));
}

type Calls = Record<string, (...args: unknown[]) => unknown>;

/** Runs a program of calls on one collection; after each, what the collection holds is part of the outcome. */
export async function runCalls(
  lane: MongodbLane,
  collectionName: string,
  calls: readonly MongodbCall[],
): Promise<MongodbOutcome[]> {
  const collection = lane.database.collection(collectionName);
  const known = new Map<string, string>();
  const outcomes: MongodbOutcome[] = [];
  for (const { method, args } of calls) {
    const given = args.map(revive);
    const outcome = await lane.finish(
      outcomeOf(() => perform(collection as unknown as Calls, method, given)),
    );
    outcomes.push(describe(outcome, known));
    const all = await lane.finish(collection.find({}).toArray());
    outcomes.push({ value: all.map((document) => nameIds(document, known)).sort(byText) });
  }
  return outcomes;
}

function byText(left: unknown, right: unknown): number {
  return JSON.stringify(left) < JSON.stringify(right) ? -1 : 1;
}

async function perform(collection: Calls, method: string, args: unknown[]): Promise<unknown> {
  const result = await collection[method]?.(...args);
  return method === "find" ? await (result as { toArray(): Promise<unknown> }).toArray() : result;
}

async function outcomeOf(work: () => Promise<unknown>): Promise<MongodbOutcome> {
  try {
    return { value: await work() };
  } catch (error) {
    const { name, code, message } = error as Error & { code?: unknown };
    // The index whose key is taken, by the text that both have.
    const keys = code === 11000 ? /index: .*$/.exec(message)?.[0] : undefined;
    return { error: name, code, keys, text: message };
  }
}

function describe(outcome: MongodbOutcome, known: Map<string, string>): MongodbOutcome {
  if (!("value" in outcome)) return outcome;
  return { value: nameIds(outcome.value, known) };
}

/** Drawn ids by the order in which they were seen; fields in the order of their names. */
function nameIds(value: unknown, known: Map<string, string>): unknown {
  if (value instanceof ObjectId) {
    const text = value.toHexString();
    if (text.startsWith("000000000000")) return `fixed ${text}`;
    if (!known.has(text)) known.set(text, `drawn ${known.size}`);
    return known.get(text);
  }
  if (isDate(value)) return `date ${value.getTime()}`;
  if (typeof value === "number" && !Number.isFinite(value)) return `number ${value}`;
  if (Array.isArray(value)) return value.map((element) => nameIds(element, known));
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(fields.map(([name, inner]) => [name, nameIds(inner, known)]));
}

function revive(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(revive);
  if (typeof value !== "object" || value === null) return value;
  if ("$oid" in value) return fixedId(Number(value.$oid));
  if ("$ms" in value) return new Date(Number(value.$ms));
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, revive(inner)]));
}
