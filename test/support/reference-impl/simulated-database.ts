import type { Kysely } from "kysely";
import type { ServiceContext } from "../../../harness/run/system.ts";
import { serviceApp } from "../../../reference-impl/patterns/service-app.ts";
import { type SimulatedSystem, simulate } from "../../unit/reference-impl/simulated-system.ts";

/** A service's database on virtual time, as a test uses it. */
export interface SimulatedDatabase<Tables> extends SimulatedSystem {
  readonly database: Kysely<Tables>;
  readonly context: ServiceContext;
}

/** The nodes of such a test. */
export const databaseNodes = { service: "service", store: "store" } as const;

/** Runs a test on a service with nothing but a database. */
export async function withDatabase<Tables, Result>(
  migrate: (database: Kysely<unknown>) => Promise<void>,
  test: (simulated: SimulatedDatabase<Tables>) => Promise<Result>,
): Promise<Result> {
  const contexts: ServiceContext[] = [];
  const { service, store } = databaseNodes;
  return await simulate(
    {
      stores: [{ name: store, kind: "postgres", migrate }],
      services: [
        {
          name: service,
          stores: [store],
          start: (context) => {
            contexts.push(context);
            return serviceApp();
          },
        },
      ],
    },
    async (simulated) => {
      const [context] = contexts;
      if (context === undefined) throw new Error("the service did not start");
      const limits = { max: 4, connectionTimeoutMs: 200, queryTimeoutMs: 300 };
      return await test({ ...simulated, context, database: context.postgres<Tables>(store, limits) });
    },
  );
}
