import { ConnectionError } from "../postgres/connection-error.ts";
import { type ConnectionEnd, StoreConnection, type StoreConnectionOptions } from "../store-connection.ts";
import {
  ClientClosedError,
  ClientOfflineError,
  DisconnectsClientError,
  SocketClosedUnexpectedlyError,
  SocketTimeoutError,
} from "./redis-errors.ts";
import type { RedisServer } from "./redis-server.ts";
import { type RedisRequest, RedisSession } from "./redis-session.ts";
import type { RedisReply } from "./redis-value.ts";
import { UnsupportedByRedisModelError } from "./unsupported-by-redis-model-error.ts";

/** How long a client waits after a failed attempt to connect. */
const RECONNECT_MS = 50;

interface Pending {
  readonly resolve: (reply: RedisReply) => void;
  readonly reject: (error: Error) => void;
}

/**
 * What is below node-redis' commands, with `disableOfflineQueue`, a `socketTimeout` and a reconnect
 * strategy that never gives up: commands go out at once and in order; when the connection breaks, all
 * that are under way fail; until it is back, new ones are refused.
 */
export class SimRedisConnection {
  readonly #server: RedisServer;
  readonly #options: StoreConnectionOptions;
  /** Between `connect` and `close` or `destroy`. */
  #open = false;
  #connection: StoreConnection | null = null;
  /** The server's side of the connection. */
  #session: RedisSession;
  #ready = false;
  readonly #pending: Set<Pending> = new Set();
  #opened: { resolve: () => void; reject: (error: Error) => void } | null = null;
  #whenDrained: (() => void) | null = null;

  constructor(server: RedisServer, options: StoreConnectionOptions) {
    this.#server = server;
    this.#session = new RedisSession(server);
    this.#options = options;
  }

  /** Resolves when the server has answered; tries again until then. */
  connect(): Promise<void> {
    if (this.#open) return Promise.reject(new Error("Socket already opened"));
    this.#open = true;
    return new Promise((resolve, reject) => {
      this.#opened = { resolve, reject };
      this.#attempt();
    });
  }

  /** Sends a command; rejects with the server's error, or with what happened to the connection. */
  send(request: RedisRequest): Promise<RedisReply> {
    if (!this.#open) return Promise.reject(new ClientClosedError());
    const connection = this.#connection;
    if (connection === null || !this.#ready) return Promise.reject(new ClientOfflineError());
    return new Promise((resolve, reject) => {
      const pending: Pending = { resolve, reject };
      this.#pending.add(pending);
      const session = this.#session;
      connection.send(request.name, (answer) => {
        session.receive(request, (outcome) => {
          if (!outcome.ok && outcome.error instanceof UnsupportedByRedisModelError) {
            this.#server.refusals.push(outcome.error);
          }
          answer(() => {
            this.#pending.delete(pending);
            if (outcome.ok) resolve(outcome.reply);
            else reject(outcome.error);
            if (this.#pending.size === 0) this.#whenDrained?.();
          });
        });
      });
    });
  }

  /** Closes when everything under way is answered. */
  async close(): Promise<void> {
    if (!this.#open) throw new ClientClosedError();
    this.#open = false;
    if (this.#pending.size > 0) {
      await new Promise<void>((resolve) => {
        this.#whenDrained = resolve;
      });
    }
    this.#shut();
  }

  /** Closes at once: what is under way fails. Harmless when it is closed. */
  destroy(): void {
    this.#open = false;
    this.#shut();
    this.#failPending(new DisconnectsClientError());
    this.#opened?.reject(new DisconnectsClientError());
    this.#opened = null;
  }

  /** The client's process died: nothing settles any more. */
  abandon(): void {
    this.#open = false;
    this.#pending.clear();
    this.#opened = null;
    this.#shut();
  }

  #shut(): void {
    this.#ready = false;
    this.#connection?.close();
    this.#connection = null;
  }

  #attempt(): void {
    const connection = new StoreConnection(this.#options);
    const session = new RedisSession(this.#server);
    this.#connection = connection;
    this.#session = session;
    connection.onServerEnd = () => session.end();
    connection.onEnd = (end) => this.#lost(end, false);
    connection.open(() => {
      this.#ready = true;
      connection.onEnd = (end) => this.#lost(end, true);
      this.#opened?.resolve();
      this.#opened = null;
    });
  }

  /** Where the connection was in use, it connects again without a pause. */
  #lost(end: ConnectionEnd, wasReady: boolean): void {
    this.#ready = false;
    this.#connection = null;
    this.#failPending(this.#errorOf(end));
    if (!this.#open) return;
    if (wasReady) {
      this.#attempt();
      return;
    }
    const { scheduler, owner } = this.#options;
    scheduler.schedule(
      RECONNECT_MS * 1e6,
      "reconnect",
      () => {
        if (this.#open && this.#connection === null) this.#attempt();
      },
      { owner, cause: -1 },
    );
  }

  #failPending(error: Error): void {
    const pending = [...this.#pending];
    this.#pending.clear();
    for (const { reject } of pending) reject(error);
    this.#whenDrained?.();
  }

  #errorOf(end: ConnectionEnd): Error {
    const { timeoutMs, host } = this.#options;
    if (end === "refused") return new ConnectionError("ECONNREFUSED", `${host.name}:6379`);
    if (end === "reset") return new ConnectionError("ECONNRESET", host.name);
    return end === "timeout" ? new SocketTimeoutError(timeoutMs) : new SocketClosedUnexpectedlyError();
  }
}
