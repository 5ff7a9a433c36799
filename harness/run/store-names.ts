import type { SystemDefinition } from "./system.ts";

/** The names of a system's stores, read replicas included. */
export function storeNames({ stores }: SystemDefinition): string[] {
  return stores.flatMap((store) =>
    store.kind === "postgres" ? [store.name, ...(store.replicas ?? [])] : [store.name],
  );
}
