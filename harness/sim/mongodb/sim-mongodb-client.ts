import type { SimEvent } from "../sim-event.ts";
import { type ConnectionEnd, StoreConnection, type StoreConnectionOptions } from "../store-connection.ts";
import {
  MongoNetworkError,
  MongoNetworkTimeoutError,
  MongoServerSelectionError,
  MongoWaitQueueTimeoutError,
} from "./mongodb-errors.ts";

/** `maxPoolSize`, as the real lane sets it. */
const POOL_MAX = 8;

/** The driver's `minHeartbeatFrequencyMS`: how long it waits before it looks for the server again. */
const HEARTBEAT_MS = 500;

interface Operation {
  readonly label: string;
  /** Runs at the server; what it throws is the server's answer. */
  readonly work: () => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  /** Ends the wait for a server or a connection. */
  timer: SimEvent | null;
}

interface PooledConnection {
  readonly id: number;
  readonly transport: StoreConnection;
  operation: Operation | null;
}

/**
 * What is below the driver's collections, with `retryWrites` and `retryReads` off and one time limit for
 * the socket, the connection, the queue for one and the choice of a server: a pool of connections with one command each at
 * a time. When the network fails, the server counts as unknown; commands then wait until it is found
 * again or their time is over.
 */
export class SimMongodbClient {
  readonly #options: StoreConnectionOptions;
  /** Is there a server, as far as the client knows? */
  #known = false;
  #probing = false;
  readonly #connections = new Set<PooledConnection>();
  readonly #idle: PooledConnection[] = [];
  /** Commands that wait for a server. */
  readonly #selecting = new Set<Operation>();
  /** Commands that wait for a connection. */
  readonly #waiting: Operation[] = [];
  #lastConnection = 0;

  constructor(options: StoreConnectionOptions) {
    this.#options = options;
  }

  /** Runs a command at the server; rejects with its error or with what happened to the connection. */
  run<Value>(label: string, work: () => Value): Promise<Value> {
    return new Promise<unknown>((resolve, reject) => {
      const operation: Operation = { label, work, resolve, reject, timer: null };
      if (this.#known) this.#checkOut(operation);
      else this.#select(operation);
    }) as Promise<Value>;
  }

  /** The client's process died: nothing settles any more; the server hears of closed connections. */
  abandon(): void {
    for (const { transport } of this.#connections) transport.close();
    this.#connections.clear();
    this.#idle.length = 0;
    this.#selecting.clear();
    this.#waiting.length = 0;
  }

  // ── finding the server ──

  #select(operation: Operation): void {
    const { timeoutMs } = this.#options;
    this.#selecting.add(operation);
    this.#limitWait(operation, "server selection", () => {
      this.#selecting.delete(operation);
      return new MongoServerSelectionError(`Server selection timed out after ${timeoutMs} ms`);
    });
    if (!this.#probing) this.#probe();
  }

  #probe(): void {
    this.#probing = true;
    this.#open(
      (connection) => {
        this.#probing = false;
        this.#known = true;
        this.#idle.push(connection);
        const found = [...this.#selecting];
        this.#selecting.clear();
        for (const operation of found) {
          this.#endWait(operation);
          this.#checkOut(operation);
        }
      },
      () => this.#probeLater(),
    );
  }

  #probeLater(): void {
    const { scheduler, owner } = this.#options;
    const again = (): void => {
      this.#probing = false;
      // Nobody waits any more: the next command looks for the server.
      if (this.#selecting.size > 0) this.#probe();
    };
    scheduler.schedule(HEARTBEAT_MS * 1e6, "heartbeat", again, { owner, cause: -1 });
  }

  // ── the pool ──

  #checkOut(operation: Operation): void {
    const idle = this.#idle.pop();
    if (idle !== undefined) this.#send(idle, operation);
    else if (this.#connections.size >= POOL_MAX) this.#queue(operation);
    else {
      this.#open(
        (connection) => this.#send(connection, operation),
        (error) => {
          this.#forgetServer();
          operation.reject(error);
        },
      );
    }
  }

  #queue(operation: Operation): void {
    this.#waiting.push(operation);
    this.#limitWait(operation, "connection pool", () => {
      this.#waiting.splice(this.#waiting.indexOf(operation), 1);
      return new MongoWaitQueueTimeoutError("Timed out while checking out a connection from connection pool");
    });
  }

  #limitWait(operation: Operation, label: string, expire: () => Error): void {
    const { timeoutMs, scheduler, owner } = this.#options;
    if (timeoutMs === 0) return;
    const run = (): void => operation.reject(expire());
    operation.timer = scheduler.schedule(timeoutMs * 1e6, label, run, { owner, cause: -1 });
  }

  #endWait(operation: Operation): void {
    if (operation.timer !== null) this.#options.scheduler.cancel(operation.timer);
    operation.timer = null;
  }

  #open(opened: (connection: PooledConnection) => void, failed: (error: Error) => void): void {
    const transport = new StoreConnection(this.#options);
    const connection: PooledConnection = { id: ++this.#lastConnection, transport, operation: null };
    this.#connections.add(connection);
    transport.onEnd = (end) => {
      this.#connections.delete(connection);
      failed(this.#errorOf(end, connection.id));
    };
    transport.open(() => {
      transport.onEnd = (end) => this.#lost(connection, end);
      opened(connection);
    });
  }

  #send(connection: PooledConnection, operation: Operation): void {
    connection.operation = operation;
    const { label, work } = operation;
    connection.transport.send(label, (answer) => {
      const settle = attempt(work);
      answer(() => {
        connection.operation = null;
        settle(operation);
        this.#checkIn(connection);
      });
    });
  }

  #checkIn(connection: PooledConnection): void {
    const next = this.#nextWaiting();
    if (next !== undefined) this.#send(connection, next);
    else this.#idle.push(connection);
  }

  #lost(connection: PooledConnection, end: ConnectionEnd): void {
    this.#connections.delete(connection);
    const position = this.#idle.indexOf(connection);
    if (position >= 0) this.#idle.splice(position, 1);
    // A silent server may only be slow; a broken connection says that it may be gone.
    if (end !== "timeout") this.#forgetServer();
    const { operation } = connection;
    connection.operation = null;
    operation?.reject(this.#errorOf(end, connection.id));
    const next = this.#nextWaiting();
    if (next === undefined) return;
    if (this.#known) this.#checkOut(next);
    else this.#select(next);
  }

  #nextWaiting(): Operation | undefined {
    const next = this.#waiting.shift();
    if (next !== undefined) this.#endWait(next);
    return next;
  }

  /** The server is unknown from now on, and connections that nobody uses are not trusted. */
  #forgetServer(): void {
    this.#known = false;
    for (const connection of this.#idle.splice(0)) {
      this.#connections.delete(connection);
      connection.transport.close();
    }
  }

  #errorOf(end: ConnectionEnd, id: number): Error {
    const address = `${this.#options.host.name}:27017`;
    if (end === "timeout") return new MongoNetworkTimeoutError(`connection ${id} to ${address} timed out`);
    if (end === "closed") return new MongoNetworkError(`connection ${id} to ${address} closed`);
    const text = end === "reset" ? "read ECONNRESET" : `connect ECONNREFUSED ${address}`;
    return new MongoNetworkError(text);
  }
}

/** Runs a command and answers how its operation is settled when the answer arrives. */
function attempt(work: () => unknown): (operation: Operation) => void {
  try {
    const value = work();
    return ({ resolve }) => resolve(value);
  } catch (error) {
    return ({ reject }) => reject(error instanceof Error ? error : new Error(String(error)));
  }
}
