import { readCallOptions } from "./read-call-options.ts";
import type { IndexDefinition } from "./unique-index.ts";
import { UnsupportedByMongodbModelError } from "./unsupported-by-mongodb-model-error.ts";

/** Reads what `createIndex` was called with. Throws a refusal for text, hashed and other special indexes. */
export function readIndex(specification: unknown, options: unknown): IndexDefinition {
  const known = ["unique", "sparse", "name", "background"];
  const { unique, sparse, name } = readCallOptions("createIndex", options, known);
  const keys = readKeys(specification);
  for (const [field, direction] of keys) {
    if (direction !== 1 && direction !== -1) {
      throw new UnsupportedByMongodbModelError(`an index ${field}: ${JSON.stringify(direction)}`, "1 and -1");
    }
  }
  const fields = keys.map(([field, direction]): [string, number] => [field, Number(direction)]);
  return {
    name:
      typeof name === "string" ? name : fields.map(([field, direction]) => `${field}_${direction}`).join("_"),
    keys: fields,
    unique: unique === true,
    sparse: sparse === true,
  };
}

function readKeys(specification: unknown): [string, unknown][] {
  if (typeof specification === "string") return [[specification, 1]];
  if (specification instanceof Map) return [...specification].map(([field, value]) => [String(field), value]);
  if (!Array.isArray(specification)) return Object.entries(specification ?? {});
  const [first, second] = specification;
  if (specification.length === 2 && typeof first === "string" && typeof second === "number") {
    return [[first, second]];
  }
  return specification.flatMap(readKeys);
}
