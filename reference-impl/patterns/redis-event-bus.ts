import type { RedisStreamClient } from "../redis-client.ts";
import type { ServiceClock } from "../service-needs.ts";
import type { BusMessage, EventBus, HandleMessage, Subscription } from "./event-bus.ts";
import { readRedisGroup } from "./redis-group-reader.ts";
import { withinTime } from "./time-limit.ts";

/** What the bus needs of the world. */
export interface RedisEventBusNeeds {
  /** Gives a new client, not connected yet, that limits how long it waits for an answer. */
  readonly openRedis: () => RedisStreamClient;
  /** The member of its groups: the same at every start of one process, and no other process's. */
  readonly member: string;
  readonly clock: ServiceClock;
}

const commandMsMax = 1000;
const restartPauseMs = 200;

/**
 * A bus on Redis Streams. A stream keeps the order of all its entries; a group hands them out in that
 * order, but to several members at a time: so that a key keeps its order, one member is at work. It takes
 * over (XAUTOCLAIM) what a member of another name left behind.
 */
export class RedisEventBus implements EventBus {
  readonly #needs: RedisEventBusNeeds;
  #client: Promise<RedisStreamClient> | null = null;

  constructor(needs: RedisEventBusNeeds) {
    this.#needs = needs;
  }

  async publish(topic: string, messages: readonly BusMessage[]): Promise<void> {
    this.#client ??= connectRedis(this.#needs);
    const connecting = this.#client;
    try {
      const client = await connecting;
      // One after the other: what fails must have nothing of its key behind it.
      for (const { key, value } of messages) {
        await limited(this.#needs.clock, "XADD", client.xAdd(topic, "*", { key, value }));
      }
    } catch (error) {
      if (this.#client === connecting) this.#client = null;
      await connecting.then(destroyQuietly, () => {});
      throw error;
    }
  }

  subscribe(group: string, topics: readonly string[], handle: HandleMessage): Subscription {
    const { clock, member } = this.#needs;
    let stopped = false;
    const isStopped = () => stopped;
    const read = async () => {
      while (!stopped) {
        let client: RedisStreamClient | null = null;
        try {
          client = await connectRedis(this.#needs);
          await readRedisGroup({ client, clock, group, member, topics, handle, isStopped });
        } catch {
          // What was not acknowledged is read again.
          if (!stopped) await clock.sleep(restartPauseMs);
        }
        if (client !== null) destroyQuietly(client);
      }
    };
    const ended = read();
    return {
      stop: async () => {
        stopped = true;
        await ended;
      },
    };
  }

  async close(): Promise<void> {
    const connecting = this.#client;
    this.#client = null;
    if (connecting !== null) await connecting.then(destroyQuietly, () => {});
  }
}

async function connectRedis({ openRedis, clock }: RedisEventBusNeeds): Promise<RedisStreamClient> {
  const client = openRedis();
  try {
    await limited(clock, "connecting to Redis", client.connect());
    return client;
  } catch (error) {
    destroyQuietly(client);
    throw error;
  }
}

function limited<Result>(clock: ServiceClock, what: string, work: Promise<Result>): Promise<Result> {
  return withinTime(clock, commandMsMax, what, work);
}

function destroyQuietly(client: RedisStreamClient): void {
  try {
    client.destroy();
  } catch {
    // It was closed already.
  }
}
