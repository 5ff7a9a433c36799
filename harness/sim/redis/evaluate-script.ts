import { createHash } from "node:crypto";
import { findScript, knownScripts, scriptCall } from "./known-scripts.ts";
import { redisError, SimpleError } from "./redis-errors.ts";
import type { RedisStore } from "./redis-store.ts";
import type { RedisReply } from "./redis-value.ts";
import { UnsupportedByRedisModelError } from "./unsupported-by-redis-model-error.ts";

/**
 * EVAL: runs a script that the model knows. What its commands did before one of them failed stays done,
 * as in Redis. Throws the failed command's error with Redis' note where in the script it came from.
 */
export function evaluateScript(store: RedisStore, args: readonly string[]): RedisReply {
  const [text = "", keyCount = "0", ...rest] = args;
  const script = findScript(text);
  const keys = rest.slice(0, Number(keyCount));
  const values = rest.slice(Number(keyCount));
  if (script === undefined || keys.length < script.keys || values.length < script.arguments) {
    throw unknownScript(text);
  }
  let calls = 0;
  try {
    return script.run(
      scriptCall(store, () => calls++),
      keys,
      values,
    );
  } catch (error) {
    if (!(error instanceof SimpleError)) throw error;
    const sha = createHash("sha1").update(text).digest("hex");
    throw redisError(`${error.message} script: ${sha}, on @user_script:${lineOfCall(text, calls)}.`);
  }
}

function lineOfCall(text: string, calls: number): number {
  const before = text.split("redis.call").slice(0, calls).join("");
  return before.split("\n").length;
}

function unknownScript(text: string): UnsupportedByRedisModelError {
  const names = knownScripts.map(({ name, text: known }) => `${name}: ${known}`).join("; ");
  return new UnsupportedByRedisModelError(`EVAL of the script ${JSON.stringify(text)}`, names);
}
