import type { RedisStore } from "./redis-store.ts";
import type { RedisReply } from "./redis-value.ts";
import { stringCommands } from "./string-commands.ts";
import { UnsupportedByRedisModelError } from "./unsupported-by-redis-model-error.ts";

/** Runs a command inside of a script, as `redis.call` does: a nil answer is `false` there, here null. */
export type ScriptCall = (command: string, ...args: readonly string[]) => RedisReply;

/** A script that the model knows by its text, and what it does. */
export interface KnownScript {
  readonly name: string;
  readonly text: string;
  readonly keys: number;
  readonly arguments: number;
  run(call: ScriptCall, keys: readonly string[], args: readonly string[]): RedisReply;
}

/**
 * The scripts that the model understands. There is no Lua interpreter: a script is recognised by its
 * text, whatever its spacing and kind of quotes.
 */
export const knownScripts: readonly KnownScript[] = [
  {
    name: "compare and delete: gives up a lock that is still one's own",
    text: `if redis.call("get", KEYS[1]) == ARGV[1] then return redis.call("del", KEYS[1]) else return 0 end`,
    keys: 1,
    arguments: 1,
    run: (call, [key = ""], [owner = ""]) => (call("GET", key) === owner ? call("DEL", key) : 0),
  },
  {
    name: "compare and expire: extends a lock that is still one's own",
    text: `if redis.call("get", KEYS[1]) == ARGV[1] then return redis.call("pexpire", KEYS[1], ARGV[2]) else return 0 end`,
    keys: 1,
    arguments: 2,
    run: (call, [key = ""], [owner = "", ms = ""]) =>
      call("GET", key) === owner ? call("PEXPIRE", key, ms) : 0,
  },
  {
    name: "acquire with fencing: takes a free lock and draws the next fencing token, or answers 0",
    text: `if redis.call("set", KEYS[1], ARGV[1], "NX", "PX", ARGV[2]) then return redis.call("incr", KEYS[2]) else return 0 end`,
    keys: 2,
    arguments: 2,
    run: (call, [key = "", counter = ""], [owner = "", ms = ""]) =>
      call("SET", key, owner, "NX", "PX", ms) === null ? 0 : call("INCR", counter),
  },
  {
    name: "versioned fill: caches an entity unless a newer version was heard of",
    text: `if tonumber(redis.call("get", KEYS[2]) or "0") > tonumber(ARGV[1]) then return 0 end redis.call("set", KEYS[2], ARGV[1], "PX", ARGV[4]) redis.call("set", KEYS[1], ARGV[2], "PX", ARGV[3]) return 1`,
    keys: 2,
    arguments: 4,
    run: (call, [key = "", floor = ""], [version = "", entity = "", ms = "", floorMs = ""]) => {
      if (luaNumber(call("GET", floor) ?? "0") > luaNumber(version)) return 0;
      call("SET", floor, version, "PX", floorMs);
      call("SET", key, entity, "PX", ms);
      return 1;
    },
  },
  {
    name: "versioned invalidation: nothing older than a version stays in the cache, or comes into it",
    text: `if tonumber(redis.call("get", KEYS[2]) or "0") >= tonumber(ARGV[1]) then return 0 end redis.call("set", KEYS[2], ARGV[1], "PX", ARGV[2]) return redis.call("del", KEYS[1])`,
    keys: 2,
    arguments: 2,
    run: (call, [key = "", floor = ""], [version = "", floorMs = ""]) => {
      if (luaNumber(call("GET", floor) ?? "0") >= luaNumber(version)) return 0;
      call("SET", floor, version, "PX", floorMs);
      return call("DEL", key);
    },
  },
];

/** What Lua's `tonumber` makes of a text, for whole numbers. */
function luaNumber(text: RedisReply): number {
  if (typeof text === "string" && /^-?\d{1,15}$/.test(text)) return Number(text);
  throw new UnsupportedByRedisModelError(`tonumber(${JSON.stringify(text)}) in a script`, "whole numbers");
}

/** A script's text without what does not matter: kinds of quotes, spaces, line ends. */
export function normaliseScript(text: string): string {
  return text
    .replace(/'/g, '"')
    .replace(/\s+/g, " ")
    .replace(/ ?([(),=[\]]) ?/g, "$1")
    .trim();
}

/** The script with this text, if the model knows it. */
export function findScript(text: string): KnownScript | undefined {
  const normalised = normaliseScript(text);
  return knownScripts.find((script) => normaliseScript(script.text) === normalised);
}

/** Runs a script's commands on the store; `onCall` is told before each one. */
export function scriptCall(store: RedisStore, onCall: () => void): ScriptCall {
  return (command, ...args) => {
    onCall();
    return stringCommands[command]?.(store, args) ?? null;
  };
}
