import type { CommandTable } from "./command-table.ts";
import { notAnInteger, redisError } from "./redis-errors.ts";
import type { RedisStore } from "./redis-store.ts";
import type { RedisReply } from "./redis-value.ts";
import { UnsupportedByRedisModelError } from "./unsupported-by-redis-model-error.ts";

const INT64_MAX = 2n ** 63n - 1n;
const INT64_MIN = -(2n ** 63n);

/** Strings and expiry. */
export const stringCommands: CommandTable = {
  GET: (store, [key = ""]) => store.findText(key) ?? null,
  SET: set,
  DEL: (store, keys) =>
    keys.reduce((removed, key) => removed + (exists(store, key) && store.remove(key) ? 1 : 0), 0),
  INCR: (store, [key = ""]) => {
    const value = readInt64(store.findText(key) ?? "0");
    if (value === INT64_MAX) throw redisError("ERR increment or decrement would overflow");
    store.put(key, { kind: "string", text: String(value + 1n) });
    return Number(value + 1n);
  },
  PEXPIRE: pExpire,
  PTTL: (store, [key = ""]) => {
    if (!exists(store, key)) return -2;
    const expiry = store.expiry(key);
    return expiry === undefined ? -1 : Math.max(0, expiry - store.nowMs());
  },
};

function exists(store: RedisStore, key: string): boolean {
  return store.find(key) !== undefined;
}

interface SetOptions {
  readonly only: "NX" | "XX" | null;
  readonly get: boolean;
  readonly keepExpiry: boolean;
  readonly expiry: number | null;
}

function set(store: RedisStore, args: readonly string[]): RedisReply {
  const [key = "", text = "", ...rest] = args;
  const { only, get, keepExpiry, expiry } = readSetOptions(store, rest);
  // With GET, an old value of another type is an error before anything is written.
  const old = get ? (store.findText(key) ?? null) : null;
  const there = exists(store, key);
  if ((only === "NX" && there) || (only === "XX" && !there)) return old;
  store.put(key, { kind: "string", text });
  if (!keepExpiry) store.setExpiry(key, expiry);
  return get ? old : "OK";
}

function readSetOptions(store: RedisStore, args: readonly string[]): SetOptions {
  let only: "NX" | "XX" | null = null;
  let get = false;
  let keepExpiry = false;
  let expiry: number | null = null;
  for (let index = 0; index < args.length; index++) {
    const option = (args[index] ?? "").toUpperCase();
    if (option === "NX" || option === "XX") {
      if (only !== null && only !== option) throw syntaxError();
      only = option;
    } else if (option === "GET") get = true;
    else if (option === "KEEPTTL") {
      if (expiry !== null) throw syntaxError();
      keepExpiry = true;
    } else if (option === "PX" || option === "EX") {
      const value = args[++index];
      if (value === undefined || expiry !== null || keepExpiry) throw syntaxError();
      expiry = expiresAt(store, value, option === "EX" ? 1000n : 1n, "set");
    } else {
      throw new UnsupportedByRedisModelError(`SET … ${option}`, "NX, XX, GET, KEEPTTL, EX, PX");
    }
  }
  return { only, get, keepExpiry, expiry };
}

function pExpire(store: RedisStore, [key = "", ms = "", ...conditions]: readonly string[]): RedisReply {
  if (conditions.length > 0)
    throw new UnsupportedByRedisModelError(`PEXPIRE … ${conditions.join(" ")}`, "PEXPIRE key ms");
  const value = readInt64(ms);
  const atMs = value + BigInt(store.nowMs());
  if (atMs > INT64_MAX) throw redisError("ERR invalid expire time in 'pexpire' command");
  if (!exists(store, key)) return 0;
  if (value <= 0n) store.remove(key);
  else store.setExpiry(key, Number(atMs));
  return 1;
}

function expiresAt(store: RedisStore, text: string, msPerUnit: bigint, command: string): number {
  const value = readInt64(text);
  const atMs = value * msPerUnit + BigInt(store.nowMs());
  if (value <= 0n || atMs > INT64_MAX) throw redisError(`ERR invalid expire time in '${command}' command`);
  return Number(atMs);
}

/** A signed 64-bit integer in its one canonical form: no spaces, no plus, no leading zeros. */
function readInt64(text: string): bigint {
  if (!/^(0|-?[1-9]\d{0,18})$/.test(text)) throw notAnInteger();
  const value = BigInt(text);
  if (value > INT64_MAX || value < INT64_MIN) throw notAnInteger();
  return value;
}

function syntaxError(): Error {
  return redisError("ERR syntax error");
}
