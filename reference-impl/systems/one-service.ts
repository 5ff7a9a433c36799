import type { Kysely } from "kysely";
import type { HttpService, ServiceContext, SystemDefinition } from "../../harness/run/system.ts";
import { type LedgerNeeds, poolLimits, type ServiceNeeds } from "../service-needs.ts";

/** The names of a system of one service and its store, as faults and workloads use them. */
export interface OneServiceNodes {
  readonly service: string;
  readonly store: string;
}

/** One service with a PostgreSQL database of its own: pattern 1. */
export function oneService<Tables>(
  nodes: OneServiceNodes,
  migrate: (database: Kysely<unknown>) => Promise<void>,
  start: (needs: ServiceNeeds<Tables> & LedgerNeeds) => HttpService | Promise<HttpService>,
): SystemDefinition {
  return {
    stores: [{ name: nodes.store, kind: "postgres", migrate }],
    services: [
      {
        name: nodes.service,
        stores: [nodes.store],
        start: (context: ServiceContext) =>
          start({
            clock: context.clock,
            random: context.random,
            newId: context.newId,
            nowUs: () => Math.floor(context.clock.monotonicNs() / 1000),
            database: context.postgres<Tables>(nodes.store, poolLimits),
          }),
      },
    ],
  };
}
