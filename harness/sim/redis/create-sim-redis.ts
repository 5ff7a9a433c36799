import type { RandomStream } from "../../random/random-stream.ts";
import type { RedisClient } from "../../run/store-clients.ts";
import type { Network } from "../network.ts";
import type { Scheduler } from "../scheduler.ts";
import type { Owner } from "../sim-event.ts";
import type { RedisServer } from "./redis-server.ts";
import { simRedisCommands } from "./sim-redis-commands.ts";
import { SimRedisConnection } from "./sim-redis-connection.ts";

/** Who connects to what. */
export interface SimRedisOptions {
  readonly scheduler: Scheduler;
  readonly network: Network;
  readonly server: RedisServer;
  /** The client's node in the network. */
  readonly clientNode: string;
  /** The life of the client's process. */
  readonly owner: Owner;
  /** For races of the client's own; there are none yet. */
  readonly random: RandomStream;
  /** `connectTimeout` and `socketTimeout` of node-redis; 0: none. */
  readonly timeoutMs: number;
}

/** Redis clients of one process, and what to call when that process dies. */
export interface SimRedis {
  /** A client that is not connected yet, as `createClient(…)` of node-redis gives one. */
  client(): RedisClient;
  /** Closes the process's connections at the server; its promises never settle. */
  ownerDied(): void;
}

/**
 * Clients of a {@link RedisServer}: every command is a message over the simulated network. Give each life
 * of a process its own.
 */
export function createSimRedis(options: SimRedisOptions): SimRedis {
  const { scheduler, network, server, clientNode, owner, timeoutMs } = options;
  const connections: SimRedisConnection[] = [];
  return {
    client: () => {
      const transport = { scheduler, network, host: server.host, clientNode, owner, timeoutMs };
      const connection = new SimRedisConnection(server, transport);
      connections.push(connection);
      return simRedisCommands(connection, server.refusals);
    },
    ownerDied: () => {
      for (const connection of connections.splice(0)) connection.abandon();
    },
  };
}
