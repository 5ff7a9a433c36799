import type { CommandTable } from "./command-table.ts";
import { notAnInteger, redisError } from "./redis-errors.ts";
import type { RedisStore } from "./redis-store.ts";
import type { RedisReply, RedisStream, StreamGroup } from "./redis-value.ts";
import { emptyStream, entryReply, findEntry, firstEntryFrom } from "./stream-commands.ts";
import { compareStreamIds, MIN_STREAM_ID, nextStreamId, parseStreamId, streamIdText } from "./stream-id.ts";
import { UnsupportedByRedisModelError } from "./unsupported-by-redis-model-error.ts";

/** How many pending entries XAUTOCLAIM looks at for each one that it may claim. */
const SCANNED_PER_CLAIM = 10;

/** Consumer groups, but for XREADGROUP, which may have to wait. */
export const streamGroupCommands: CommandTable = {
  "XGROUP CREATE": xGroupCreate,
  XACK: xAck,
  XAUTOCLAIM: xAutoClaim,
};

/** What XREADGROUP was asked for. */
export interface GroupRead {
  readonly group: string;
  readonly consumer: string;
  /** Infinity: no limit. */
  readonly count: number;
  /** Null: does not wait; 0: for ever. */
  readonly blockMs: number | null;
  readonly noAck: boolean;
  /** Each with `>` (what nobody was given yet) or an id (what this consumer was given after it). */
  readonly streams: readonly { readonly key: string; readonly id: string }[];
}

/**
 * Reads for a consumer: an answer, or null where there is nothing new in any stream. Throws NOGROUP
 * before anything is read.
 */
export function readGroup(store: RedisStore, read: GroupRead): RedisReply {
  const targets = read.streams.map(({ key, id }) => {
    const stream = store.findStream(key);
    const group = stream?.groups.get(read.group);
    if (stream === undefined || group === undefined) {
      throw redisError(
        `NOGROUP No such key '${key}' or consumer group '${read.group}' in XREADGROUP with GROUP option`,
      );
    }
    if (id === "$") throw redisError(MEANINGLESS_ID);
    return { key, stream, group, after: id === ">" ? null : parseStreamId(id) };
  });
  const found: RedisReply[] = [];
  for (const { key, stream, group, after } of targets) {
    if (after !== null) found.push([key, readPending(store, read, stream, group, after)]);
    else {
      const entries = readNew(store, read, stream, group);
      if (entries.length > 0) found.push([key, entries]);
    }
  }
  return found.length === 0 ? null : found;
}

const MEANINGLESS_ID =
  "ERR The $ ID is meaningless in the context of XREADGROUP: you want to read the history of this consumer by specifying a proper ID, or use the > ID to get new messages. The $ ID would just return an empty result set.";

function readNew(store: RedisStore, read: GroupRead, stream: RedisStream, group: StreamGroup): RedisReply[] {
  const from = firstEntryFrom(stream.entries, nextStreamId(group.lastDelivered));
  const entries = stream.entries.slice(from, from + read.count);
  for (const { id } of entries) {
    group.lastDelivered = id;
    if (read.noAck) continue;
    group.pending.set(streamIdText(id), { id, consumer: read.consumer, deliveredAtMs: store.nowMs() });
  }
  return entries.map(entryReply);
}

function readPending(
  store: RedisStore,
  read: GroupRead,
  stream: RedisStream,
  group: StreamGroup,
  after: { ms: number; sequence: number },
): RedisReply[] {
  const found: RedisReply[] = [];
  for (const [text, pending] of group.pending) {
    if (found.length >= read.count) break;
    if (pending.consumer !== read.consumer || compareStreamIds(pending.id, after) <= 0) continue;
    const entry = findEntry(stream, pending.id);
    if (entry !== undefined) pending.deliveredAtMs = store.nowMs();
    found.push(entry === undefined ? [text, null] : entryReply(entry));
  }
  return found;
}

function xGroupCreate(store: RedisStore, args: readonly string[]): RedisReply {
  const [key = "", name = "", idText = "", option] = args;
  const existing = store.findStream(key);
  if (existing === undefined && option !== "MKSTREAM") {
    throw redisError(
      "ERR The XGROUP subcommand requires the key to exist. Note that for CREATE you may want to use the MKSTREAM option to create an empty stream automatically.",
    );
  }
  const stream = existing ?? emptyStream();
  const lastDelivered = idText === "$" ? stream.lastId : parseStreamId(idText);
  if (existing === undefined) store.put(key, stream);
  if (stream.groups.has(name)) throw redisError("BUSYGROUP Consumer Group name already exists");
  stream.groups.set(name, { lastDelivered, pending: new Map() });
  return "OK";
}

function xAck(store: RedisStore, [key = "", name = "", ...ids]: readonly string[]): RedisReply {
  const group = store.findStream(key)?.groups.get(name);
  if (group === undefined) return 0;
  const texts = ids.map((id) => streamIdText(parseStreamId(id)));
  return texts.reduce((count, text) => count + (group.pending.delete(text) ? 1 : 0), 0);
}

function xAutoClaim(store: RedisStore, args: readonly string[]): RedisReply {
  const [key = "", name = "", consumer = "", minIdleText = "", startText = "", ...options] = args;
  if (!/^-?\d{1,15}$/.test(minIdleText)) {
    throw redisError("ERR Invalid min-idle-time argument for XAUTOCLAIM");
  }
  const minIdleMs = Math.max(0, Number(minIdleText));
  const exclusive = startText.startsWith("(");
  const given = startText === "-" ? MIN_STREAM_ID : parseStreamId(exclusive ? startText.slice(1) : startText);
  const start = exclusive ? nextStreamId(given) : given;
  let count = readCount(options);
  const stream = store.findStream(key);
  const group = stream?.groups.get(name);
  if (stream === undefined || group === undefined) {
    throw redisError(`NOGROUP No such key '${key}' or consumer group '${name}'`);
  }
  let attempts = count * SCANNED_PER_CLAIM;
  const claimed: RedisReply[] = [];
  const deleted: string[] = [];
  let next = "0-0";
  for (const [text, pending] of group.pending) {
    if (compareStreamIds(pending.id, start) < 0) continue;
    if (attempts === 0 || count === 0) {
      next = text;
      break;
    }
    attempts--;
    const entry = findEntry(stream, pending.id);
    if (entry === undefined) {
      group.pending.delete(text);
      deleted.push(text);
      count--;
    } else if (store.nowMs() - pending.deliveredAtMs >= minIdleMs) {
      pending.deliveredAtMs = store.nowMs();
      pending.consumer = consumer;
      claimed.push(entryReply(entry));
      count--;
    }
  }
  return [next, claimed, deleted];
}

function readCount(options: readonly string[]): number {
  if (options.length === 0) return 100;
  const [name, text = ""] = options;
  if (name !== "COUNT" || options.length > 2) {
    throw new UnsupportedByRedisModelError(`XAUTOCLAIM … ${options.join(" ")}`, "COUNT");
  }
  if (!/^-?\d{1,15}$/.test(text)) throw notAnInteger();
  if (Number(text) <= 0) throw redisError("ERR COUNT must be > 0");
  return Number(text);
}
