import type { Scheduler } from "../scheduler.ts";
import type { Owner, SimEvent } from "../sim-event.ts";
import { SimPostgresClient, type SimPostgresClientOptions } from "./sim-postgres-client.ts";

/** How many connections, and how long to wait for one; 0: for ever. */
export interface SimPostgresPoolOptions {
  readonly max: number;
  readonly connectionTimeoutMs: number;
}

interface PoolWaiter {
  readonly resolve: (client: SimPostgresClient) => void;
  readonly reject: (error: Error) => void;
  timer: SimEvent | null;
}

/**
 * A pool of connections that behaves as node-postgres' does: at most `max`, the last one returned is
 * reused first, waiters are served in order, broken connections are replaced.
 */
export class SimPostgresPool {
  readonly #scheduler: Scheduler;
  readonly #owner: Owner;
  readonly #client: SimPostgresClientOptions;
  readonly #options: SimPostgresPoolOptions;
  readonly #clients = new Set<SimPostgresClient>();
  readonly #idle: SimPostgresClient[] = [];
  readonly #waiters: PoolWaiter[] = [];
  #ending = false;

  constructor(client: SimPostgresClientOptions, options: SimPostgresPoolOptions) {
    this.#scheduler = client.scheduler;
    this.#owner = client.owner;
    this.#client = client;
    this.#options = options;
  }

  /** A connection of one's own until it is released. */
  acquire(): Promise<SimPostgresClient> {
    if (this.#ending) return Promise.reject(new Error("Cannot use a pool after calling end on the pool"));
    const idle = this.#idle.pop();
    if (idle !== undefined) return Promise.resolve(idle);
    return new Promise((resolve, reject) => {
      const waiter: PoolWaiter = { resolve, reject, timer: null };
      if (this.#clients.size < this.#options.max) this.#open(waiter);
      else this.#wait(waiter);
    });
  }

  /** Gives a connection back; one that is broken, or left inside a transaction, is thrown away. */
  release(client: SimPostgresClient, usable: boolean): void {
    if (!usable || this.#ending) client.close();
    if (client.ended !== null) {
      this.#forget(client);
      return;
    }
    const waiter = this.#waiters.shift();
    if (waiter === undefined) {
      this.#idle.push(client);
      return;
    }
    this.#stopTimer(waiter);
    waiter.resolve(client);
  }

  /** Closes what is idle now and the rest when it is released. */
  end(): void {
    this.#ending = true;
    for (const client of this.#idle.splice(0)) client.close();
    for (const waiter of this.#waiters.splice(0)) {
      this.#stopTimer(waiter);
      waiter.reject(new Error("Cannot use a pool after calling end on the pool"));
    }
  }

  /** The process died: its connections close without a word to anybody in it. */
  abandon(): void {
    this.#ending = true;
    this.#waiters.length = 0;
    for (const client of this.#clients) client.abandon();
    this.#clients.clear();
    this.#idle.length = 0;
  }

  #wait(waiter: PoolWaiter): void {
    this.#waiters.push(waiter);
    waiter.timer = this.#startTimer(() => {
      const index = this.#waiters.indexOf(waiter);
      if (index >= 0) this.#waiters.splice(index, 1);
      waiter.reject(new Error("timeout exceeded when trying to connect"));
    });
  }

  #open(waiter: PoolWaiter): void {
    const client = new SimPostgresClient(this.#client);
    this.#clients.add(client);
    client.onEnd = () => this.#forget(client);
    waiter.timer = this.#startTimer(() =>
      client.close(new Error("Connection terminated due to connection timeout")),
    );
    client.connect().then(
      () => {
        this.#stopTimer(waiter);
        waiter.resolve(client);
      },
      (error: Error) => {
        this.#stopTimer(waiter);
        waiter.reject(error);
      },
    );
  }

  /** A connection is gone: the next in line gets a new one. */
  #forget(client: SimPostgresClient): void {
    if (!this.#clients.delete(client)) return;
    const index = this.#idle.indexOf(client);
    if (index >= 0) this.#idle.splice(index, 1);
    if (this.#ending || this.#clients.size >= this.#options.max) return;
    const waiter = this.#waiters.shift();
    if (waiter === undefined) return;
    this.#stopTimer(waiter);
    this.#open(waiter);
  }

  #startTimer(expire: () => void): SimEvent | null {
    const { connectionTimeoutMs } = this.#options;
    if (connectionTimeoutMs === 0) return null;
    return this.#scheduler.schedule(connectionTimeoutMs * 1e6, "connection timeout", expire, {
      owner: this.#owner,
    });
  }

  #stopTimer(waiter: PoolWaiter): void {
    if (waiter.timer !== null) this.#scheduler.cancel(waiter.timer);
    waiter.timer = null;
  }
}
