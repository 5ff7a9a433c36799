import type { Kysely } from "kysely";
import type { SystemDefinition } from "../../harness/run/system.ts";
import type { Defect } from "../defects/defect.ts";
import type { RunningService } from "../patterns/running-service.ts";
import {
  hardenedReplicatedUserMechanisms,
  type PoolBounds,
  type ReplicatedUserMechanisms,
  stalenessMsMax,
} from "../services/user/replicated/replicated-user-mechanisms.ts";
import { hardenedUserMechanisms, userService } from "../services/user/user.service.ts";
import { createUserTables, type UserTables } from "../services/user/user-tables.ts";
import { seedPool } from "../textbook/database-router.ts";
import { textbookReplicatedUserService } from "../textbook/replicated-user.textbook.ts";
import { type DatabaseNeeds, databaseNeeds } from "./service-definitions.ts";
import { postgresStore } from "./store-definitions.ts";

/** The nodes of the replicated user system, as faults and workloads name them. */
export const replicatedUserNodes = {
  service: "user",
  store: "user-db",
  replicas: ["user-db-replica-a", "user-db-replica-b"],
} as const;

/** What the hardened form promises in numbers: how long what it shows may have been replaced. */
export const replicatedUserBounds: { readonly stalenessMsMax: number } = { stalenessMsMax };

const nodes = replicatedUserNodes;

/** User profiles with two read replicas, in the hardened form or with one mechanism replaced by a defect. */
export function replicatedUserSystem(defect?: Defect<ReplicatedUserMechanisms>): SystemDefinition {
  const mechanisms = { ...hardenedReplicatedUserMechanisms(), ...defect?.replacement() };
  return withReplicas(mechanisms.pool, (needs, databases) =>
    userService(needs, hardenedUserMechanisms(), { replica: { databases, mechanisms } }),
  );
}

/** The same behind the seed's `DatabaseRouter`, with the seed's pool. */
export function textbookReplicatedUserSystem(): SystemDefinition {
  return withReplicas(seedPool, textbookReplicatedUserService);
}

type Databases = readonly [Kysely<UserTables>, ...Kysely<UserTables>[]];

function withReplicas(
  pool: PoolBounds,
  start: (needs: DatabaseNeeds<UserTables>, replicas: Databases) => RunningService,
): SystemDefinition {
  return {
    stores: [postgresStore(nodes.store, createUserTables, nodes.replicas)],
    services: [
      {
        name: nodes.service,
        stores: [nodes.store, ...nodes.replicas],
        start: (context) => {
          const [first, ...others] = nodes.replicas;
          const open = (name: string) => context.postgres<UserTables>(name, pool);
          return start(databaseNeeds<UserTables>(context, nodes.store, pool), [
            open(first),
            ...others.map(open),
          ]);
        },
      },
    ],
  };
}
