import { randomStream } from "../../../harness/random/random-stream.ts";
import type { RedisClient } from "../../../harness/run/store-clients.ts";
import { createSimRedis } from "../../../harness/sim/redis/create-sim-redis.ts";
import { RedisServer } from "../../../harness/sim/redis/redis-server.ts";
import type { Owner } from "../../../harness/sim/sim-event.ts";
import { StoreWorld } from "../store-world.ts";

/** A process with Redis clients. */
export interface RedisProcess {
  readonly owner: Owner;
  client(): RedisClient;
  /** A client that is connected. */
  connected(): Promise<RedisClient>;
  /** Kills it as the process model does: first its life, then its connections. */
  die(): void;
}

/** One Redis model server and processes that use it. */
export class RedisWorld extends StoreWorld {
  readonly server: RedisServer;

  constructor(seed = 1, persistence: "all" | "none" = "all") {
    super(seed);
    const random = randomStream(seed, "server");
    this.server = new RedisServer({ scheduler: this.scheduler, random, name: "redis", persistence });
  }

  process(name: string, timeoutMs = 1000): RedisProcess {
    const owner: Owner = { name, alive: true };
    const { client, ownerDied } = createSimRedis({
      scheduler: this.scheduler,
      network: this.network,
      server: this.server,
      clientNode: name,
      owner,
      random: randomStream(this.seed, name),
      timeoutMs,
    });
    const connected = async (): Promise<RedisClient> => {
      const made = client();
      await this.finish(made.connect());
      return made;
    };
    const die = (): void => {
      owner.alive = false;
      ownerDied();
    };
    return { owner, client, connected, die };
  }
}
