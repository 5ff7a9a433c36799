import type { RedisClient } from "../../run/store-clients.ts";
import { refuseOthers } from "../refuse-others.ts";
import { encodeArguments, readOptions } from "./encode-arguments.ts";
import { encodeGroupRead } from "./encode-group-read.ts";
import { claimAnswer, entriesAnswer, fieldsAnswer, groupReadAnswer } from "./redis-answers.ts";
import type { RedisReply } from "./redis-value.ts";
import type { SimRedisConnection } from "./sim-redis-connection.ts";
import { UnsupportedByRedisModelError } from "./unsupported-by-redis-model-error.ts";

type Options = Readonly<Record<string, unknown>> | undefined;

/** node-redis' commands on a connection to the model, for those that {@link RedisClient} has. */
export function simRedisCommands(connection: SimRedisConnection, refusals: Error[]): RedisClient {
  const refuse = (error: Error): Error => {
    refusals.push(error);
    return error;
  };
  const send = async (name: string, ...args: readonly unknown[]): Promise<RedisReply> => {
    try {
      return await connection.send({ name, args: encodeArguments(args) });
    } catch (error) {
      throw noted(error, refusals);
    }
  };
  const commands = {
    connect: async () => {
      await connection.connect();
      return client;
    },
    close: () => connection.close(),
    destroy: () => connection.destroy(),
    get: (key: unknown) => send("GET", key),
    set: async (key: unknown, value: unknown, options?: Options) =>
      send("SET", key, numberText(value), ...guarded(() => setOptions(options), refusals)),
    del: (keys: unknown) => send("DEL", ...list(keys)),
    incr: (key: unknown) => send("INCR", key),
    pExpire: (key: unknown, ms: unknown, mode?: unknown) =>
      send("PEXPIRE", key, numberText(ms), ...(mode === undefined ? [] : [mode])),
    pTTL: (key: unknown) => send("PTTL", key),
    hSet: (key: unknown, ...fields: unknown[]) => send("HSET", key, ...hashFields(fields)),
    hGet: (key: unknown, field: unknown) => send("HGET", key, field),
    hGetAll: async (key: unknown) => fieldsAnswer(await send("HGETALL", key)),
    eval: async (script: unknown, options?: Options) => {
      const { keys = [], arguments: values = [] } = guarded(
        () => readOptions("EVAL", options, ["keys", "arguments"]),
        refusals,
      );
      return send("EVAL", script, String(list(keys).length), ...list(keys), ...list(values));
    },
    xAdd: async (key: unknown, id: unknown, message: object, options?: Options) =>
      send(
        "XADD",
        key,
        ...guarded(() => trimOptions(options), refusals),
        id,
        ...Object.entries(message).flat(),
      ),
    xLen: (key: unknown) => send("XLEN", key),
    xRange: async (key: unknown, start: unknown, end: unknown, options?: Options) => {
      const { COUNT } = guarded(() => readOptions("XRANGE", options, ["COUNT"]), refusals);
      return entriesAnswer(await send("XRANGE", key, start, end, ...countOption(COUNT)));
    },
    xGroupCreate: async (key: unknown, group: unknown, id: unknown, options?: Options) => {
      const { MKSTREAM } = guarded(() => readOptions("XGROUP CREATE", options, ["MKSTREAM"]), refusals);
      return send("XGROUP CREATE", key, group, id, ...(MKSTREAM ? ["MKSTREAM"] : []));
    },
    xReadGroup: async (group: unknown, consumer: unknown, streams: unknown, options?: Options) => {
      const read = guarded(() => encodeGroupRead(group, consumer, streams, options), refusals);
      return groupReadAnswer(await connection.send({ name: "XREADGROUP", read }));
    },
    xAck: (key: unknown, group: unknown, ids: unknown) => send("XACK", key, group, ...list(ids)),
    xAutoClaim: async (...args: readonly [unknown, unknown, unknown, unknown, unknown, Options?]) => {
      const [key, group, consumer, minIdleMs, start, options] = args;
      const { COUNT } = guarded(() => readOptions("XAUTOCLAIM", options, ["COUNT"]), refusals);
      const idle = numberText(minIdleMs);
      return claimAnswer(
        await send("XAUTOCLAIM", key, group, consumer, idle, start, ...(COUNT ? countOption(COUNT) : [])),
      );
    },
  };
  const supported = Object.keys(commands).join(", ");
  const client: RedisClient = refuseOthers(commands, (member) =>
    refuse(new UnsupportedByRedisModelError(member, supported)),
  ) as unknown as RedisClient;
  return client;
}

/** Notes a refusal that comes before anything is sent. */
function guarded<Value>(read: () => Value, refusals: Error[]): Value {
  try {
    return read();
  } catch (error) {
    throw noted(error, refusals);
  }
}

function noted(error: unknown, refusals: Error[]): unknown {
  if (error instanceof UnsupportedByRedisModelError && !refusals.includes(error)) refusals.push(error);
  return error;
}

function setOptions(options: Options): unknown[] {
  const known = ["NX", "XX", "GET", "PX", "EX", "KEEPTTL", "condition", "expiration"];
  const { NX, XX, GET, PX, EX, KEEPTTL, condition, expiration } = readOptions("SET", options, known);
  const args: unknown[] = [];
  if (expiration !== undefined) {
    const { type, value } =
      typeof expiration === "string"
        ? { type: expiration, value: undefined }
        : (expiration as { type: string; value?: unknown });
    args.push(type, ...(value === undefined ? [] : [String(value)]));
  } else if (EX !== undefined) args.push("EX", String(EX));
  else if (PX !== undefined) args.push("PX", String(PX));
  else if (KEEPTTL) args.push("KEEPTTL");
  if (condition !== undefined) args.push(condition);
  else if (NX) args.push("NX");
  else if (XX) args.push("XX");
  if (GET) args.push("GET");
  return args;
}

function trimOptions(options: Options): unknown[] {
  const { TRIM } = readOptions("XADD", options, ["TRIM"]);
  if (TRIM === undefined) return [];
  const { strategy, strategyModifier, threshold } = readOptions("XADD TRIM", TRIM as Options, [
    "strategy",
    "strategyModifier",
    "threshold",
  ]);
  return [strategy, ...(strategyModifier === undefined ? [] : [strategyModifier]), String(threshold)];
}

function countOption(count: unknown): unknown[] {
  return count === undefined ? [] : ["COUNT", String(count)];
}

/** node-redis takes the fields as one pair, an object, a Map, pairs or a flat list. */
function hashFields(fields: readonly unknown[]): unknown[] {
  const [first] = fields;
  if (typeof first === "string" || typeof first === "number") return fields.slice(0, 2).map(numberText);
  if (first instanceof Map) return [...first].flat().map(numberText);
  if (Array.isArray(first)) return first.flat(Number.POSITIVE_INFINITY).map(numberText);
  return Object.entries(first ?? {})
    .flat()
    .map(numberText);
}

function numberText(value: unknown): unknown {
  return typeof value === "number" ? String(value) : value;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}
