import type { RouteRead } from "../patterns/replica-router.ts";
import type { RunningService } from "../patterns/running-service.ts";
import {
  type ReplicatedUserNeeds,
  replicatedUserService,
} from "../services/user/replicated/replicated-user.service.ts";
import { DatabaseRouter } from "./database-router.ts";

/** User profiles behind the seed's router: written at the primary, read at a replica, and nobody knows how old that is. */
export function textbookReplicatedUserService(needs: ReplicatedUserNeeds): RunningService {
  const router = new DatabaseRouter(needs.database, [needs.replica], needs.random);
  const routeRead: RouteRead = async (_needs, _token, read) => {
    const connection = router.getReadConnection() as unknown as Parameters<typeof read>[0];
    return { result: await read(connection), token: null };
  };
  const routed = { ...needs, database: router.getWriteConnection() };
  return replicatedUserService(routed, { routeRead, handOut: (response) => response });
}
