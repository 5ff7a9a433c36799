import type { LockClient } from "../lock-client.ts";
import type { ServiceClock } from "../service-needs.ts";
import { withinTime } from "./time-limit.ts";

/** What a connection to a lock server or a cache needs of the world. */
export interface RedisConnectionNeeds<Client> {
  /** Gives a new client, not connected yet, that connects again by itself once its connection broke. */
  readonly openRedis: () => Client;
  readonly clock: ServiceClock;
}

/** Thrown where a command has no answer: it may have been carried out, or may yet be. */
export class RedisFailure extends Error {
  override readonly name = "RedisFailure";
}

/** What every client has. */
type Connectable = Pick<LockClient, "connect" | "destroy">;

const connectMsMax = 1000;
const commandMsMax = 500;

/** A client, and when it can be used. */
interface Opened<Client> {
  readonly client: Client;
  readonly connected: Promise<unknown>;
}

/** One client for all requests of a service, connected at the first command. Every wait is bounded. */
export class RedisConnection<Client extends Connectable = LockClient> {
  readonly #needs: RedisConnectionNeeds<Client>;
  #opened: Opened<Client> | null = null;

  constructor(needs: RedisConnectionNeeds<Client>) {
    this.#needs = needs;
  }

  /** Sends a command. Throws {@link RedisFailure}. */
  async command<Result>(what: string, send: (client: Client) => Promise<Result>): Promise<Result> {
    const { clock } = this.#needs;
    try {
      this.#opened ??= this.#open();
      const { client, connected } = this.#opened;
      await withinTime(clock, connectMsMax, "connecting to Redis", connected);
      return await withinTime(clock, commandMsMax, what, send(client));
    } catch (error) {
      throw new RedisFailure(error instanceof Error ? error.message : String(error), { cause: error });
    }
  }

  /** Closes the client, also one that is still connecting to a server that is away; a command under way fails. */
  async close(): Promise<void> {
    const opened = this.#opened;
    this.#opened = null;
    if (opened !== null) destroyQuietly(opened.client);
  }

  #open(): Opened<Client> {
    const client = this.#needs.openRedis();
    const connected = client.connect();
    const opened: Opened<Client> = { client, connected };
    connected.catch(() => {
      if (this.#opened === opened) this.#opened = null;
      destroyQuietly(client);
    });
    return opened;
  }
}

function destroyQuietly(client: Connectable): void {
  try {
    client.destroy();
  } catch {
    // It was closed already.
  }
}
