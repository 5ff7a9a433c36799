import type { RedisClientType } from "redis";

const CONNECT_TIMEOUT_MS = 5000;

/** A connection to Redis that is given up where the server does not answer at once. */
export async function connectRedis(
  address: string,
): Promise<{ readonly client: RedisClientType; [Symbol.asyncDispose](): Promise<void> }> {
  const { createClient } = await import("redis");
  const client = createClient({
    url: address,
    disableOfflineQueue: true,
    socket: { connectTimeout: CONNECT_TIMEOUT_MS, reconnectStrategy: false },
  });
  client.on("error", () => {});
  await client.connect();
  return {
    client: client as RedisClientType,
    [Symbol.asyncDispose]: async () => client.destroy(),
  };
}
