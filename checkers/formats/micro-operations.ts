import type { Json } from "../history/operation.ts";

/** Names of the operations within a transaction. */
const names: ReadonlySet<Json> = new Set(["r", "w", "append"]);

/** Is this a list of at least one `["r", key, value]`, `["w", …]` or `["append", …]`, and nothing else? */
export function isMicroOperations(value: Json | undefined): value is readonly (readonly Json[])[] {
  if (!Array.isArray(value) || value.length === 0) return false;
  for (const entry of value) {
    if (!Array.isArray(entry) || entry.length < 2 || entry.length > 3 || !names.has(entry[0])) return false;
  }
  return true;
}

/**
 * The same transaction with three fields in each operation, null where the third was left out, and with
 * keys that are numbers or strings. Not copied where nothing changes.
 */
export function normalizedTransaction(operations: readonly (readonly Json[])[]): Json {
  for (const operation of operations) {
    if (operation.length !== 3 || !isKey(operation[1])) return operations.map(normalizedOperation);
  }
  return operations;
}

function normalizedOperation(operation: readonly Json[]): Json {
  const [name = null, key = null, value = null] = operation;
  return [name, isKey(key) ? key : JSON.stringify(key), value];
}

function isKey(key: Json | undefined): boolean {
  return typeof key === "string" || typeof key === "number";
}
