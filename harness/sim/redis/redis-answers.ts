import type { RedisReply } from "./redis-value.ts";

// What node-redis makes of answers. Its objects have no prototype, so any field name is safe.

/** One entry of a stream as node-redis shows it. */
export interface StreamMessage {
  readonly id: string;
  readonly message: Readonly<Record<string, string>>;
}

/** The answer of HGETALL: an object of the fields. As in node-redis, one named `__proto__` is not shown. */
export function fieldsAnswer(reply: RedisReply): Record<string, string> {
  const fields = pairsOf(reply as readonly string[]);
  Reflect.deleteProperty(fields, "__proto__");
  return fields;
}

/** The answer of XRANGE; null where it is asked for no entries. */
export function entriesAnswer(reply: RedisReply): StreamMessage[] | null {
  return reply === null ? null : (reply as readonly RedisReply[]).map(entryAnswer);
}

/** The answer of XREADGROUP: null where there is nothing new. */
export function groupReadAnswer(reply: RedisReply): { name: string; messages: StreamMessage[] }[] | null {
  if (reply === null) return null;
  return (reply as readonly [string, readonly RedisReply[]][]).map(([name, entries]) =>
    withoutPrototype({ name, messages: entries.map(entryAnswer) }),
  );
}

/** The answer of XAUTOCLAIM. */
export function claimAnswer(reply: RedisReply): {
  nextId: string;
  messages: StreamMessage[];
  deletedMessages: string[];
} {
  const [nextId, entries, deleted] = reply as unknown as [string, RedisReply[], string[]];
  return { nextId, messages: entries.map(entryAnswer), deletedMessages: [...deleted] };
}

function entryAnswer(reply: RedisReply): StreamMessage {
  const [id, fields] = reply as unknown as [string, readonly string[] | null];
  // node-redis fails in this way on an entry that was delivered and then trimmed away.
  if (fields === null) throw new TypeError("Cannot read properties of null (reading 'length')");
  return withoutPrototype({ id, message: pairsOf(fields) });
}

function pairsOf(words: readonly string[]): Record<string, string> {
  const fields: Record<string, string> = Object.create(null);
  for (let index = 0; index < words.length; index += 2) fields[words[index] ?? ""] = words[index + 1] ?? "";
  return fields;
}

function withoutPrototype<Value extends object>(value: Value): Value {
  return Object.assign(Object.create(null), value);
}
