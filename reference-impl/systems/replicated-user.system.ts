import type { Kysely } from "kysely";
import type { SystemDefinition } from "../../harness/run/system.ts";
import type { Defect } from "../defects/defect.ts";
import type { RunningService } from "../patterns/running-service.ts";
import {
  hardenedReplicatedUserMechanisms,
  type PoolBounds,
  type ReplicatedUserMechanisms,
} from "../services/user/replicated/replicated-user-mechanisms.ts";
import { hardenedUserMechanisms, userService } from "../services/user/user.service.ts";
import { createUserTables, type UserTables } from "../services/user/user-tables.ts";
import { seedPool } from "../textbook/database-router.ts";
import { textbookReplicatedUserService } from "../textbook/replicated-user.textbook.ts";
import { type DatabaseNeeds, databaseNeeds } from "./service-definitions.ts";
import { postgresStore } from "./store-definitions.ts";

/** The nodes of the replicated user system, as faults and workloads name them. */
export const replicatedUserNodes = { service: "user", store: "user-db", replica: "user-db-replica" } as const;

const nodes = replicatedUserNodes;

/** User profiles with a read replica, in the hardened form or with one mechanism replaced by a defect. */
export function replicatedUserSystem(defect?: Defect<ReplicatedUserMechanisms>): SystemDefinition {
  const mechanisms = { ...hardenedReplicatedUserMechanisms(), ...defect?.replacement() };
  return withReplica(mechanisms.pool, (needs, database) =>
    userService(needs, hardenedUserMechanisms(), { replica: { database, mechanisms } }),
  );
}

/** The same behind the seed's `DatabaseRouter`, with the seed's pool. */
export function textbookReplicatedUserSystem(): SystemDefinition {
  return withReplica(seedPool, textbookReplicatedUserService);
}

function withReplica(
  pool: PoolBounds,
  start: (needs: DatabaseNeeds<UserTables>, replica: Kysely<UserTables>) => RunningService,
): SystemDefinition {
  return {
    stores: [postgresStore(nodes.store, createUserTables, nodes.replica)],
    services: [
      {
        name: nodes.service,
        stores: [nodes.store, nodes.replica],
        start: (context) =>
          start(
            databaseNeeds<UserTables>(context, nodes.store, pool),
            context.postgres<UserTables>(nodes.replica, pool),
          ),
      },
    ],
  };
}
