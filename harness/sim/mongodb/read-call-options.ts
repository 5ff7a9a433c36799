import { UnsupportedByMongodbModelError } from "./unsupported-by-mongodb-model-error.ts";

/** Options of a call, as they were handed in. */
export type CallOptions = Readonly<Record<string, unknown>>;

/** A call's options; throws a refusal for one that the model does not know. */
export function readCallOptions(call: string, options: unknown, known: readonly string[]): CallOptions {
  if (options === undefined || options === null) return {};
  const given = options as CallOptions;
  for (const name of Object.keys(given)) {
    if (given[name] === undefined || known.includes(name)) continue;
    throw new UnsupportedByMongodbModelError(
      `${call} with the option ${name}`,
      known.join(", ") || "no options",
    );
  }
  return given;
}

/** A count among options: a whole number from 0 on; 0 where it is left out. */
export function readNumber(call: string, options: CallOptions, name: "skip" | "limit"): number {
  const value = options[name] ?? 0;
  if (typeof value === "number" && Number.isInteger(value) && value >= 0) return value;
  throw new UnsupportedByMongodbModelError(
    `${call} with ${name}: ${JSON.stringify(value)}`,
    "whole numbers from 0 on",
  );
}
