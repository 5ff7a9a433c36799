import { UnsupportedByRedisModelError } from "./unsupported-by-redis-model-error.ts";

/**
 * Checks a command's arguments as node-redis does: it sends strings. Throws node-redis' TypeError, or a
 * refusal for a Buffer. `skipped`: how many words come before them on the wire.
 */
export function encodeArguments(args: readonly unknown[], skipped = 1): string[] {
  return args.map((value, index) => {
    if (typeof value === "string") return value;
    if (value instanceof Uint8Array) throw new UnsupportedByRedisModelError("a Buffer", "strings");
    throw new TypeError(
      `"arguments[${index + skipped}]" must be of type "string | Buffer", got ${typeof value} instead.`,
    );
  });
}

/** A command's options; throws a refusal for one that the model does not know. */
export function readOptions(
  command: string,
  options: Readonly<Record<string, unknown>> | undefined,
  known: readonly string[],
): Readonly<Record<string, unknown>> {
  if (options === undefined) return {};
  for (const name of Object.keys(options)) {
    if (options[name] !== undefined && !known.includes(name)) {
      throw new UnsupportedByRedisModelError(`${command} with ${name}`, known.join(", "));
    }
  }
  return options;
}
