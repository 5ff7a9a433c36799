import { evaluateScript } from "./evaluate-script.ts";
import { hashCommands } from "./hash-commands.ts";
import type { RedisStore } from "./redis-store.ts";
import type { RedisReply } from "./redis-value.ts";
import { streamCommands } from "./stream-commands.ts";
import { streamGroupCommands } from "./stream-group-commands.ts";
import { stringCommands } from "./string-commands.ts";
import { UnsupportedByRedisModelError } from "./unsupported-by-redis-model-error.ts";

const commands = new Map(
  Object.entries({
    ...stringCommands,
    ...hashCommands,
    ...streamCommands,
    ...streamGroupCommands,
    EVAL: evaluateScript,
  }),
);

/** Runs a command that never waits. Throws error replies and refusals. */
export function executeCommand(store: RedisStore, name: string, args: readonly string[]): RedisReply {
  const command = commands.get(name);
  if (command === undefined) throw new UnsupportedByRedisModelError(name, [...commands.keys()].join(", "));
  return command(store, args);
}
