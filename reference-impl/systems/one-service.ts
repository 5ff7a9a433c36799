import type { Kysely } from "kysely";
import type { HttpService, SystemDefinition } from "../../harness/run/system.ts";
import { type DatabaseNeeds, databaseService } from "./service-definitions.ts";
import { postgresStore } from "./store-definitions.ts";

/** The names of a system of one service and its store, as faults and workloads use them. */
export interface OneServiceNodes {
  readonly service: string;
  readonly store: string;
}

/** One service with a PostgreSQL database of its own: pattern 1. */
export function oneService<Tables>(
  { service, store }: OneServiceNodes,
  migrate: (database: Kysely<unknown>) => Promise<void>,
  start: (needs: DatabaseNeeds<Tables>) => HttpService | Promise<HttpService>,
): SystemDefinition {
  return {
    stores: [postgresStore(store, migrate)],
    services: [databaseService<Tables>(service, store, start)],
  };
}
