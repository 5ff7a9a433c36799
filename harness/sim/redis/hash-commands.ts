import type { CommandTable } from "./command-table.ts";
import { redisError } from "./redis-errors.ts";

/** Hashes. */
export const hashCommands: CommandTable = {
  HSET: (store, [key = "", ...pairs]) => {
    if (pairs.length === 0 || pairs.length % 2 === 1) {
      throw redisError("ERR wrong number of arguments for 'hset' command");
    }
    let fields = store.findHash(key);
    if (fields === undefined) {
      fields = new Map();
      store.put(key, { kind: "hash", fields });
    }
    const before = fields.size;
    for (let index = 0; index < pairs.length; index += 2)
      fields.set(pairs[index] ?? "", pairs[index + 1] ?? "");
    return fields.size - before;
  },
  HGET: (store, [key = "", field = ""]) => store.findHash(key)?.get(field) ?? null,
  HGETALL: (store, [key = ""]) => [...(store.findHash(key) ?? [])].flat(),
};
