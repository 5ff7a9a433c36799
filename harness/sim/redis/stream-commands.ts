import type { CommandTable } from "./command-table.ts";
import { notAnInteger, redisError } from "./redis-errors.ts";
import type { RedisStore } from "./redis-store.ts";
import type { RedisReply, RedisStream, StreamEntry } from "./redis-value.ts";
import {
  compareStreamIds,
  MAX_STREAM_ID,
  MIN_STREAM_ID,
  nextStreamId,
  parseStreamId,
  type StreamId,
  streamIdText,
} from "./stream-id.ts";
import { UnsupportedByRedisModelError } from "./unsupported-by-redis-model-error.ts";

/** Streams as logs. */
export const streamCommands: CommandTable = {
  XADD: xAdd,
  XLEN: (store, [key = ""]) => store.findStream(key)?.entries.length ?? 0,
  XRANGE: xRange,
};

/** A stream without entries and groups. */
export function emptyStream(): RedisStream {
  return { kind: "stream", entries: [], lastId: MIN_STREAM_ID, groups: new Map() };
}

/** The position of the first entry whose id is not below `id`. O(log n). */
export function firstEntryFrom(entries: readonly StreamEntry[], id: StreamId): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const entry = entries[middle];
    if (entry !== undefined && compareStreamIds(entry.id, id) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The entry with this id, if it is still there. */
export function findEntry(stream: RedisStream, id: StreamId): StreamEntry | undefined {
  const entry = stream.entries[firstEntryFrom(stream.entries, id)];
  return entry !== undefined && compareStreamIds(entry.id, id) === 0 ? entry : undefined;
}

/** An entry as an answer. */
export function entryReply(entry: StreamEntry): RedisReply {
  return [streamIdText(entry.id), entry.fields];
}

interface Trim {
  readonly strategy: "MAXLEN" | "MINID";
  readonly threshold: string;
}

function xAdd(store: RedisStore, [key = "", ...rest]: readonly string[]): RedisReply {
  const { trim, args } = readTrim(rest);
  const [idText = "", ...fields] = args;
  const wanted = idText === "*" || /^\d+-\*$/.test(idText) ? null : parseStreamId(idText);
  if (fields.length === 0 || fields.length % 2 === 1) {
    throw redisError("ERR wrong number of arguments for 'xadd' command");
  }
  if (wanted !== null && compareStreamIds(wanted, MIN_STREAM_ID) === 0) {
    throw redisError("ERR The ID specified in XADD must be greater than 0-0");
  }
  const existing = store.findStream(key);
  const stream = existing ?? emptyStream();
  const id = wanted ?? drawId(store, stream, idText);
  if (compareStreamIds(id, stream.lastId) <= 0) {
    throw redisError("ERR The ID specified in XADD is equal or smaller than the target stream top item");
  }
  stream.entries.push({ id, fields });
  stream.lastId = id;
  if (existing === undefined) store.put(key, stream);
  else store.touchedStreams.add(key);
  if (trim !== null) applyTrim(stream, trim);
  return streamIdText(id);
}

function drawId(store: RedisStore, stream: RedisStream, text: string): StreamId {
  const { lastId } = stream;
  if (text === "*") {
    const ms = store.nowMs();
    return ms > lastId.ms ? { ms, sequence: 0 } : nextStreamId(lastId);
  }
  const { ms } = parseStreamId(text.slice(0, -2));
  return ms === lastId.ms ? nextStreamId(lastId) : { ms, sequence: 0 };
}

function readTrim(args: readonly string[]): { trim: Trim | null; args: readonly string[] } {
  const strategy = (args[0] ?? "").toUpperCase();
  if (strategy !== "MAXLEN" && strategy !== "MINID") return { trim: null, args };
  const exact = args[1] === "=";
  if (args[1] === "~") {
    throw new UnsupportedByRedisModelError(`XADD … ${strategy} ~`, "exact trimming (=)");
  }
  const threshold = args[exact ? 2 : 1] ?? "";
  return { trim: { strategy, threshold }, args: args.slice(exact ? 3 : 2) };
}

function applyTrim(stream: RedisStream, { strategy, threshold }: Trim): void {
  const { entries } = stream;
  if (strategy === "MINID") {
    entries.splice(0, firstEntryFrom(entries, parseStreamId(threshold)));
    return;
  }
  if (!/^\d{1,15}$/.test(threshold)) throw notAnInteger();
  entries.splice(0, Math.max(0, entries.length - Number(threshold)));
}

function xRange(store: RedisStore, [key = "", start = "", end = "", ...rest]: readonly string[]): RedisReply {
  const from = readBound(start, "start");
  const to = readBound(end, "end");
  const count = readCount(rest);
  const stream = store.findStream(key);
  if (count === 0) return null;
  if (stream === undefined) return [];
  const found: RedisReply[] = [];
  for (let index = firstEntryFrom(stream.entries, from); found.length < count; index++) {
    const entry = stream.entries[index];
    if (entry === undefined || compareStreamIds(entry.id, to) > 0) break;
    found.push(entryReply(entry));
  }
  return found;
}

function readBound(text: string, side: "start" | "end"): StreamId {
  if (text === "-") return MIN_STREAM_ID;
  if (text === "+") return MAX_STREAM_ID;
  const missing = side === "start" ? 0 : Number.MAX_SAFE_INTEGER;
  if (!text.startsWith("(")) return parseStreamId(text, missing);
  const id = parseStreamId(text.slice(1), missing);
  if (side === "start") return nextStreamId(id);
  return id.sequence > 0
    ? { ms: id.ms, sequence: id.sequence - 1 }
    : { ms: id.ms - 1, sequence: Number.MAX_SAFE_INTEGER };
}

function readCount(args: readonly string[]): number {
  if (args.length === 0) return Number.POSITIVE_INFINITY;
  const [, text = ""] = args;
  if (!/^-?\d{1,15}$/.test(text)) throw notAnInteger();
  return Math.max(0, Number(text));
}
