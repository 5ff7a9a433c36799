import { anyPosition } from "../patterns/recent-position.ts";
import type { RouteRead } from "../patterns/replica-router.ts";
import type { RunningService } from "../patterns/running-service.ts";
import type { ServiceNeeds } from "../service-needs.ts";
import type { ReplicaReading } from "../services/user/replicated/replica-reading.ts";
import { hardenedUserMechanisms, userService } from "../services/user/user.service.ts";
import type { UserTables } from "../services/user/user-tables.ts";
import { DatabaseRouter } from "./database-router.ts";

/** User profiles behind the seed's router: written at the primary, read at any replica, and nobody knows how old that is. */
export function textbookReplicatedUserService(
  needs: ServiceNeeds<UserTables>,
  replicas: ReplicaReading["databases"],
): RunningService {
  const router = new DatabaseRouter(needs.database, replicas, needs.random);
  const routeRead: RouteRead = async (_needs, _token, read) => {
    const connection = router.getReadConnection() as unknown as Parameters<typeof read>[0];
    return { result: await read(connection), token: null };
  };
  const routed = { ...needs, database: router.getWriteConnection() };
  const mechanisms = { routeRead, recent: () => anyPosition, handOut: (response: Response) => response };
  return userService(routed, hardenedUserMechanisms(), { replica: { databases: replicas, mechanisms } });
}
