import type { createClient } from "redis";
import type { RedisClient } from "../../run/store-clients.ts";

/** `createClient` of the `redis` package, handed in so that it is loaded only where it is used. */
export type CreateRedisClient = typeof createClient;

/** The pause before a broken connection is opened again. */
const RECONNECT_MS = 50;

/**
 * A client that bounds every wait, keeps no command for later while it has no connection, and survives a
 * broken one.
 */
export function createRealRedis(createRedisClient: CreateRedisClient, url: string): RedisClient {
  const client = createRedisClient({
    url,
    disableOfflineQueue: true,
    socket: { connectTimeout: 300, socketTimeout: 500, reconnectStrategy: () => RECONNECT_MS },
  });
  // Without a listener a reset connection ends the whole process.
  client.on("error", () => {});
  return client as unknown as RedisClient;
}
