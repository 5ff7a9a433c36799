import type { StoreClients, StoreDefinition } from "../../run/system.ts";

/** Creates the tables and indexes of every store that has a `migrate`; topics come with their broker. */
export async function migrateStores(
  stores: readonly StoreDefinition[],
  clients: StoreClients,
): Promise<void> {
  for (const store of stores) {
    if (store.kind === "postgres") await store.migrate(clients.postgres(store.name));
    else if (store.kind === "mongodb") await store.migrate(clients.mongodb(store.name));
  }
}
